//! Detects the protocol of a connection from its first bytes.

use std::io;

use bytes::Bytes;
use tokio::net::TcpStream;

use super::activity::Activity;

/// First bytes of an HTTP/2 connection (RFC 9113 §3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Protocol of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Http1,
    Http2,
}

/// Reads until the protocol is certain; returns it with the bytes that were read, or `None` if
/// the client closed the connection before.
pub(super) async fn detect(
    socket: &TcpStream,
    activity: &Activity,
) -> io::Result<Option<(Protocol, Bytes)>> {
    let mut read = Vec::with_capacity(PREFACE.len());
    loop {
        socket.readable().await?;
        let mut buffer = [0; PREFACE.len()];
        let free = PREFACE.len().saturating_sub(read.len());
        let Some(free) = buffer.get_mut(..free) else { return Ok(None) };
        match socket.try_read(free) {
            Ok(0) => return Ok(None),
            Ok(count) => read.extend(free.iter().take(count)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
            Err(error) => return Err(error),
        }
        activity.received();
        if !PREFACE.starts_with(&read) {
            return Ok(Some((Protocol::Http1, read.into())));
        }
        if read.len() == PREFACE.len() {
            activity.set_http2();
            return Ok(Some((Protocol::Http2, read.into())));
        }
    }
}
