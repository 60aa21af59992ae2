//! Requests and answers, byte by byte: no client that would tidy them.

use std::collections::BTreeMap;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Sent {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        let (method, target) = (method.to_owned(), target.to_owned());
        Self { method, target, headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        let length = self.body.len().to_string();
        self.header("content-type", media_type).header("content-length", &length)
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Returns what must be equal: all but what belongs to one connection and one request. The
    /// values of a header that may be joined are joined.
    pub(crate) fn comparable(&self) -> (u16, BTreeMap<String, String>, String) {
        const OWN: [&str; 5] =
            ["date", "x-request-id", "content-length", "connection", "transfer-encoding"];
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in self.headers.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
            let joined = headers.entry(name.clone());
            joined
                .and_modify(|all| *all = format!("{all}, {value}"))
                .or_insert_with(|| value.clone());
        }
        let id = self.header("x-request-id").expect("an id");
        let body = match std::str::from_utf8(&self.body) {
            Ok(text) => text.replace(id, "ID"),
            Err(_) => format!("{:x?}", self.body),
        };
        (self.status, headers, body)
    }
}

/// Sends a request to a server. By HTTP/1.0, which has no chunks.
pub(crate) async fn send(address: &str, sent: &Sent) -> Answer {
    let mut head = format!("{} {} HTTP/1.0\r\nhost: {address}\r\n", sent.method, sent.target);
    for (name, value) in &sent.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let mut stream = TcpStream::connect(address).await.expect("connected");
    stream.write_all(head.as_bytes()).await.expect("sent");
    // The server may have refused the body already.
    let _ = stream.write_all(&sent.body).await;
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8(bytes[..end].to_vec()).expect("text");
    let (status, headers) = head.split_once("\r\n").unwrap_or((&head, ""));
    let status = status.split(' ').nth(1).expect("a status").parse().expect("a number");
    let headers = headers.lines().map(|line| {
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        (name.to_ascii_lowercase(), value.to_owned())
    });
    Answer { status, headers: headers.collect(), body: bytes[end + 4..].to_vec() }
}
