//! A key server on loopback that misbehaves on request.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

#[derive(Clone)]
pub(super) enum Behaviour {
    /// A JSON document.
    Json(Vec<u8>),
    /// These bytes, whatever they are.
    Raw(String),
    /// A good start, then a byte each 50 ms.
    Drip,
    /// A head that promises no end, and none.
    Endless,
    /// A JSON document, late.
    Late(Duration, Vec<u8>),
    /// Nothing, ever.
    Silent,
}

pub(super) struct Stub {
    pub(super) address: SocketAddr,
    hits: Arc<AtomicUsize>,
    behaviour: Arc<Mutex<Behaviour>>,
    accepting: JoinHandle<()>,
}

impl Stub {
    pub(super) async fn start(behaviour: Behaviour) -> Self {
        Self::start_at(([127, 0, 0, 1], 0).into(), behaviour).await
    }

    pub(super) async fn start_at(address: SocketAddr, behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let hits = Arc::new(AtomicUsize::new(0));
        let behaviour = Arc::new(Mutex::new(behaviour));
        let accepting = tokio::spawn(accept(listener, Arc::clone(&hits), Arc::clone(&behaviour)));
        Self { address, hits, behaviour, accepting }
    }

    pub(super) fn url(&self, path: &str) -> Url {
        format!("http://{}{path}", self.address).parse().unwrap()
    }

    pub(super) fn hits(&self) -> usize {
        self.hits.load(Ordering::SeqCst)
    }

    pub(super) fn behave(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }

    pub(super) async fn stop(self) {
        self.accepting.abort();
        let _ = self.accepting.await;
    }
}

async fn accept(listener: TcpListener, hits: Arc<AtomicUsize>, behaviour: Arc<Mutex<Behaviour>>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        hits.fetch_add(1, Ordering::SeqCst);
        let behaviour = behaviour.lock().unwrap().clone();
        tokio::spawn(answer(stream, behaviour));
    }
}

async fn answer(mut stream: TcpStream, behaviour: Behaviour) -> std::io::Result<()> {
    let mut head = [0; 4_096];
    let _ = stream.read(&mut head).await?;
    match behaviour {
        Behaviour::Json(body) => send_json(&mut stream, &body).await,
        Behaviour::Late(delay, body) => {
            tokio::time::sleep(delay).await;
            send_json(&mut stream, &body).await
        }
        Behaviour::Raw(bytes) => stream.write_all(bytes.as_bytes()).await,
        Behaviour::Drip => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").await?;
            loop {
                stream.write_all(b" ").await?;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        Behaviour::Endless => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            loop {
                stream.write_all(&[b' '; 8_192]).await?;
            }
        }
        Behaviour::Silent => std::future::pending().await,
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
