//! A minimal Runtime API of AWS Lambda: it sends events to a function and receives the
//! responses.
//!
//! Source: Lambda developer guide, "Using the Lambda runtime API for custom runtimes".

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};

/// Response or error of a function to one event.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// `response` or `error`.
    pub(crate) kind: String,
    pub(crate) body: Value,
}

pub(crate) struct RuntimeApi {
    pub(crate) address: String,
    events: mpsc::Sender<Value>,
    outcomes: mpsc::Receiver<Outcome>,
}

#[derive(Clone)]
struct Queues {
    events: Arc<Mutex<mpsc::Receiver<Value>>>,
    outcomes: mpsc::Sender<Outcome>,
}

impl RuntimeApi {
    pub(crate) async fn start() -> Self {
        let (events, waiting) = mpsc::channel(8);
        let (sender, outcomes) = mpsc::channel(8);
        let queues = Queues { events: Arc::new(Mutex::new(waiting)), outcomes: sender };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/{kind}", post(receive))
            .with_state(queues);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound").to_string();
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { address, events, outcomes }
    }

    /// Invokes the function with one event.
    pub(crate) async fn invoke(&mut self, event: Value) -> Outcome {
        self.events.send(event).await.expect("the function requests events");
        self.outcomes.recv().await.expect("an outcome")
    }
}

async fn next(State(queues): State<Queues>) -> impl IntoResponse {
    let event = queues.events.lock().await.recv().await.unwrap_or_default();
    let headers = [
        ("lambda-runtime-aws-request-id", "00000000-0000-4000-8000-000000000000"),
        ("lambda-runtime-deadline-ms", "4102444800000"),
        ("lambda-runtime-invoked-function-arn", "arn:aws:lambda:eu-west-1:123456789012:function:f"),
        ("lambda-runtime-trace-id", "Root=1-00000000-000000000000000000000000"),
    ];
    (headers, Json(event))
}

async fn receive(
    State(queues): State<Queues>,
    Path((_, kind)): Path<(String, String)>,
    _: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let body = serde_json::from_slice(&body).expect("JSON");
    queues.outcomes.send(Outcome { kind, body }).await.expect("the test waits");
    StatusCode::ACCEPTED
}
