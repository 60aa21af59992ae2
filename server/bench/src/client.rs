//! HTTP/1.1 client that does little, so that the server has most of the machine.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(30);

/// An open connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
}

/// A response, read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Returns a header; empty if there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    /// Returns the body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Self {
        Self::try_open(address).expect("a connection")
    }

    /// Returns an error while no server listens.
    pub(crate) fn try_open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        Ok(Self { stream, buffer: vec![0; 256 * 1024], filled: 0 })
    }

    pub(crate) fn send(&mut self, request: &[u8]) {
        self.stream.write_all(request).expect("the server reads");
    }

    /// Sends a request and reads the response.
    pub(crate) fn ask(&mut self, request: &[u8]) -> Answer {
        self.send(request);
        let (head, end) = self.fill();
        let text = String::from_utf8_lossy(&self.buffer[..head]).into_owned();
        let headers = text.lines().skip(1).filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let body = self.buffer[head + 4..end].to_vec();
        let answer = Answer { status: self.status(), headers, body };
        self.drop_first(end);
        answer
    }

    /// Reads a response and returns its status.
    pub(crate) fn receive(&mut self) -> u16 {
        let (_, end) = self.fill();
        let status = self.status();
        self.drop_first(end);
        status
    }

    /// Reads until the buffer has a whole response. Returns the ends of its head and its body.
    fn fill(&mut self) -> (usize, usize) {
        loop {
            let seen = &self.buffer[..self.filled];
            if let Some(head) = seen.windows(4).position(|window| window == b"\r\n\r\n") {
                let end = head + 4 + content_length(&seen[..head]);
                if self.buffer.len() < end {
                    self.buffer.resize(end, 0);
                }
                while self.filled < end {
                    self.read();
                }
                return (head, end);
            }
            self.read();
        }
    }

    fn read(&mut self) {
        if self.filled == self.buffer.len() {
            self.buffer.resize(self.filled * 2, 0);
        }
        let read = self.stream.read(&mut self.buffer[self.filled..]).expect("the server answers");
        assert!(read > 0, "the server closed the connection");
        self.filled += read;
    }

    fn status(&self) -> u16 {
        let digits = std::str::from_utf8(&self.buffer[9..12]).expect("a status line");
        digits.parse().expect("a status")
    }

    fn drop_first(&mut self, end: usize) {
        self.buffer.copy_within(end..self.filled, 0);
        self.filled -= end;
    }
}

/// Returns the length of a body; 304 and 204 have none.
fn content_length(head: &[u8]) -> usize {
    if matches!(&head[9..12], b"304" | b"204") {
        return 0;
    }
    let name = b"content-length: ";
    let found = head.windows(name.len()).position(|window| window.eq_ignore_ascii_case(name));
    let digits = &head[found.expect("a length") + name.len()..];
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |length, digit| length * 10 + usize::from(digit - b'0'))
}

/// Returns the bytes of a request.
pub(crate) fn request(
    method: &str,
    address: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: localhost:{}\r\n", address.port());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}

/// Asks once, on a connection of its own.
pub(crate) fn get(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Answer {
    Connection::open(address).ask(&request("GET", address, path, headers, ""))
}
