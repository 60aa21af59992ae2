//! Bodies that do not end, sent to the server as a process.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::Duration;

use crate::server_process::{serving, start, terminate};

const BODY_BYTES: usize = 1024 * 1024;

/// Sends a request whose body lacks its last byte.
fn unfinished(url: &str, path: &str, content_type: &str, bytes: usize) -> TcpStream {
    unfinished_of(url, path, content_type, bytes, "")
}

/// Sends the same with another line in its head.
fn unfinished_of(url: &str, path: &str, content_type: &str, bytes: usize, line: &str) -> TcpStream {
    let authority = url.trim_start_matches("http://").replace("localhost", "127.0.0.1");
    let mut client = TcpStream::connect(&authority).expect("a connection");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: {content_type}\r\n\
         Content-Length: {BODY_BYTES}\r\n{line}\r\n"
    );
    client.write_all(head.as_bytes()).expect("sent");
    // The server may answer and close before it has read all of it.
    let _ = client.write_all(&vec![b'x'; bytes]);
    client
}

/// Returns the beginning of the response if there is one within a time.
fn response(mut client: &TcpStream, time: Duration) -> String {
    let mut read = [0; 1024];
    client.set_read_timeout(Some(time)).expect("a time limit");
    let count = client.read(&mut read).unwrap_or(0);
    String::from_utf8_lossy(&read[..count]).into_owned()
}

#[test]
fn a_caller_who_may_not_write_is_answered_before_the_body_arrives() {
    let folder = tempfile::tempdir().unwrap();
    let (mut server, url) = start(serving(folder.path()).stderr(Stdio::null()));
    let client = unfinished(&url, "/news", "application/json", 10);
    let refused = response(&client, Duration::from_secs(4));
    assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
    terminate(&server);
    server.wait().unwrap();
}

#[test]
fn few_forms_of_strangers_are_read_to_be_saved() {
    let folder = tempfile::tempdir().unwrap();
    let (mut server, url) = start(serving(folder.path()).stderr(Stdio::null()));
    let form = "application/x-www-form-urlencoded";
    let from_here = format!("Origin: {url}\r\n");
    // Together they would exceed the budget of 64 MiB for bodies.
    let clients: Vec<TcpStream> = (0..100)
        .map(|_| unfinished_of(&url, "/desk/delete", form, BODY_BYTES - 1, &from_here))
        .collect();
    let answered = clients
        .iter()
        .filter(|client| response(client, Duration::from_secs(2)).starts_with("HTTP/1.1 401"));
    assert!(answered.count() >= 92);
    terminate(&server);
    server.wait().unwrap();
}

#[test]
fn unfinished_forms_of_strangers_are_answered_unread() {
    let folder = tempfile::tempdir().unwrap();
    let (mut server, url) = start(serving(folder.path()).stderr(Stdio::null()));
    let form = "application/x-www-form-urlencoded";
    // Together they would exceed the budget of 64 MiB for bodies.
    let clients: Vec<TcpStream> =
        (0..100).map(|_| unfinished(&url, "/desk/delete", form, BODY_BYTES - 1)).collect();
    for client in &clients {
        let refused = response(client, Duration::from_secs(4));
        assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
    }
    terminate(&server);
    server.wait().unwrap();
}
