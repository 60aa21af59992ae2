//! Spans that are exported to a receiver of OpenTelemetry (with the feature `otel`).

use std::sync::Arc;

use axum::routing::post;
use axum::{Json, Router};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::server_process::{serving, start, terminate};

const ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

/// Starts a receiver and returns its URL and what it receives.
async fn receiver() -> (String, mpsc::UnboundedReceiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let (sender, received) = mpsc::unbounded_channel();
    let sender = Arc::new(sender);
    let receive = move |Json(body): Json<Value>| {
        let _ = sender.send(body);
        async { Json(json!({})) }
    };
    let router = Router::new().route("/v1/traces", post(receive));
    tokio::spawn(axum::serve(listener, router).into_future());
    (url, received)
}

fn attribute<'v>(of: &'v Value, key: &str) -> &'v Value {
    let attributes = of["attributes"].as_array().expect("attributes");
    let found = attributes.iter().find(|attribute| attribute["key"] == key);
    found.map_or(&Value::Null, |attribute| &attribute["value"])
}

#[tokio::test]
async fn each_request_is_a_span_of_its_trace() {
    let (endpoint, mut received) = receiver().await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = serving(folder.path());
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint).env("OTEL_SERVICE_NAME", "harbour-post");
    let (mut server, url) = start(&mut command);
    for (path, flags) in [("/news", Some("01")), ("/", None), ("/", None), ("/about", Some("00"))] {
        let mut get = Client::new().get(format!("{url}{path}"));
        if let Some(flags) = flags {
            get = get.header("traceparent", format!("00-{ID}-{PARENT}-{flags}"));
            get = get.header("tracestate", "a=1");
        }
        assert!(get.send().await.expect("an answer").status().is_success());
    }
    let missing = Client::new().delete(format!("{url}/news/x")).send().await.expect("an answer");
    assert_eq!(missing.status(), 401);
    // The last spans are sent before the process ends.
    terminate(&server);
    let ended = tokio::task::spawn_blocking(move || server.wait().expect("it ends"));
    assert!(ended.await.expect("it ended").success());
    let mut spans = Vec::new();
    while let Ok(body) = received.try_recv() {
        let resource = &body["resourceSpans"][0];
        let service = attribute(&resource["resource"], "service.name");
        assert_eq!(service["stringValue"], "harbour-post");
        spans.extend(resource["scopeSpans"][0]["spans"].as_array().expect("spans").clone());
    }
    let names: Vec<&Value> = spans.iter().map(|span| &span["name"]).collect();
    // The second answer of the front page is a finished one. The trace of `/about` is not recorded.
    assert_eq!(names, ["GET /news", "GET /", "GET /", "DELETE /news/{name}"]);
    let [news, front, again, delete] = spans.as_slice() else { panic!("{spans:?}") };
    assert_eq!((&news["traceId"], &news["parentSpanId"]), (&json!(ID), &json!(PARENT)));
    assert_eq!((&news["traceState"], &news["kind"]), (&json!("a=1"), &json!(2)));
    assert_eq!(front["parentSpanId"], "");
    assert_ne!(front["traceId"], again["traceId"]);
    for span in &spans {
        let id = span["spanId"].as_str().expect("an id");
        assert!(id.len() == 16 && id != PARENT, "{id}");
        let nanoseconds = |name: &str| span[name].as_str().and_then(|text| text.parse().ok());
        let times: [Option<u64>; 2] = ["startTimeUnixNano", "endTimeUnixNano"].map(nanoseconds);
        assert!(times[0].is_some() && times[0] <= times[1], "{times:?}");
    }
    assert_eq!(attribute(delete, "http.request.method")["stringValue"], "DELETE");
    assert_eq!(attribute(delete, "http.route")["stringValue"], "/news/{name}");
    assert_eq!(attribute(delete, "http.response.status_code")["intValue"], "401");
}

#[tokio::test]
async fn a_receiver_that_fails_delays_no_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = serving(folder.path());
    // Accepts connections and never answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = silent.local_addr().expect("bound");
    let (mut server, url) =
        start(command.env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{addr}")));
    let client = Client::new();
    for _ in 0..300 {
        let answer = client.get(format!("{url}/healthz")).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
    }
    terminate(&server);
    assert!(server.wait().expect("it ends").success());
}
