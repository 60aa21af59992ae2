//! The listener with short times: silent, slow and stalled clients, a full house, and a stop.

mod full_house;
mod slow_clients;
mod stop;

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use gazette_server::listener::{Limits, Phase, Stop, Stopping, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Bytes of a response that no socket buffer holds.
const LARGE: usize = 64 * 1024 * 1024;
/// Bytes of a response that is larger than what the system keeps for a client.
const MEDIUM: usize = 2 * 1024 * 1024;

struct Server {
    addr: SocketAddr,
    stop: Stop,
    ended: JoinHandle<()>,
}

/// Returns limits that a test can wait for.
fn short_limits() -> Limits {
    Limits {
        head_timeout: Duration::from_millis(200),
        idle_timeout: Duration::from_millis(500),
        write_timeout: Duration::from_millis(300),
        stall_timeout: Duration::from_millis(50),
        settle_timeout: Duration::from_millis(50),
        drain_timeout: Duration::from_millis(600),
        health_checks: &["/healthz", "/readyz"],
        ..Limits::default()
    }
}

/// Returns limits that no test reaches.
fn long_limits() -> Limits {
    let time = Duration::from_mins(1);
    Limits { head_timeout: time, idle_timeout: time, write_timeout: time, ..short_limits() }
}

impl Server {
    async fn start(limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let addr = listener.local_addr().expect("an address");
        let stop = Stop::new();
        let ended = tokio::spawn(serve(listener, router().into(), limits, stop.phases()));
        Self { addr, stop, ended }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.addr).await.expect("a connection")
    }

    /// Connects and sends some bytes.
    async fn send(&self, bytes: &[u8]) -> TcpStream {
        let mut client = self.connect().await;
        client.write_all(bytes).await.expect("sent");
        client
    }
}

fn router() -> Router {
    let ready = |stopping: Option<axum::Extension<Stopping>>| async move {
        if stopping.is_some() { "stopping" } else { "ready" }
    };
    Router::new()
        .route("/", get(|| async { "page" }).post(|body: String| async move { body }))
        .route("/medium", get(|| async { vec![b'x'; MEDIUM] }))
        .route("/large", get(|| async { vec![b'x'; LARGE] }))
        .route(
            "/slow",
            get(|| async {
                tokio::time::sleep(Duration::from_millis(400)).await;
                "slow"
            }),
        )
        .route("/healthz", get(|| async { "alive" }))
        .route("/readyz", get(ready))
}

fn get_request(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes()
}

/// Reads one small response.
async fn response(client: &mut TcpStream) -> String {
    let mut read = vec![0; 4096];
    let count = within(client.read(&mut read)).await.unwrap_or(0);
    String::from_utf8_lossy(&read[..count]).into_owned()
}

/// Waits until the server closes a connection, and returns how long that took.
async fn closed(client: &mut TcpStream) -> Duration {
    let start = std::time::Instant::now();
    let mut rest = Vec::new();
    // A reset is an end, too.
    let _ = within(client.read_to_end(&mut rest)).await;
    start.elapsed()
}

async fn within<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(10), future).await.expect("an end in time")
}
