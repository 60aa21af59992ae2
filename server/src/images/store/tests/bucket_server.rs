//! A server with one bucket. It checks signatures from the text of the documentation: "Create a
//! signed AWS API request", with the rules of S3.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use tokio::net::TcpListener;

pub(super) const ACCESS_KEY: &str = "AKIDEXAMPLE";
pub(super) const SECRET_KEY: &str = "a secret of the tests";

#[derive(Clone, Default)]
pub(super) struct BucketServer {
    pub(super) endpoint: String,
    /// Number of requests that the server refuses because it is busy.
    pub(super) failures: Arc<AtomicUsize>,
    pub(super) files: Arc<Mutex<BTreeMap<String, Bytes>>>,
}

impl BucketServer {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let server = Self { endpoint: format!("http://127.0.0.1:{port}"), ..Self::default() };
        let router = Router::new().fallback(answer).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        server
    }

    pub(super) fn keys(&self) -> Vec<String> {
        self.files.lock().expect("files").keys().cloned().collect()
    }

    fn list(&self, query: &str) -> Response {
        let query: BTreeMap<String, String> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!((query["list-type"].as_str(), query["max-keys"].as_str()), ("2", "1000"));
        let after = query.get("start-after").cloned().unwrap_or_default();
        let mut xml = "<?xml version=\"1.0\"?><ListBucketResult><Name>news</Name>".to_owned();
        let keys = self.keys().into_iter().filter(|key| key.starts_with(&query["prefix"]));
        for key in keys.filter(|key| *key > after) {
            write!(xml, "<Contents><Key>{key}</Key><Size>1</Size></Contents>").expect("written");
        }
        (xml + "</ListBucketResult>").into_response()
    }
}

async fn answer(State(server): State<BucketServer>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    let header = |name: &str| parts.headers.get(name).map_or("", |it| it.to_str().expect("text"));
    let path = parts.uri.path();
    let query = parts.uri.query().unwrap_or_default();
    if header("authorization") != authorization(&parts.method, path, query, header, &body) {
        return error(StatusCode::FORBIDDEN, "SignatureDoesNotMatch");
    }
    let fail = |left: usize| left.checked_sub(1);
    if server.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, fail).is_ok() {
        return error(StatusCode::SERVICE_UNAVAILABLE, "SlowDown");
    }
    let key = path.strip_prefix("/news/").expect("the bucket").to_owned();
    let mut files = server.files.lock().expect("files");
    if parts.method == Method::PUT {
        assert_eq!(header("content-type"), "image/png");
        assert_eq!(header("cache-control"), "public, max-age=31536000, immutable");
        files.insert(key, body);
        StatusCode::OK.into_response()
    } else if parts.method == Method::DELETE {
        files.remove(&key);
        StatusCode::NO_CONTENT.into_response()
    } else if key.is_empty() {
        drop(files);
        server.list(query)
    } else {
        let file = files.get(&key).cloned();
        file.map_or_else(|| error(StatusCode::NOT_FOUND, "NoSuchKey"), Bytes::into_response)
    }
}

fn error(status: StatusCode, code: &str) -> Response {
    (status, format!("<Error><Code>{code}</Code><Message>m</Message></Error>")).into_response()
}

/// Returns the header that a request must have.
fn authorization<'a>(
    method: &Method,
    path: &str,
    query: &str,
    header: impl Fn(&str) -> &'a str,
    body: &[u8],
) -> String {
    let given = header("authorization");
    let signed = given.split("SignedHeaders=").nth(1).and_then(|rest| rest.split(',').next());
    let signed = signed.unwrap_or_default();
    for name in ["host", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"] {
        assert!(signed.split(';').any(|it| it == name), "{name} is not signed: {given}");
    }
    let payload = hex(digest(&SHA256, body).as_ref());
    assert_eq!(header("x-amz-content-sha256"), payload);
    let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_unstable();
    let headers = signed.split(';').map(|name| format!("{name}:{}\n", header(name)));
    let headers: String = headers.collect();
    let canonical =
        format!("{method}\n{path}\n{}\n{headers}\n{signed}\n{payload}", pairs.join("&"));
    let time = header("x-amz-date");
    let day = &time[..8];
    let scope = format!("{day}/eu-central-1/s3/aws4_request");
    let hash = hex(digest(&SHA256, canonical.as_bytes()).as_ref());
    let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{hash}");
    let mut key = format!("AWS4{SECRET_KEY}").into_bytes();
    for part in scope.split('/') {
        key = mac(&key, part.as_bytes());
    }
    let signature = hex(&mac(&key, text.as_bytes()));
    format!(
        "AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/{scope}, SignedHeaders={signed}, Signature={signature}"
    )
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    sign(&Key::new(HMAC_SHA256, key), text).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
