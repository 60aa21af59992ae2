//! Log lines of refused requests.

use std::io::Read as _;
use std::process::Stdio;

use reqwest::{Client, Method, StatusCode};
use serde_json::Value;

use crate::server_process::{serving, start, terminate};

/// `{"alg":"none"}`, `{}`.
const UNSIGNED: &str = "eyJhbGciOiJub25lIn0.e30.AA";

#[tokio::test]
async fn jwt_16_each_refusal_is_logged_as_json_with_its_codes_and_without_the_token() {
    let data = tempfile::tempdir().expect("a folder");
    // Its stderr is not a terminal, so it logs as JSON.
    let (mut server, url) = start(serving(data.path()).stderr(Stdio::piped()));
    for (method, path, token, status) in [
        (Method::DELETE, "/news", None, StatusCode::UNAUTHORIZED),
        (Method::DELETE, "/news", Some(UNSIGNED), StatusCode::UNAUTHORIZED),
        (Method::GET, "/news", Some("garbled"), StatusCode::OK),
    ] {
        let request = Client::new().request(method, format!("{url}{path}"));
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        assert_eq!(request.send().await.expect("a response").status(), status);
    }
    terminate(&server);
    let mut log = String::new();
    server.stderr.take().expect("its log").read_to_string(&mut log).expect("text");
    assert!(server.wait().expect("it ends").success());
    assert!(!log.contains(UNSIGNED) && !log.contains("garbled"), "{log}");

    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let refusals: Vec<String> = lines
        .filter_map(|line| {
            let code = |name| line.get(name).and_then(Value::as_str).unwrap_or("-");
            let message = code("message");
            let is_refusal = message == "denied" || message == "token refused";
            is_refusal.then(|| {
                format!("{message}: {} {} {}", code("action"), code("reason"), code("token"))
            })
        })
        .collect();
    assert_eq!(
        refusals,
        [
            "denied: news:delete deny.not-signed-in -",
            "denied: news:delete deny.not-signed-in deny.token.algorithm",
            "token refused: - - deny.token.form",
        ]
    );
}
