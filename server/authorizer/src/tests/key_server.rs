//! A key server on loopback with configurable responses.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use url::Url;

use super::fixtures::*;
use crate::{Authorizer, KeySource, KeySourceOptions};

/// Response of a [`KeyServer`].
#[derive(Clone)]
pub(super) enum Response {
    /// A JSON document.
    Json(Vec<u8>),
    /// These bytes.
    Raw(String),
    /// A valid start, then a byte every 50 ms.
    Drip,
    /// A response without an end.
    Endless,
    /// A JSON document after a delay.
    Delayed(Duration, Vec<u8>),
    /// No response.
    Silent,
}

pub(super) struct KeyServer {
    pub(super) address: SocketAddr,
    connections: Arc<AtomicUsize>,
    response: Arc<Mutex<Response>>,
    accepting: JoinHandle<()>,
}

impl KeyServer {
    pub(super) async fn start(response: Response) -> Self {
        Self::start_at(([127, 0, 0, 1], 0).into(), response).await
    }

    pub(super) async fn start_at(address: SocketAddr, response: Response) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let response = Arc::new(Mutex::new(response));
        let accepting =
            tokio::spawn(accept(listener, Arc::clone(&connections), Arc::clone(&response)));
        Self { address, connections, response, accepting }
    }

    pub(super) fn url(&self, path: &str) -> Url {
        format!("http://{}{path}", self.address).parse().unwrap()
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(super) fn respond_with(&self, response: Response) {
        *self.response.lock().unwrap() = response;
    }

    pub(super) async fn stop(self) {
        self.accepting.abort();
        let _ = self.accepting.await;
    }
}

async fn accept(
    listener: TcpListener,
    connections: Arc<AtomicUsize>,
    response: Arc<Mutex<Response>>,
) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        connections.fetch_add(1, Ordering::SeqCst);
        let response = response.lock().unwrap().clone();
        tokio::spawn(respond(stream, response));
    }
}

async fn respond(mut stream: TcpStream, response: Response) -> std::io::Result<()> {
    let mut head = [0; 4_096];
    let _ = stream.read(&mut head).await?;
    match response {
        Response::Json(body) => send_json(&mut stream, &body).await,
        Response::Delayed(delay, body) => {
            tokio::time::sleep(delay).await;
            send_json(&mut stream, &body).await
        }
        Response::Raw(bytes) => stream.write_all(bytes.as_bytes()).await,
        Response::Drip => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").await?;
            loop {
                stream.write_all(b" ").await?;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        Response::Endless => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            loop {
                stream.write_all(&[b' '; 8_192]).await?;
            }
        }
        Response::Silent => std::future::pending().await,
    }
}

async fn send_json(stream: &mut TcpStream, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await
}

/// Path of the key set.
pub(super) const PATH: &str = "/pool/.well-known/jwks.json";

/// Returns a response with the pool's key.
pub(super) fn pool_keys() -> Response {
    Response::Json(jwks(&[jwk(pool_key(), KEY_ID)]))
}

pub(super) fn short_intervals() -> KeySourceOptions {
    KeySourceOptions {
        retry_first_every: Duration::from_millis(20),
        retry_every: Duration::from_millis(20),
        refresh_every: Duration::from_millis(50),
        cool_down: Duration::from_millis(400),
        ..KeySourceOptions::default()
    }
}

pub(super) fn source(key_server: &KeyServer, options: KeySourceOptions) -> Arc<KeySource> {
    Arc::new(KeySource::new(key_server.url(PATH), options).unwrap())
}

pub(super) fn authorizer_with(keys: &Arc<KeySource>) -> Authorizer {
    Authorizer::new(config(), Arc::clone(keys)).unwrap()
}

/// Waits until a condition holds.
pub(super) async fn until(mut condition: impl FnMut() -> bool) {
    let wait = async {
        while !condition() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(5), wait).await.unwrap();
}
