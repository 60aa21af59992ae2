//! Frames of the socket: a message as JSON, and bytes that belong to it, both of limited length.

use std::io;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// Longest message: a batch of the table with every character escaped fits.
const MAX_MESSAGE_BYTES: u32 = 32 * 1024 * 1024;
/// Most bytes that belong to a message: a converted picture fits.
const MAX_BLOB_BYTES: u32 = 64 * 1024 * 1024;

/// Writes a message and its bytes.
pub(super) async fn write_frame(
    out: &mut (impl AsyncWrite + Unpin),
    message: &impl Serialize,
    blob: &[u8],
) -> io::Result<()> {
    let message = serde_json::to_vec(message)?;
    let mut head = Vec::with_capacity(message.len().saturating_add(8));
    head.extend(length(message.len(), MAX_MESSAGE_BYTES)?.to_be_bytes());
    head.extend(length(blob.len(), MAX_BLOB_BYTES)?.to_be_bytes());
    head.extend(message);
    out.write_all(&head).await?;
    out.write_all(blob).await?;
    out.flush().await
}

/// Reads a message and its bytes; `None` when the other side has closed the connection.
pub(super) async fn read_frame<T: DeserializeOwned>(
    input: &mut (impl AsyncRead + Unpin),
) -> io::Result<Option<(T, Bytes)>> {
    let message_length = match input.read_u32().await {
        Ok(length) => length,
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    };
    let blob_length = input.read_u32().await?;
    if message_length > MAX_MESSAGE_BYTES || blob_length > MAX_BLOB_BYTES {
        return Err(too_long());
    }
    let message = read(input, message_length).await?;
    let blob = read(input, blob_length).await?;
    Ok(Some((serde_json::from_slice(&message)?, blob.into())))
}

/// Reads bytes into memory that grows with what arrives.
async fn read(input: &mut (impl AsyncRead + Unpin), length: u32) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(length.into()).read_to_end(&mut bytes).await?;
    if bytes.len() as u64 == u64::from(length) {
        return Ok(bytes);
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

fn length(length: usize, most: u32) -> io::Result<u32> {
    u32::try_from(length).ok().filter(|length| *length <= most).ok_or_else(too_long)
}

fn too_long() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a message is too long")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_frame_comes_back_and_a_longer_one_is_refused() {
        let (mut one, mut other) = tokio::io::duplex(1 << 20);
        write_frame(&mut one, &"hello", b"\0bytes").await.expect("written");
        let read = read_frame::<String>(&mut other).await.expect("read").expect("a frame");
        assert_eq!(read, ("hello".to_owned(), Bytes::from_static(b"\0bytes")));
        one.write_all(&u64::MAX.to_be_bytes()).await.expect("written");
        assert!(read_frame::<String>(&mut other).await.is_err());
        one.write_all(b"\0\0\0\x05\0\0\0\0\"cu").await.expect("written");
        drop(one);
        assert!(read_frame::<String>(&mut other).await.is_err(), "cut off");
        assert!(read_frame::<String>(&mut other).await.expect("the end").is_none());
    }
}
