//! A proxy in front of a DynamoDB engine that counts the cost of calls and fails on demand.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::{Client, Config};
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode};
use dynoxide::Database;
use dynoxide::server::serve_on;
use gazette_server::store::{DynamoDbTable, create_table};
use gazette_table::Clock;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use crate::trace_context::trace_of;

/// Name of the table.
pub(crate) const TABLE: &str = "gazette";

/// The proxy; clones share their state.
#[derive(Clone)]
pub(crate) struct Endpoint {
    addr: SocketAddr,
    state: Arc<State>,
}

struct State {
    engine: String,
    http: reqwest::Client,
    script: Mutex<Script>,
    spent: Mutex<Spent>,
}

type Script = Box<dyn Fn(&Call) -> Reply + Send>;

/// A call of the endpoint.
pub(crate) struct Call {
    /// Number among the calls of its operation, from 1.
    pub(crate) number: usize,
    /// Body of the request.
    pub(crate) body: Value,
    /// Trace context of the request.
    pub(crate) trace: Option<[String; 2]>,
}

/// The reply to a call.
pub(crate) enum Reply {
    /// The answer of the engine.
    Real,
    /// The engine runs the call, but the connection closes without an answer.
    Lost,
    /// The connection closes without an answer; the engine does not get the call.
    Reset,
    /// The answer of the engine, delayed.
    Late(Duration),
    /// A custom answer.
    Custom(StatusCode, Value),
}

/// The cost of calls.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Spent {
    /// Number of calls of each operation.
    pub(crate) calls: BTreeMap<String, usize>,
    /// Read units.
    pub(crate) reads: f64,
    /// Write units.
    pub(crate) writes: f64,
    /// Number of reads without strong consistency.
    pub(crate) stale: usize,
}

impl Reply {
    /// Returns an error of DynamoDB.
    pub(crate) fn error(status: StatusCode, code: &str) -> Self {
        let code = format!("com.amazonaws.dynamodb.v20120810#{code}");
        Self::Custom(status, json!({ "__type": code, "message": "scripted" }))
    }
}

impl Endpoint {
    /// Starts an endpoint with an empty table.
    pub(crate) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let engine = format!("http://{}", listener.local_addr().expect("bound"));
        tokio::spawn(serve_on(listener, Database::memory().expect("an engine")));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let addr = listener.local_addr().expect("bound");
        let state = Arc::new(State {
            engine,
            http: reqwest::Client::new(),
            script: Mutex::new(Box::new(|_| Reply::Real)),
            spent: Mutex::default(),
        });
        let endpoint = Self { addr, state };
        tokio::spawn(serve(listener, Arc::clone(&endpoint.state)));
        create_table(&endpoint.client(), TABLE).await.expect("a table");
        endpoint.spent();
        endpoint
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    pub(crate) fn client(&self) -> Client {
        client_of(self.addr)
    }

    pub(crate) fn table(&self, clock: Clock) -> DynamoDbTable {
        DynamoDbTable::new(&self.client(), TABLE, clock)
    }

    /// Sets the function that chooses the replies.
    pub(crate) fn script(&self, script: impl Fn(&Call) -> Reply + Send + 'static) {
        *lock(&self.state.script) = Box::new(script);
    }

    /// Returns the cost since the last call.
    pub(crate) fn spent(&self) -> Spent {
        std::mem::take(&mut lock(&self.state.spent))
    }
}

impl Spent {
    pub(crate) fn calls_of(&self, operation: &str) -> usize {
        self.calls.get(operation).copied().unwrap_or_default()
    }

    /// Returns the number of calls by operation.
    pub(crate) fn list(&self) -> Vec<(&str, usize)> {
        self.calls.iter().map(|(operation, times)| (operation.as_str(), *times)).collect()
    }
}

/// Makes a client for a DynamoDB endpoint.
pub(crate) fn client_of(addr: SocketAddr) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
        .endpoint_url(format!("http://{addr}"))
        .build();
    Client::from_conf(config)
}

async fn serve(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(serve_connection(stream, Arc::clone(&state)));
    }
}

async fn serve_connection(stream: TcpStream, state: Arc<State>) {
    let service = tower::service_fn(move |request| answer(Arc::clone(&state), request));
    let builder = Builder::new(TokioExecutor::new());
    // A lost answer is an error here, which closes the connection.
    let _ = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).await;
}

async fn answer<B>(state: Arc<State>, request: Request<B>) -> Result<Response<Body>, &'static str>
where
    B: axum::body::HttpBody<Data = bytes::Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    let (parts, body) = request.into_parts();
    let body = to_bytes(Body::new(body), usize::MAX).await.map_err(|_| "no request")?;
    let target = parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let operation = target.and_then(|target| target.rsplit('.').next()).unwrap_or_default();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    let mut call = state.count(operation, body);
    call.trace = trace_of(&parts.headers);
    let reply = (lock(&state.script))(&call);
    match reply {
        Reply::Real => state.forward(&parts.headers, operation, call.body).await,
        Reply::Lost => {
            state.forward(&parts.headers, operation, call.body).await?;
            Err("the answer is lost")
        }
        Reply::Reset => Err("the connection is reset"),
        Reply::Late(time) => {
            tokio::time::sleep(time).await;
            state.forward(&parts.headers, operation, call.body).await
        }
        Reply::Custom(status, body) => Ok(response(status, body.to_string())),
    }
}

impl State {
    fn count(&self, operation: &str, body: Value) -> Call {
        let mut spent = lock(&self.spent);
        let number = spent.calls.entry(operation.to_owned()).or_default();
        *number += 1;
        let number = *number;
        let consistent = match operation {
            "GetItem" | "Query" | "Scan" => body["ConsistentRead"] == json!(true),
            "BatchGetItem" => body["RequestItems"][TABLE]["ConsistentRead"] == json!(true),
            _ => true,
        };
        spent.stale += usize::from(!consistent);
        Call { number, body, trace: None }
    }

    async fn forward(
        &self,
        headers: &axum::http::HeaderMap,
        operation: &str,
        mut body: Value,
    ) -> Result<Response<Body>, &'static str> {
        // Calls that manage the table do not accept this member.
        if !operation.contains("Table") && !operation.contains("TimeToLive") {
            body["ReturnConsumedCapacity"] = json!("TOTAL");
        }
        let mut request = self.http.post(&self.engine).body(body.to_string());
        for name in ["authorization", "content-type", "x-amz-target", "x-amz-date"] {
            request = request.header(name, headers.get(name).expect("the SDK sends it"));
        }
        let answer = request.send().await.expect("the engine answers");
        let status = answer.status();
        let text = answer.text().await.expect("the engine answers");
        let answer: Value = serde_json::from_str(&text).unwrap_or_default();
        let units = units(&answer["ConsumedCapacity"]);
        let mut spent = lock(&self.spent);
        match operation {
            "GetItem" | "BatchGetItem" | "Query" | "Scan" => spent.reads += units,
            _ => spent.writes += units,
        }
        Ok(response(status, text))
    }
}

/// Returns the units of a table, or the sum of a list of tables.
fn units(consumed: &Value) -> f64 {
    match consumed {
        Value::Array(tables) => tables.iter().map(units).sum(),
        table => table["CapacityUnits"].as_f64().unwrap_or_default(),
    }
}

fn response(status: StatusCode, body: String) -> Response<Body> {
    let response = Response::builder().status(status);
    let response = response.header("content-type", "application/x-amz-json-1.0");
    response.body(Body::from(body)).expect("a response")
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("not poisoned")
}
