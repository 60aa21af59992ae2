//! The release server with sample stories, and people who are signed in there.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::client::{Answer, Connection, request};
use crate::process::{Server, free_port};

const PASSWORD: &str = "correct-horse-ada";

/// Returns the binary: `GAZETTE_BIN`, or that of `make build`.
#[expect(clippy::disallowed_methods, reason = "a benchmark has no configuration")]
pub(crate) fn binary() -> PathBuf {
    std::env::var_os("GAZETTE_BIN").map_or_else(|| "target/release/gazette".into(), PathBuf::from)
}

/// A running site with its embedded pool.
pub(crate) struct Site {
    pub(crate) server: Server,
    pool: SocketAddr,
}

/// Returns a command of the binary with its data in a folder.
pub(crate) fn gazette(data: &Path) -> Command {
    let mut command = Command::new(binary());
    command.env_clear().env("GAZETTE_DATA_DIR", data).env("RUST_LOG", "warn");
    command.env("LEPTOS_SITE_ROOT", std::path::absolute("target/site").expect("a path"));
    command.env("GAZETTE_POOL_USER", format!("ada:{PASSWORD}:admin"));
    command.env("GAZETTE_METRICS_ADDR", "off");
    command.stderr(Stdio::inherit());
    command
}

/// Fills an empty store.
pub(crate) fn seed(data: &Path, stories: u32) {
    let mut command = gazette(data);
    command.args(["seed", "--articles", &stories.to_string()]).stdout(Stdio::null());
    assert!(command.status().expect("the binary runs").success(), "seeded");
}

impl Site {
    /// Starts the site on a port and waits for its ready line.
    pub(crate) fn start(data: &Path, port: u16) -> Self {
        let pool = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mut command = gazette(data);
        let address = format!("127.0.0.1:{port}");
        command.args(["serve", "--addr", &address, "--pool-addr", &pool.to_string()]);
        Self { server: Server::start(&mut command, "gazette ready on "), pool }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address
    }

    /// Returns the issuer of the tokens.
    pub(crate) fn issuer(&self) -> String {
        format!("{}/local_gazette", self.pool_origin())
    }

    /// Returns the origin of the hosted UI.
    pub(crate) fn pool_origin(&self) -> String {
        format!("http://localhost:{}", self.pool.port())
    }

    /// Returns a new access token of the admin.
    pub(crate) fn access_token(&self) -> String {
        let body = json!({
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": "gazettecli",
            "AuthParameters": { "USERNAME": "ada", "PASSWORD": PASSWORD },
        });
        let headers = [
            ("Content-Type", "application/x-amz-json-1.1"),
            ("X-Amz-Target", "AWSCognitoIdentityProviderService.InitiateAuth"),
        ];
        let request = request("POST", self.pool, "/", &headers, &body.to_string());
        let answer = Connection::open(self.pool).ask(&request);
        let answer: Value = serde_json::from_slice(&answer.body).expect("JSON");
        answer["AuthenticationResult"]["AccessToken"].as_str().expect("a token").to_owned()
    }

    /// Signs the admin in as a browser does, and returns the cookies of the site.
    pub(crate) fn signed_in_cookies(&self) -> String {
        let mut browser =
            Browser { site: self, site_jar: Jar::default(), pool_jar: Jar::default() };
        let mut url = format!("http://localhost:{}/auth/login?return_to=/", self.address().port());
        // Login, authorize, form, submitted form, callback.
        for _ in 0..8 {
            let answer = browser.visit(&url);
            if url.contains("/auth/callback") {
                assert_eq!(answer.status, 303, "{}", answer.text());
                return browser.site_jar.header();
            }
            url = browser.next(&url, &answer);
        }
        panic!("the pool redirects in circles");
    }
}

#[derive(Default)]
struct Jar(BTreeMap<String, String>);

impl Jar {
    fn keep(&mut self, answer: &Answer) {
        for (name, value) in &answer.headers {
            if name.eq_ignore_ascii_case("set-cookie") {
                let (pair, attributes) = value.split_once(';').unwrap_or((value, ""));
                let (name, value) = pair.split_once('=').expect("a cookie");
                if attributes.to_ascii_lowercase().contains("max-age=0") {
                    self.0.remove(name);
                } else {
                    self.0.insert(name.to_owned(), value.to_owned());
                }
            }
        }
    }

    fn header(&self) -> String {
        let pairs: Vec<String> =
            self.0.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }
}

struct Browser<'s> {
    site: &'s Site,
    site_jar: Jar,
    pool_jar: Jar,
}

impl Browser<'_> {
    fn visit(&mut self, url: &str) -> Answer {
        self.send("GET", url, "")
    }

    fn send(&mut self, method: &str, url: &str, form: &str) -> Answer {
        let (host, path) = split(url);
        let is_site = host.ends_with(&self.site.address().port().to_string());
        let (address, jar) = if is_site {
            (self.site.address(), &mut self.site_jar)
        } else {
            (self.site.pool, &mut self.pool_jar)
        };
        let cookies = jar.header();
        let mut headers = vec![("Accept", "text/html")];
        if !cookies.is_empty() {
            headers.push(("Cookie", &cookies));
        }
        if !form.is_empty() {
            headers.push(("Content-Type", "application/x-www-form-urlencoded"));
        }
        let answer = Connection::open(address).ask(&request(method, address, path, &headers, form));
        jar.keep(&answer);
        answer
    }

    /// Returns the URL that an answer leads to; submits the form of the pool.
    fn next(&mut self, url: &str, answer: &Answer) -> String {
        let mut location = answer.header("location").to_owned();
        if answer.status == 200 {
            let csrf = hidden_field(&answer.text());
            let form = format!("username=ada&password={PASSWORD}&_csrf={csrf}");
            let answer = self.send("POST", url, &form);
            answer.header("location").clone_into(&mut location);
        }
        assert!(!location.is_empty(), "{} {url} {}", answer.status, answer.text());
        if location.starts_with('/') {
            format!("http://{}{location}", split(url).0)
        } else {
            location
        }
    }
}

/// Splits a URL into its host and what follows.
fn split(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("http://").expect("a URL");
    rest.split_at(rest.find('/').unwrap_or(rest.len()))
}

fn hidden_field(page: &str) -> String {
    let field = page.split("name=\"_csrf\"").nth(1).expect("a CSRF field");
    let value = field.split("value=\"").nth(1).expect("its value");
    value.split('"').next().expect("its end").to_owned()
}
