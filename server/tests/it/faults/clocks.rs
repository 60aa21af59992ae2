//! Clocks that differ, and a clock that is set back.

use std::io::Read as _;
use std::process::{Child, Stdio};

use axum::http::{Method, StatusCode};
use reqwest::Client;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::server_process::{gazette, serving, start, start_pool, terminate};
use crate::world::{SITE, World};

/// Returns the origin of a pool.
fn origin(issuer: &str) -> &str {
    issuer.rsplit_once('/').expect("an issuer").0
}

async fn post(url: &str, target: Option<&str>, body: &Value) -> Value {
    let request = Client::new().post(url).body(body.to_string());
    let request = match target {
        Some(target) => request
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("AWSCognitoIdentityProviderService.{target}")),
        None => request.header("content-type", "application/json"),
    };
    request.send().await.expect("the pool answers").json().await.expect("JSON")
}

async fn access_token(issuer: &str) -> String {
    let parameters = json!({ "USERNAME": "ada", "PASSWORD": "correct-horse-ada" });
    let body = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": "gazettecli", "AuthParameters": parameters,
    });
    let answer = post(origin(issuer), Some("InitiateAuth"), &body).await;
    answer["AuthenticationResult"]["AccessToken"].as_str().expect("a token").to_owned()
}

/// Stops a server and returns its log.
fn stop(mut server: Child) -> String {
    terminate(&server);
    let mut log = String::new();
    if let Some(mut stderr) = server.stderr.take() {
        stderr.read_to_string(&mut log).expect("text");
    }
    assert!(server.wait().expect("it ends").success());
    log
}

/// Two processes, whose clocks are 30 seconds and then five minutes apart.
#[tokio::test]
async fn f_24_a_pool_that_is_ahead_is_accepted_by_30_seconds_and_named_by_five_minutes() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = gazette();
    command.args(["pool", "--pool-addr", "127.0.0.1:0", "--pool-clock", "movable"]);
    command.args(["--pool-user", "ada:correct-horse-ada:admin", "--data-dir"]);
    command.arg(folder.path().join("pool"));
    let (pool, issuer) = start_pool(command.stderr(Stdio::null()));
    let mut command = serving(folder.path());
    command.env("GAZETTE_POOL", "cognito").env("COGNITO_ISSUER", &issuer);
    command.env("COGNITO_CLIENT_ID", "gazettecli").env_remove("GAZETTE_POOL_ADDR");
    let (site, url) = start(command.stderr(Stdio::piped()));
    for (forward_seconds, expected) in
        [(0, StatusCode::OK), (25, StatusCode::OK), (275, StatusCode::UNAUTHORIZED)]
    {
        let step = json!({ "forward_seconds": forward_seconds });
        post(&format!("{}/_pool/clock", origin(&issuer)), None, &step).await;
        let token = access_token(&issuer).await;
        let request = Client::new().get(format!("{url}/auth/me")).bearer_auth(token);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), expected, "{forward_seconds}");
    }
    let log = stop(site);
    stop(pool);
    let lines = log.lines().filter(|line| line.contains("deny.token.future"));
    let lines: Vec<&str> = lines.collect();
    assert!(!lines.is_empty(), "{log}");
}

async fn delete_all(browser: &mut Browser<'_>) -> StatusCode {
    browser.send(Method::DELETE, "/news", &[("origin", SITE)], "").await.status
}

#[tokio::test]
async fn f_24_a_clock_that_is_set_back_resurrects_no_session_and_confirms_no_groups() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    let mut thief = Browser::new(&world);
    thief.cookies.clone_from(&ed.cookies);
    world.pass(25 * 60);
    ed.post("/auth/logout", "").await;
    assert_eq!(delete_all(&mut ada).await, StatusCode::OK);
    world.pass(-20 * 60);
    assert_eq!(thief.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ada.get("/auth/me").await.status, StatusCode::OK);
    // The pool confirmed the groups at a time that has not come yet.
    world.gate.set_unavailable(true);
    assert_eq!(delete_all(&mut ada).await, StatusCode::SERVICE_UNAVAILABLE);
    // The pause after that failure ends although the clock is set back again.
    world.pass(-5 * 60);
    world.gate.set_unavailable(false);
    let before = world.gate.refreshes();
    assert_eq!(delete_all(&mut ada).await, StatusCode::OK);
    assert_eq!(world.gate.refreshes(), before + 1);
    assert_eq!(delete_all(&mut ada).await, StatusCode::OK);
    assert_eq!(world.gate.refreshes(), before + 1, "confirmed within the minute");
}
