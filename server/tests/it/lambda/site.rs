//! A server with a DynamoDB engine, and a function on the same table.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::endpoint::Endpoint;
use crate::server_process::{gazette, serving, start};
use crate::wire::{Answer, Sent, send};
use crate::world::SESSION_KEY;

/// A PNG file of one pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\
    \x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n\x2d\xb4\0\0\0\0IEND\xaeB`\x82";

/// A running server.
pub(super) struct Site {
    server: Child,
    url: String,
    pool: String,
    engine: Endpoint,
    folder: TempDir,
}

impl Drop for Site {
    fn drop(&mut self) {
        // A failed test must not leave it behind.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Returns the command of a function, without any setting.
pub(super) fn function(runtime_api: &str) -> Command {
    let mut command = gazette();
    command.env("AWS_LAMBDA_RUNTIME_API", runtime_api).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

impl Site {
    pub(super) async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = Endpoint::new().await;
        let mut command = serving(folder.path());
        std::fs::write(folder.path().join("site/pkg/gazette.css"), "p { color: red }")
            .expect("a file");
        std::fs::write(folder.path().join("site/icon.png"), PNG).expect("a file");
        on_engine(&mut command, &engine);
        let users = "ada:correct-horse-ada:admin rhea:correct-horse-rhea";
        command.env("GAZETTE_POOL_USER", users).stderr(Stdio::null());
        let (server, url) =
            tokio::task::spawn_blocking(move || start(&mut command)).await.expect("it starts");
        let address = url.trim_start_matches("http://").to_owned();
        let login = Sent::get("/auth/login").header("sec-fetch-dest", "document");
        let login = send(&address, &login).await;
        let location = login.header("location").expect("a redirect");
        let pool = location.split("/oauth2/").next().expect("an origin").to_owned();
        Self { server, url, pool, engine, folder }
    }

    /// Returns the address of the server.
    pub(super) fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// Returns the origin of the server's pool.
    pub(super) fn pool(&self) -> &str {
        &self.pool
    }

    /// Returns the command of a function on the same table, with the server's pool as its Cognito.
    pub(super) fn on_lambda(&self, runtime_api: &str) -> Command {
        let mut command = function(runtime_api);
        on_engine(&mut command, &self.engine);
        command
            .env("GAZETTE_DATA_DIR", self.folder.path().join("data"))
            .env("LEPTOS_SITE_ROOT", self.folder.path().join("site"))
            .env("GAZETTE_PUBLIC_URL", &self.url)
            .env("GAZETTE_POOL", "cognito")
            .env("COGNITO_ISSUER", format!("{}/local_gazette", self.pool))
            .env("COGNITO_CLIENT_ID", "gazettecli")
            // As the template for AWS sets it.
            .env("COGNITO_DOMAIN", &self.pool);
        command
    }

    /// Returns an access token of one of the people.
    pub(super) async fn token(&self, name: &str) -> String {
        let body = json!({
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": "gazettecli",
            "AuthParameters": { "USERNAME": name, "PASSWORD": format!("correct-horse-{name}") },
        });
        let answer = reqwest::Client::new()
            .post(&self.pool)
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", "AWSCognitoIdentityProviderService.InitiateAuth")
            .body(body.to_string());
        let answer: Value = answer.send().await.expect("sent").json().await.expect("JSON");
        answer["AuthenticationResult"]["AccessToken"].as_str().expect("a token").to_owned()
    }

    /// Returns requests of every kind that change nothing.
    pub(super) async fn requests(&self) -> Vec<Sent> {
        let list = send_until_answered(self.address(), &Sent::get("/news?limit=3")).await.json();
        let (slug, id) = (text(&list["items"][0]["slug"]), text(&list["items"][0]["id"]));
        let story = format!("/news/{slug}");
        let mut all = Vec::new();
        for path in
            ["/", "/news", &story, "/news?limit=2", "/archive", "/corrections", "/about", "/saved"]
        {
            all.extend(self.variants(path).await);
        }
        for path in ["/feed.atom", "/feed.json", "/sitemap.xml", "/robots.txt", "/icon.png"] {
            all.extend(self.variants(path).await);
        }
        all.extend(odd_targets(&story));
        all.extend(self.writes(&id).await);
        all.extend(credentials(&self.token("rhea").await));
        all
    }

    /// Returns a page as different clients ask for it.
    async fn variants(&self, path: &str) -> Vec<Sent> {
        let html = Sent::get(path).header("accept", "text/html,*/*;q=0.8");
        let known = send_until_answered(self.address(), &html).await;
        let mut all = vec![
            Sent::get(path),
            html.clone().header("accept-encoding", "br"),
            html.clone().header("accept-encoding", "gzip, zstd"),
            Sent { method: "HEAD".to_owned(), ..html.clone() },
            Sent::get(path).header("cookie", "theme=dark; other=a=b; gazette-1=x"),
            html.clone(),
        ];
        if let Some(etag) = known.header("etag") {
            all.push(html.header("if-none-match", etag));
        }
        all
    }

    async fn writes(&self, id: &str) -> Vec<Sent> {
        let admin = format!("Bearer {}", self.token("ada").await);
        let reader = format!("Bearer {}", self.token("rhea").await);
        let by = |token: &str, method: &str, path: &str| {
            Sent::new(method, path).header("authorization", token)
        };
        let json = "application/json";
        vec![
            Sent::new("DELETE", "/news"),
            by("Bearer x", "DELETE", "/news"),
            by(&reader, "DELETE", "/news"),
            by(&reader, "DELETE", &format!("/news/{id}")),
            by(&admin, "DELETE", "/news?ids=x"),
            by(&admin, "DELETE", "/news?idz=x"),
            by(&admin, "POST", "/news").body(json, "{}"),
            by(&admin, "POST", "/news").body(json, "{\"headline\":\"\u{6a4b}\"}"),
            by(&admin, "POST", "/news").body("text/plain", "x"),
            by(&admin, "POST", "/news").body(json, vec![b' '; 1_100_000]),
            by(&admin, "POST", "/news").body(json, b"{\"headline\":\"\xff\"}".to_vec()),
            by(&admin, "PUT", &format!("/news/{id}")).body(json, "{}"),
            by(&admin, "PUT", "/news/x").body(json, "{}").header("if-match", "\"1\""),
            by(&admin, "POST", "/images").body("image/png", PNG),
            by(&reader, "POST", "/images").body("multipart/form-data; boundary=x", PNG),
            Sent::new("POST", "/desk/new").body("application/x-www-form-urlencoded", "a=b"),
            Sent::new("PATCH", "/news"),
            Sent::new("OPTIONS", "/news"),
        ]
    }
}

/// Sends a request until it is answered: a slow machine may be late for a deadline of the store.
pub(super) async fn send_until_answered(address: &str, sent: &Sent) -> Answer {
    let mut answer = send(address, sent).await;
    for _ in 0..20 {
        if answer.status != 503 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        answer = send(address, sent).await;
    }
    answer
}

/// Returns requests whose caller is told by several headers, or by none that counts.
fn credentials(token: &str) -> Vec<Sent> {
    let me = || Sent::get("/auth/me");
    vec![
        me(),
        me().header("authorization", &format!("Bearer {token}")),
        me().header("authorization", token),
        me().header("authorization", &format!("bearer {token}x")),
        me().header("cookie", "gazette-1=x").header("authorization", "Bearer"),
        me().header("cookie", "a=1; b=2; a=3"),
        Sent::get("/desk").header("accept", "text/html"),
        Sent::get("/auth/callback?code=x&state=y").header("accept", "text/html"),
    ]
}

/// Returns addresses that no page links to.
fn odd_targets(story: &str) -> Vec<Sent> {
    let targets = [
        &format!("{story}?utm_source=a%20b&x=%26"),
        &format!("{story}/"),
        "/news/%E6%A9%8B",
        "/news/%2e%2e/desk",
        "/news/..%2fdesk",
        "/news/../desk",
        "//desk",
        "/news/a%00b",
        "/news/%FF",
        "/prod/news",
        "/NEWS",
        "/news;x=1",
        "/news?limit=0",
        "/news?limit=2&limit=3",
        "/news?cursor=%3Cscript%3E",
        "/search?q=",
        "/tag/c%2B%2B",
        "/section/none",
        "/archive/2026/13",
        "/images/none.jpg",
        "/assets/none.css",
        "/healthz",
    ];
    targets.into_iter().map(|target| Sent::get(target).header("accept", "text/html")).collect()
}

fn on_engine(command: &mut Command, engine: &Endpoint) {
    command
        .env("GAZETTE_STORE", "dynamodb")
        .env("GAZETTE_SESSION_KEY", SESSION_KEY)
        .env("AWS_REGION", "eu-central-1")
        .env("AWS_ACCESS_KEY_ID", "id")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_ENDPOINT_URL_DYNAMODB", engine.url());
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}
