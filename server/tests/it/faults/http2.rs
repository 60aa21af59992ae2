//! Floods of HTTP/2 frames on one connection: they end it or cost little, and others are served.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::client::Server;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
/// Frames of one flood.
const FRAMES: u32 = 50_000;
/// Most memory that a flood may leave behind.
const MAX_GROWTH_KIB: u64 = 16 * 1024;
/// Longest time of a request of someone else during a flood.
const MAX_WAIT: Duration = Duration::from_secs(2);

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short payload").to_be_bytes();
    let mut bytes = length[1..].to_vec();
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// A header block without Huffman coding: `:method`, `:scheme http`, `:path /about` and
/// `:authority localhost` (RFC 7541).
fn head(method: u8) -> Vec<u8> {
    [&[method, 0x86, 0x04, 6], b"/about".as_slice(), &[0x01, 9], b"localhost"].concat()
}

const GET: u8 = 0x82;
const POST: u8 = 0x83;

fn connect(server: &Server) -> TcpStream {
    let mut client = server.connect();
    client.write_all(&[PREFACE, &frame(SETTINGS, 0, 0, &[])].concat()).expect("sent");
    client
}

/// Sends frames until all are sent or the server closes the connection; another client asks in
/// between. Returns the kinds of the frames that came back.
fn flood(server: &Server, name: &str, frames: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    // Without the code of the program, of which some is used for the first time.
    let before = server.status("RssAnon");
    let mut client = connect(server);
    let mut reader = client.try_clone().expect("a clone");
    // Read at once, or a server that waits for its answers to be read would seem to be stuck.
    let reading = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = reader.read_to_end(&mut bytes);
        bytes
    });
    let frames: Vec<Vec<u8>> = frames.collect();
    for part in frames.chunks(frames.len().div_ceil(10)) {
        let is_closed = client.write_all(&part.concat()).is_err();
        let (status, time) = server.get("/about");
        assert!(status == 200 && time < MAX_WAIT, "{name}: {status} after {time:?}");
        if is_closed {
            break;
        }
    }
    let _ = client.shutdown(std::net::Shutdown::Both);
    let kinds = kinds(&reading.join().expect("read"));
    let growth = server.status("RssAnon").saturating_sub(before);
    assert!(growth < MAX_GROWTH_KIB, "{name}: {growth} KiB more");
    kinds
}

fn kinds(mut bytes: &[u8]) -> Vec<u8> {
    let mut kinds = Vec::new();
    while let [a, b, c, kind, ..] = bytes {
        let length = u32::from_be_bytes([0, *a, *b, *c]) as usize;
        kinds.push(*kind);
        bytes = bytes.get(9 + length..).unwrap_or_default();
    }
    kinds
}

fn streams() -> impl Iterator<Item = u32> {
    (0..FRAMES).map(|number| 2 * number + 1)
}

#[test]
fn f_28_a_rapid_reset_ends_the_connection() {
    let server = Server::start();
    let start = Instant::now();
    let used = server.processor_time();
    let kinds = flood(
        &server,
        "rapid reset",
        streams().map(|stream| {
            let begun = frame(HEADERS, END_STREAM | END_HEADERS, stream, &head(GET));
            [begun, frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes())].concat()
        }),
    );
    assert!(kinds.contains(&GOAWAY), "{kinds:?}");
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let used = server.processor_time().saturating_sub(used);
    assert!(used < Duration::from_secs(3), "{used:?}");
}

#[test]
fn f_28_endless_headers_end_the_connection() {
    let server = Server::start();
    let begun = frame(HEADERS, END_STREAM, 1, &head(GET));
    let field = [&[0, 3], b"x-a".as_slice(), &[127, 0], &[b'x'; 127]].concat();
    let more = frame(CONTINUATION, 0, 1, &field.repeat(100));
    let endless = std::iter::once(begun).chain((0..FRAMES / 50).map(move |_| more.clone()));
    assert!(flood(&server, "continuation", endless).contains(&GOAWAY));
    // Frames that hold nothing cost the client little.
    let begun = frame(HEADERS, END_STREAM, 1, &head(GET));
    let empty = std::iter::once(begun).chain((0..FRAMES).map(|_| frame(CONTINUATION, 0, 1, &[])));
    flood(&server, "empty continuation", empty);
}

#[test]
fn f_28_empty_frames_pings_and_settings_cost_little() {
    let server = Server::start();
    let begun = frame(HEADERS, END_HEADERS, 1, &head(POST));
    let empty = (0..FRAMES).map(|_| frame(DATA, 0, 1, &[]));
    flood(&server, "empty data", std::iter::once(begun).chain(empty));
    flood(&server, "pings", (0..FRAMES).map(|_| frame(PING, 0, 0, b"gazette!")));
    flood(&server, "settings", (0..FRAMES).map(|_| frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 1, 0])));
    let malformed =
        streams().map(|stream| frame(HEADERS, END_STREAM | END_HEADERS, stream, b"\x82"));
    flood(&server, "malformed requests", malformed);
}
