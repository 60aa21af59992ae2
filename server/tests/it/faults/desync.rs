//! Requests that two parsers could read differently, each with a canary behind it on the same
//! connection.

use self::Outcome::{Any, Refused, Served};
use super::client::{Response, Server};

/// The expected result of a request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    /// A 4xx or nothing, and the end of the connection.
    Refused,
    /// An answer, and that of the canary.
    Served,
    /// Either; or an answer and the end of the connection.
    Any,
}

const CANARY: &str = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
const CANARY_ANSWER: &str = r#"{"status":"ok"}"#;
/// A request that hides in the body of another; its answer must never be seen.
const HIDDEN: &str = "GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n";
const HIDDEN_ANSWER: &str = "user-agent";

/// Lines after `GET /about HTTP/1.1` and a `Host`.
const HEADS: [(&str, &str, Outcome); 22] = [
    ("nothing more", "", Served),
    ("a length with a sign", "Content-Length: +5\r\n", Refused),
    ("a length in hex", "Content-Length: 0x5\r\n", Refused),
    ("a list of lengths", "Content-Length: 5, 5\r\n", Refused),
    ("a negative length", "Content-Length: -1\r\n", Refused),
    ("a length that overflows", "Content-Length: 99999999999999999999\r\n", Refused),
    ("two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n", Refused),
    ("a space before a colon", "Content-Length : 5\r\n", Refused),
    ("a space in a name", "Content Length: 5\r\n", Refused),
    ("a tab before a colon", "Transfer-Encoding\t: chunked\r\n", Refused),
    ("another coding", "Transfer-Encoding: gzip\r\n", Refused),
    ("chunked, but not last", "Transfer-Encoding: chunked, gzip\r\n", Refused),
    ("nearly chunked", "Transfer-Encoding: xchunked\r\n", Refused),
    ("quoted chunked", "Transfer-Encoding: \"chunked\"\r\n", Refused),
    ("a folded line", "X-A: b\r\n c\r\n", Refused),
    ("a folded coding", "Transfer-Encoding:\r\n chunked\r\n", Refused),
    ("a NUL", "X-A: a\0b\r\n", Refused),
    ("a bare CR in a value", "X-A: b\rContent-Length: 5\r\n", Refused),
    ("a line without a colon", "X-A\r\n", Refused),
    ("an empty name", ": b\r\n", Refused),
    ("a bare LF", "X-A: b\nX-B: c\r\n", Any),
    (
        "an upgrade to h2c",
        "Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n",
        Any,
    ),
];

/// Whole requests whose bodies hide one.
fn with_hidden_requests() -> Vec<(&'static str, String, Outcome)> {
    let post = |lines: &str, body: &str| {
        format!("POST /news HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n{body}")
    };
    let chunked = |body: &str| post("Transfer-Encoding: chunked\r\n", body);
    let length = HIDDEN.len();
    let chunk = format!("{length:x}\r\n{HIDDEN}\r\n0\r\n\r\n");
    vec![
        (
            "CL and TE",
            post(
                "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n",
                &format!("0\r\n\r\n{HIDDEN}"),
            ),
            Any,
        ),
        (
            "TE and CL",
            post(
                &format!("Transfer-Encoding: chunked\r\nContent-Length: {}\r\n", length + 5),
                &format!("0\r\n\r\n{HIDDEN}"),
            ),
            Any,
        ),
        ("CL and a chunk", post(&format!("Content-Length: {}\r\n", chunk.len()), &chunk), Served),
        ("TE and a chunk", chunked(&chunk), Served),
        ("TE in capitals", post("TRANSFER-ENCODING: Chunked\r\n", &chunk), Served),
        (
            "TE twice",
            post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", &chunk),
            Any,
        ),
        ("TE by HTTP/1.0", chunked(&chunk).replace("HTTP/1.1", "HTTP/1.0"), Refused),
        (
            "a length twice",
            post(&format!("Content-Length: {length}\r\n").repeat(2), HIDDEN),
            Served,
        ),
        (
            "GET with a body",
            format!(
                "GET /about HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n{HIDDEN}"
            ),
            Served,
        ),
        (
            "an expectation",
            post(&format!("Expect: 100-continue\r\nContent-Length: {length}\r\n"), HIDDEN),
            Any,
        ),
        ("a chunk extension", chunked(&format!("{length:x};a=b\r\n{HIDDEN}\r\n0\r\n\r\n")), Served),
        (
            "trailers",
            chunked(&format!(
                "{length:x}\r\n{HIDDEN}\r\n0\r\nContent-Length: 9\r\nHost: evil\r\n\r\n"
            )),
            Served,
        ),
        (
            "a chunk size that overflows",
            chunked(&format!("fffffffffffffffff\r\n{HIDDEN}")),
            Refused,
        ),
        ("a negative chunk size", chunked(&format!("-1\r\n{HIDDEN}")), Refused),
        ("a chunk size with 0x", chunked(&format!("0x2\r\nab\r\n0\r\n\r\n{HIDDEN}")), Refused),
        ("no chunk size", chunked(&format!("\r\nab\r\n0\r\n\r\n{HIDDEN}")), Refused),
        (
            "a chunk that is longer than its size",
            chunked(&format!("1\r\nab\r\n0\r\n\r\n{HIDDEN}")),
            Refused,
        ),
        ("chunk sizes with bare LF", chunked(&format!("2\nab\n0\n\n{HIDDEN}")), Refused),
        (
            "a huge chunk extension",
            chunked(&format!("1;{}\r\na\r\n0\r\n\r\n", "x".repeat(64 * 1024))),
            Refused,
        ),
        (
            "many chunk extensions",
            chunked(&(format!("1;{}\r\na\r\n", "x".repeat(60)).repeat(2_000) + "0\r\n\r\n")),
            Refused,
        ),
        (
            "huge trailers",
            chunked(&format!("0\r\nX-A: {}\r\n\r\n", "x".repeat(64 * 1024))),
            Refused,
        ),
        ("many trailers", chunked(&format!("0\r\n{}\r\n", "X-A: b\r\n".repeat(5_000))), Refused),
        ("a huge body", post("Content-Length: 9999999\r\n", &HIDDEN.repeat(2_000)), Refused),
        ("an endless body", chunked(&chunk.replace("0\r\n\r\n", "").repeat(30_000)), Refused),
    ]
}

/// First lines and heads that are too large or of another protocol.
fn beginnings() -> Vec<(&'static str, String, Outcome)> {
    let host = "Host: localhost\r\n\r\n";
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\n{host}");
    let headers = |lines: String| format!("GET / HTTP/1.1\r\n{lines}{host}");
    vec![
        ("an empty line first", format!("\r\n{}", get("/about")), Served),
        ("a whole URL", get("http://localhost/about"), Served),
        ("the URL of another site", get("http://evil.example/about"), Any),
        ("a URL of 9 KiB", get(&format!("/{}", "x".repeat(9_000))), Any),
        ("a URL of 100 KiB", get(&format!("/{}", "x".repeat(100_000))), Refused),
        ("a header of 17 KiB", headers(format!("X-A: {}\r\n", "x".repeat(17_000))), Any),
        ("a header of 100 KiB", headers(format!("X-A: {}\r\n", "x".repeat(100_000))), Refused),
        ("a name of 100 KiB", headers(format!("{}: b\r\n", "x".repeat(100_000))), Refused),
        ("1,000 headers", headers("X-A: b\r\n".repeat(1_000)), Refused),
        ("a method of 100 KiB", format!("{} / HTTP/1.1\r\n{host}", "X".repeat(100_000)), Refused),
        ("no version", format!("GET /\r\n{host}"), Refused),
        ("HTTP/3.7", format!("GET / HTTP/3.7\r\n{host}"), Refused),
        ("HTTP/2.0 without its preface", format!("GET / HTTP/2.0\r\n{host}"), Refused),
        ("a version in small letters", format!("GET / http/1.1\r\n{host}"), Refused),
        ("two spaces", format!("GET  / HTTP/1.1\r\n{host}"), Refused),
        ("a space in the path", get("/a b"), Refused),
        ("a NUL in the path", get("/a\0b"), Refused),
        ("no host", "GET / HTTP/1.1\r\n\r\n".to_owned(), Any),
        ("a line before the headers", format!("GET / HTTP/1.1\r\n X-A: b\r\n{host}"), Refused),
        ("TLS", "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0".to_owned(), Refused),
    ]
}

fn assert_outcome(name: &str, answers: &[Response], expected: Outcome) {
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    let is_hidden_seen =
        answers.iter().any(|answer| answer.body.to_lowercase().contains(HIDDEN_ANSWER));
    assert!(!is_hidden_seen, "{name}: the hidden request was answered: {statuses:?}");
    assert!(statuses.iter().all(|status| *status < 500), "{name}: {statuses:?}");
    let is_refused = match statuses.as_slice() {
        [] => true,
        [status] => (400..500).contains(status),
        _ => false,
    };
    let is_canary = |answer: &Response| answer.status == 200 && answer.body == CANARY_ANSWER;
    let is_served = answers.len() == 2 && is_canary(&answers[1]);
    let is_as_expected = match expected {
        Refused => is_refused,
        Served => is_served,
        Any => is_refused || is_served || answers.len() == 1,
    };
    assert!(is_as_expected, "{name}: {expected:?}, but {answers:?}");
}

#[test]
fn f_28_no_request_is_read_in_two_ways_and_what_is_too_large_is_refused() {
    let server = Server::start();
    let heads = HEADS.iter().map(|(name, lines, outcome)| {
        (*name, format!("GET /about HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n"), *outcome)
    });
    let cases: Vec<_> = heads.chain(with_hidden_requests()).chain(beginnings()).collect();
    assert!(cases.len() > 60);
    for (name, request, outcome) in &cases {
        let answers = server.exchange(format!("{request}{CANARY}").as_bytes());
        assert_outcome(name, &answers, *outcome);
    }
    let statuses = |name: &str| {
        let (_, request, _) = cases.iter().find(|case| case.0 == name).expect("a case");
        let answers = server.exchange(format!("{request}{CANARY}").as_bytes());
        answers.first().map_or(0, |answer| answer.status)
    };
    assert_eq!(statuses("a URL of 9 KiB"), 414);
    assert_eq!(statuses("a header of 17 KiB"), 431);
    assert_eq!(statuses("a header of 100 KiB"), 431);
    assert_eq!(statuses("1,000 headers"), 431);
    assert_eq!(statuses("a huge body"), 413);
    assert_eq!(server.get("/healthz").0, 200);
}

/// Requests that are sent at once are answered in their order, each on its own.
#[test]
fn f_28_pipelined_requests_are_answered_in_order() {
    let server = Server::start();
    let paths = ["/healthz", "/robots.txt", "/no-such-page", "/healthz"];
    let requests: String =
        paths.map(|path| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")).concat();
    let answers = server.exchange(format!("{requests}{CANARY}").as_bytes());
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 200, 404, 200, 200]);
    assert!(answers[1].body.to_lowercase().contains(HIDDEN_ANSWER));
    assert_eq!(answers[4].body, CANARY_ANSWER);
    assert!(answers[4].head.contains("connection: close"));
}
