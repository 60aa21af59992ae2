//! The binary on AWS Lambda: it is started by a Runtime API on loopback, gets the events that API
//! Gateway makes of requests, and answers what the server answers over HTTP.

mod gateway;
#[path = "../../lambda-authorizer/tests/it/runtime_api.rs"]
mod runtime_api;
mod site;

use std::process::Stdio;
use std::time::Duration;

use futures_util::FutureExt as _;
use gateway::{Payload, answer_of, event_of};
use runtime_api::RuntimeApi;
use serde_json::{Value, json};
use site::{Site, function, send_until_answered};
use tokio::net::TcpListener;

use crate::wire::{self, Answer, Sent};

/// Invokes the function with a request and returns its answer.
async fn invoke(api: &mut RuntimeApi, payload: Payload, sent: &Sent) -> Answer {
    let outcome =
        tokio::time::timeout(Duration::from_secs(30), api.invoke(event_of(payload, sent)));
    let outcome = outcome.await.expect("an answer in time");
    assert_eq!(outcome.kind, "response", "{sent:?}: {}", outcome.body);
    answer_of(payload, &outcome.body)
}

#[tokio::test]
async fn the_function_answers_a_hundred_requests_as_the_server_does() {
    let site = Site::start().await;
    let mut api = RuntimeApi::start().await;
    let mut process = site.on_lambda(&api.address).spawn().expect("the binary runs");
    let requests = site.requests().await;
    assert!(requests.len() >= 100, "{}", requests.len());
    let mut statuses = std::collections::BTreeSet::new();
    for (number, sent) in requests.iter().enumerate() {
        let expected = send_until_answered(site.address(), sent).await;
        statuses.insert(expected.status);
        // Stages with and without a name, in turn.
        let named = if number % 2 == 0 { Payload::V2("$default") } else { Payload::V2("prod") };
        for payload in [Payload::V1, named] {
            let mut answer = invoke(&mut api, payload, sent).await;
            for _ in 0..20 {
                if answer.status != 503 {
                    break;
                }
                answer = invoke(&mut api, payload, sent).await;
            }
            assert_eq!(answer.comparable(), expected.comparable(), "{payload:?} {sent:?}");
        }
    }
    for status in [200, 304, 400, 401, 403, 404, 405, 413, 415, 422, 428] {
        assert!(statuses.contains(&status), "{status} is not among {statuses:?}");
    }
    process.kill().expect("stopped");
    process.wait().expect("it ends");
}

#[tokio::test]
async fn a_page_for_everyone_does_not_ask_the_user_pool() {
    let site = Site::start().await;
    let mut api = RuntimeApi::start().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let issuer = format!("http://{}/local_gazette", silent.local_addr().expect("bound"));
    let mut command = site.on_lambda(&api.address);
    command.env("COGNITO_ISSUER", issuer);
    let mut process = command.spawn().expect("the binary runs");
    let page = invoke(&mut api, Payload::V1, &Sent::get("/news")).await;
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains(site.pool()), "{policy}");
    assert!(silent.accept().now_or_never().is_none(), "it asked the pool");
    let me = Sent::get("/auth/me")
        .header("authorization", &format!("Bearer {}", site.token("ada").await));
    let (answer, asked) = tokio::join!(invoke(&mut api, Payload::V1, &me), silent.accept());
    drop(asked.expect("it asks for keys"));
    assert_eq!(answer.status, 503, "{}", answer.text());
    process.kill().expect("stopped");
    process.wait().expect("it ends");
}

#[tokio::test]
async fn a_change_on_the_server_is_seen_by_the_function_within_a_second() {
    let site = Site::start().await;
    let mut api = RuntimeApi::start().await;
    let mut process = site.on_lambda(&api.address).spawn().expect("the binary runs");
    let list = Sent::get("/news?limit=1");
    let before = invoke(&mut api, Payload::V1, &list).await;
    let id = before.json()["items"][0]["id"].as_str().expect("a story").to_owned();
    let delete = Sent::new("DELETE", &format!("/news?ids={id}"))
        .header("authorization", &format!("Bearer {}", site.token("ada").await));
    assert_eq!(wire::send(site.address(), &delete).await.json(), json!({ "deleted": 1 }));
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let after = invoke(&mut api, Payload::V1, &list).await;
    assert_ne!(after.json()["items"][0]["id"], id.as_str());
    // The schedule does what other servers do in the background.
    let outcome = api.invoke(json!({ "source": "aws.events", "detail-type": "Scheduled Event" }));
    let outcome = outcome.await;
    assert_eq!((outcome.kind.as_str(), outcome.body), ("response", Value::Null));
    // A function never fails because of one event.
    let outcome = api.invoke(json!({ "Records": [] })).await;
    assert_eq!(outcome.kind, "error");
    assert_eq!(invoke(&mut api, Payload::V2("$default"), &Sent::get("/healthz")).await.status, 200);
    process.kill().expect("stopped");
    process.wait().expect("it ends");
}

#[tokio::test]
async fn without_a_lasting_folder_search_is_off_and_says_so() {
    let site = Site::start().await;
    let mut api = RuntimeApi::start().await;
    let mut command = site.on_lambda(&api.address);
    command.env_remove("GAZETTE_DATA_DIR").env_remove("GAZETTE_STORE");
    command.env("GAZETTE_IMAGES", "s3://pictures-of-the-tests/images");
    let mut process = command.spawn().expect("the binary runs");
    let search = Sent::get("/search?q=harbour").header("accept", "text/html");
    let answer = invoke(&mut api, Payload::V1, &search).await;
    assert_eq!(answer.status, 503);
    assert!(answer.text().contains("Search is not available on this site."), "{}", answer.text());
    assert_eq!(invoke(&mut api, Payload::V1, &Sent::get("/news")).await.status, 200);
    process.kill().expect("stopped");
    process.wait().expect("it ends");
}

#[test]
fn f_41_on_lambda_an_embedded_store_needs_a_lasting_folder() {
    let mut command = function("127.0.0.1:1");
    command.env("GAZETTE_STORE", "embedded").stderr(Stdio::piped());
    let output = command.output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8_lossy(&output.stderr);
    for variable in ["GAZETTE_STORE", "GAZETTE_IMAGES", "GAZETTE_POOL", "GAZETTE_PUBLIC_URL"] {
        assert!(text.contains(variable), "{variable}: {text}");
    }
}
