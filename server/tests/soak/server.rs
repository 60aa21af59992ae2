//! The server as a process, at fixed addresses.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const USER: &str = "ada";
const PASSWORD: &str = "correct-horse-battery";

/// The configuration to start and reach the server.
pub(crate) struct Server {
    data: PathBuf,
    port: u16,
    pool_port: u16,
    pub(crate) http: reqwest::Client,
}

impl Server {
    pub(crate) fn new(data: &Path) -> Self {
        std::fs::create_dir_all(data.join("site/pkg")).expect("a folder");
        let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).build();
        let http = http.expect("a client");
        Self { data: data.to_owned(), port: free_port(), pool_port: free_port(), http }
    }

    /// Fills the store with sample stories.
    pub(crate) fn seed(&self, stories: usize) {
        let mut seed = Command::new(env!("CARGO_BIN_EXE_gazette"));
        let seed = seed.env_clear().args(["seed", "--articles", &stories.to_string()]);
        let status = seed.env("GAZETTE_DATA_DIR", &self.data).status().expect("the binary runs");
        assert!(status.success(), "the store is filled");
    }

    /// Returns the URL of the news.
    pub(crate) fn news(&self) -> String {
        format!("http://127.0.0.1:{}/news", self.port)
    }

    /// Starts the server, waits until it is ready and returns the time this took.
    pub(crate) async fn start(&self) -> (Child, Duration) {
        let begun = Instant::now();
        let mut server = Command::new(env!("CARGO_BIN_EXE_gazette"))
            .env_clear()
            .env("GAZETTE_MAX_QUEUE_DELAY", "off")
            .arg("serve")
            .args(["--addr", &format!("127.0.0.1:{}", self.port)])
            .args(["--pool-addr", &format!("127.0.0.1:{}", self.pool_port)])
            .args(["--pool-user", &format!("{USER}:{PASSWORD}:admin")])
            .arg("--data-dir")
            .arg(&self.data)
            .arg("--site-root")
            .arg(self.data.join("site"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let output = BufReader::new(server.stdout.take().expect("its output"));
        let ready = tokio::task::spawn_blocking(move || {
            output.lines().any(|line| line.is_ok_and(|line| line.starts_with("gazette ready on ")))
        });
        assert!(ready.await.expect("no panic"), "it did not start");
        (server, begun.elapsed())
    }

    /// Returns an access token of an admin.
    pub(crate) async fn token(&self) -> String {
        let body = json!({
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": "gazettecli",
            "AuthParameters": { "USERNAME": USER, "PASSWORD": PASSWORD },
        });
        let request = self
            .http
            .post(format!("http://localhost:{}/", self.pool_port))
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", "AWSCognitoIdentityProviderService.InitiateAuth")
            .body(body.to_string());
        let answer = request.send().await.expect("the pool answers");
        let answer: Value = answer.json().await.expect("JSON");
        let token = answer["AuthenticationResult"]["AccessToken"].as_str();
        token.expect("a token").to_owned()
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("bound").port()
}
