//! Trace that a request belongs to: in the log, and in the requests that the site makes for it.

use std::process::Stdio;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{HeaderMap, Method, StatusCode};
use reqwest::Client;
use serde_json::Value;

use crate::browser::Browser;
use crate::endpoint::{Endpoint, Reply};
use crate::server_process::{serving, span_fields, start, stop_and_read_log};
use crate::world::{SITE, World, request};

const ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const STATE: &str = "vendor=value,other=1";

/// Returns the trace context of a request to another service: parent and state.
pub(crate) fn trace_of(headers: &HeaderMap) -> Option<[String; 2]> {
    let value = |name| headers.get(name).map(|value| value.to_str().expect("text").to_owned());
    Some([value("traceparent")?, value("tracestate").unwrap_or_default()])
}

fn assert_of_trace(sent: &[[String; 2]]) {
    assert!(!sent.is_empty());
    for [parent, state] in sent {
        assert_eq!((parent.as_str(), state.as_str()), (PARENT, STATE));
    }
}

async fn ask(world: &World, path: &str, parent: &str) -> StatusCode {
    let token = format!("Bearer {}", world.access_token("ada").await);
    let asked = request(Method::GET, path)
        .header("authorization", token)
        .header("traceparent", parent)
        .header("tracestate", STATE);
    world.send(asked.body(Body::empty()).expect("a request")).await.status
}

#[tokio::test]
async fn requests_to_the_api_of_the_pool_carry_the_trace() {
    let world = World::peopled().await;
    assert_eq!(ask(&world, "/desk/people", PARENT).await, StatusCode::OK);
    assert_of_trace(&world.gate.traces());
    assert_eq!(ask(&world, "/desk/people", &PARENT.to_uppercase()).await, StatusCode::OK);
    assert!(world.gate.traces().is_empty());
}

#[tokio::test]
async fn token_requests_carry_the_trace() {
    let world = World::peopled().await;
    let mut ada = Browser::new(&world);
    let callback = ada.sign_in_at_pool("ada", "/desk").await;
    // The refresh is detached from its request.
    for (method, path) in [(Method::GET, &*callback), (Method::POST, "/account/refresh")] {
        let headers = [("origin", SITE), ("traceparent", PARENT), ("tracestate", STATE)];
        let answer = ada.send(method, path, &headers, "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        assert_of_trace(&world.gate.traces());
    }
}

#[tokio::test]
async fn requests_to_dynamodb_carry_the_trace() {
    let endpoint = Endpoint::new().await;
    let clock = Arc::new(|| jiff::Timestamp::now().as_second());
    let world = World::on(Arc::new(endpoint.table(clock))).await;
    let traces = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&traces);
    endpoint.script(move |call| {
        seen.lock().expect("no panic before").extend(call.trace.clone());
        Reply::Real
    });
    let asked = request(Method::GET, "/news/no-such-story")
        .header("traceparent", PARENT)
        .header("tracestate", STATE);
    let answer = world.send(asked.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_of_trace(&traces.lock().expect("no panic before"));
}

#[tokio::test]
async fn lines_of_the_log_have_the_id_of_a_valid_trace() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = serving(folder.path());
    let (server, url) = start(command.args(["--access-log", "on"]).stderr(Stdio::piped()));
    for parent in [PARENT, "00-x-y-01"] {
        let delete = Client::new().delete(format!("{url}/news")).header("traceparent", parent);
        assert_eq!(delete.send().await.expect("an answer").status(), StatusCode::UNAUTHORIZED);
    }
    let log = stop_and_read_log(server);
    for message in ["denied", "answered"] {
        let traces = span_fields(&log, message, "trace_id");
        assert_eq!(traces, [Value::from(ID), Value::Null], "{message}: {log}");
    }
}
