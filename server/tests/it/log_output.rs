//! The log of a running server: a slow or absent reader, and what its lines say.

use std::io::Read as _;
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::server_process::{serving, start, terminate};

/// The longest time in which the server stops after SIGTERM.
const MAX_STOP: Duration = Duration::from_secs(3);

fn stop(server: &mut Child) -> ExitStatus {
    terminate(server);
    let start = Instant::now();
    loop {
        if let Some(status) = server.try_wait().expect("its state") {
            return status;
        }
        assert!(start.elapsed() < MAX_STOP, "SIGTERM is ignored");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn stop_and_read(mut server: Child) -> Vec<Value> {
    terminate(&server);
    let mut log = String::new();
    server.stderr.take().expect("its log").read_to_string(&mut log).expect("text");
    assert!(server.wait().expect("it ends").success());
    assert!(!log.contains('\u{1b}'), "{log}");
    log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn first_line(server: &mut Child) -> Value {
    let log = server.stderr.as_mut().expect("its log");
    let (mut line, mut byte) = (Vec::new(), [0]);
    while byte != *b"\n" {
        log.read_exact(&mut byte).expect("readable");
        line.extend(byte);
    }
    serde_json::from_slice(&line).expect("JSON")
}

fn find<'l>(log: &'l [Value], message: &str) -> Vec<&'l Value> {
    log.iter().filter(|line| line["message"] == message).collect()
}

#[tokio::test]
async fn f_26_a_log_that_is_never_read_delays_neither_requests_nor_sigterm() {
    let data = tempfile::tempdir().expect("a folder");
    let mut command = serving(data.path());
    command.args(["--access-log", "on"]).stderr(Stdio::piped());
    let (mut server, url) = start(&mut command);
    let client = Client::builder().timeout(Duration::from_secs(5)).build().expect("a client");
    let long_url = format!("{url}/{}", "x".repeat(4_000));
    for _ in 0..1_000 {
        assert_eq!(client.get(&long_url).send().await.expect("answered").status(), 404);
    }
    assert_eq!(client.get(format!("{url}/healthz")).send().await.expect("answered").status(), 200);
    assert_eq!(stop(&mut server).code(), Some(0));
}

#[tokio::test]
async fn dropped_lines_are_counted_and_reported_when_the_reader_returns() {
    let data = tempfile::tempdir().expect("a folder");
    let mut command = serving(data.path());
    command.args(["--access-log", "on"]).stderr(Stdio::piped());
    let (server, url) = start(&mut command);
    let client = Client::new();
    let long_url = format!("{url}/{}", "x".repeat(4_000));
    for _ in 0..1_000 {
        client.get(&long_url).send().await.expect("answered");
    }
    let log = stop_and_read(server);
    let written = find(&log, "answered").len() as u64;
    let reports = find(&log, "lines of the log were dropped, since nothing read them");
    let dropped: u64 = reports.iter().map(|line| line["dropped"].as_u64().expect("a number")).sum();
    assert!(dropped > 0 && written + dropped >= 1_000, "{written} + {dropped}");
}

#[tokio::test]
async fn f_26_a_log_whose_reader_went_away_fails_no_request() {
    let data = tempfile::tempdir().expect("a folder");
    let mut command = serving(data.path());
    command.args(["--access-log", "on"]).stderr(Stdio::piped());
    let (mut server, url) = start(&mut command);
    drop(server.stderr.take());
    for path in ["/news", "/desk", "/news", "/healthz"] {
        let response = reqwest::get(format!("{url}{path}")).await.expect("an answer");
        assert!(!response.status().is_server_error(), "{path}");
    }
    assert_eq!(stop(&mut server).code(), Some(0));
}

#[tokio::test]
async fn the_log_begins_with_what_runs_and_has_no_line_for_each_request() {
    let data = tempfile::tempdir().expect("a folder");
    let (server, url) = start(serving(data.path()).stderr(Stdio::piped()));
    let client = Client::new();
    for cookie in ["gazette=AAAAAAAAAAAAAAAAAAAAAA", "gazette=x", "other=1"] {
        let request = client.get(format!("{url}/")).header("cookie", cookie);
        assert_eq!(request.send().await.expect("answered").status(), 200);
    }
    let log = stop_and_read(server);
    let first = &log[0];
    assert_eq!(first["message"], "starting");
    assert_eq!(first["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(first["pool"], "embedded");
    for name in ["store", "address", "pool_address", "public_url"] {
        assert!(first[name].is_string(), "{name} in {first}");
    }
    assert_eq!(find(&log, "answered"), [&Value::Null; 0]);
    let warnings: Vec<_> = log.iter().filter(|line| line["level"] == "WARN").collect();
    assert!(warnings.is_empty(), "{warnings:?}");
}

#[tokio::test]
async fn the_access_log_has_numbers_for_status_and_duration() {
    let data = tempfile::tempdir().expect("a folder");
    let mut command = serving(data.path());
    let (server, url) = start(command.args(["--access-log", "on"]).stderr(Stdio::piped()));
    reqwest::get(format!("{url}/news?secret=1")).await.expect("an answer");
    let log = stop_and_read(server);
    let line = find(&log, "answered")[0];
    assert!(line["status"].is_u64() && line["milliseconds"].is_f64(), "{line}");
    assert_eq!(line["span"]["path"], "/news");
    assert!(!line.to_string().contains("secret"));
}

#[tokio::test]
async fn jwt_16_a_refusal_and_a_failed_sign_in_name_the_user_by_a_hash_only() {
    let data = tempfile::tempdir().expect("a folder");
    let mut command = serving(data.path());
    command.env("GAZETTE_POOL_USER", "rhea:correct-horse").stderr(Stdio::piped());
    let (mut server, url) = start(&mut command);
    let first = first_line(&mut server);
    let pool_addr = first["pool_address"].as_str().expect("an address");
    let client = Client::new();
    let sign_in = async |name: &str, password: &str| {
        let body = json!({
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": "gazettecli",
            "AuthParameters": { "USERNAME": name, "PASSWORD": password },
        });
        let request = client.post(format!("http://{pool_addr}/"));
        let request = request.header("content-type", "application/x-amz-json-1.1");
        let target = "AWSCognitoIdentityProviderService.InitiateAuth";
        let response = request.header("x-amz-target", target).body(body.to_string()).send();
        response.await.expect("an answer").json::<Value>().await.expect("JSON")
    };
    sign_in("rhea", "wrong-horse").await;
    sign_in("my-password-in-the-wrong-field", "x-wrong-horse").await;
    let tokens = sign_in("rhea", "correct-horse").await;
    let token = tokens["AuthenticationResult"]["AccessToken"].as_str().expect("a token");
    let delete = client.request(Method::DELETE, format!("{url}/news")).bearer_auth(token);
    assert_eq!(delete.send().await.expect("answered").status(), StatusCode::FORBIDDEN);
    let log = stop_and_read(server);
    let failed = find(&log, "sign-in failed");
    let reasons: Vec<&Value> = failed.iter().map(|line| &line["reason"]).collect();
    assert_eq!(reasons, ["wrong-password", "unknown-user"]);
    let denied = find(&log, "denied");
    assert_eq!(denied.len(), 1, "{log:?}");
    let denied = denied[0];
    assert_eq!(denied["action"], "news:delete");
    assert_eq!(denied["reason"], "deny.role-missing.admin");
    assert!(denied["span"]["id"].is_string());
    assert_eq!(denied["sub_hash"].as_str().map(str::len), Some(43));
    assert_eq!(denied["sub_hash"], failed[0]["sub_hash"]);
    let text = format!("{log:?}");
    for private in ["rhea", "horse", "my-password", token] {
        assert!(!text.contains(private), "{private}");
    }
}

#[test]
fn a_user_pool_that_cannot_be_reached_is_logged_with_the_cause() {
    let data = tempfile::tempdir().expect("a folder");
    let mut command = serving(data.path());
    command.env("GAZETTE_POOL", "cognito").env("COGNITO_CLIENT_ID", "1example23456789");
    command.env("COGNITO_ISSUER", "http://127.0.0.1:1/local_pool").stderr(Stdio::piped());
    let (mut server, _) = start(&mut command);
    let error = loop {
        let line = first_line(&mut server);
        if line["message"] == "cannot sign people in yet" {
            break line["error"].to_string();
        }
    };
    assert!(error.contains("onnection refused"), "{error}");
    assert!(stop(&mut server).success());
}
