//! Slow clients against the times that the server really has.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use gazette_server::listener::Limits;

use super::client::Server;

/// Slow clients of each kind.
const CLIENTS: usize = 150;
/// 99th percentile of readers, in a debug build on a busy machine. `make flood` measures the release
/// build with more clients.
const MAX_P99: Duration = Duration::from_millis(500);
/// Longest time of a head, and of a body that sends nothing, with a margin.
const MAX_TIME: Duration = Duration::from_secs(9);

#[test]
fn f_27_heads_have_five_seconds_and_unread_responses_thirty() {
    let limits = Limits::default();
    assert!(limits.head_timeout <= Duration::from_secs(5));
    assert!(limits.write_timeout <= Duration::from_secs(30));
}

/// Sends a byte now and then until the server closes; returns what it answered, and when it closed.
fn drip(mut client: TcpStream, start: Instant) -> (String, Duration) {
    client.set_read_timeout(Some(Duration::from_millis(100))).expect("a time limit");
    let mut answer = Vec::new();
    while start.elapsed() < 2 * MAX_TIME {
        let _ = client.write_all(b"x");
        let mut part = [0; 1024];
        match client.read(&mut part) {
            Ok(count) if count > 0 => answer.extend(&part[..count]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            _ => break,
        }
    }
    (String::from_utf8_lossy(&answer).into_owned(), start.elapsed())
}

#[test]
fn f_27_slow_heads_and_bodies_are_cut_off_and_readers_notice_nothing() {
    let server = Server::start();
    let body = format!(
        "POST /theme HTTP/1.1\r\nHost: localhost\r\nOrigin: {}\r\nContent-Length: 9000\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n",
        server.url
    );
    let beginnings = ["GET /about HTTP/1.1\r\nHost: localhost\r\nX-A: ", &body, "", "PRI * HT"];
    let start = Instant::now();
    let mut clients: Vec<TcpStream> = (0..CLIENTS)
        .flat_map(|number| beginnings.map(|beginning| (number, beginning)))
        .map(|(number, beginning)| {
            let mut client = server.connect_from(number);
            client.write_all(beginning.as_bytes()).expect("sent");
            client
        })
        .collect();
    // A head and a body go on, slowly; the others are silent, which is no better.
    let dripping: Vec<_> =
        clients.drain(..2).map(|client| std::thread::spawn(move || drip(client, start))).collect();
    let mut times = Vec::new();
    while dripping.iter().any(|thread| !thread.is_finished()) {
        let (status, time) = server.get("/news");
        assert_eq!(status, 200);
        times.push(time);
        sleep(Duration::from_millis(10));
    }
    times.sort();
    let p99 = times[times.len() * 99 / 100];
    assert!(times.len() > 50 && p99 < MAX_P99, "{p99:?} of {}", times.len());
    let [head, body] = <[_; 2]>::try_from(dripping).expect("two");
    for (thread, expected) in [(head, ""), (body, "HTTP/1.1 408")] {
        let (answer, time) = thread.join().expect("ended");
        assert!(answer.starts_with(expected), "{answer}");
        assert!(time > Duration::from_secs(3) && time < MAX_TIME, "{expected} {time:?}");
    }
    for client in &mut clients {
        let _ = client.read_to_end(&mut Vec::new());
    }
    assert!(start.elapsed() < 2 * MAX_TIME, "{:?}", start.elapsed());
}
