//! Floods of connections, with and without enough open files.

use std::io::Write as _;
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::Rlimit;

use super::client::{Server, get_request, limited, responses};

const MAX_CONNECTIONS: usize = 200;
const MAX_PER_ADDRESS: usize = 20;
/// Further connections, which get answers to health checks only.
const RESERVE: usize = 64;
/// Connections that arrive.
const FLOOD: usize = 1_000;
const RECOVERY: Duration = Duration::from_secs(5);
const MAX_GROWTH_KIB: u64 = 200 * 1024;

/// Waits until something holds.
fn until(time: Duration, what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < time, "{what}");
        sleep(Duration::from_millis(20));
    }
}

/// Sends a request on an open connection, which ends it.
fn ask(mut client: TcpStream, path: &str) -> u16 {
    let _ = client.write_all(&get_request(path, "Connection: close\r\n"));
    responses(&mut client).first().map_or(0, |answer| answer.status)
}

#[test]
fn f_29_a_flood_of_connections_is_capped_and_leaves_room_for_readers_and_health_checks() {
    let server = Server::start_with(|mut command| {
        // Otherwise loopback is a proxy, whose connections have no limit of their own.
        command.env("GAZETTE_TRUSTED_PROXIES", "192.0.2.1/32");
        command.args(["--max-connections", &MAX_CONNECTIONS.to_string()]);
        command.args(["--max-connections-per-address", &MAX_PER_ADDRESS.to_string()]);
        command
    });
    let memory = server.status("VmRSS");
    let of_one: Vec<_> = (0..100).map(|_| server.connect_from(150)).collect();
    assert_eq!(ask(server.connect_from(199), "/about"), 200, "the others are accepted before it");
    until(RECOVERY, "one address has too many", || server.connections() <= MAX_PER_ADDRESS);
    let mut flood: Vec<_> = (0..FLOOD).map(|number| server.connect_from(number % 100)).collect();
    for path in ["/healthz", "/readyz", "/about"] {
        assert_eq!(ask(server.connect_from(199), path), 200, "{path}");
    }
    until(RECOVERY, "too many are open", || server.connections() <= MAX_CONNECTIONS + RESERVE);
    assert!(server.connections() > MAX_CONNECTIONS / 2, "the flood is there");
    // Requests under way are not cut off, so only health checks get an answer.
    for client in &mut flood {
        let _ = client.write_all(b"POST /theme HTTP/1.1\r\nHost: localhost\r\n");
    }
    assert_eq!(ask(server.connect_from(198), "/healthz"), 200);
    let growth = server.status("VmRSS").saturating_sub(memory);
    assert!(growth < MAX_GROWTH_KIB, "{growth} KiB");
    drop((flood, of_one));
    until(RECOVERY, "connections are left", || server.connections() == 0);
    assert_eq!(ask(server.connect_from(0), "/about"), 200);
}

#[test]
fn f_30_without_open_files_the_server_waits_and_recovers() {
    const SPAN: Duration = Duration::from_secs(1);
    let mut server = Server::start_with(|command| limited(&command, "ulimit -n 64"));
    assert_eq!(server.get("/about").0, 200);
    let flood: Vec<_> = (0..200).map(|number| server.connect_from(number)).collect();
    assert_eq!(server.get("/healthz").0, 200, "idle connections make room");
    drop(flood);
    // Fewer than are open: each attempt to accept a connection fails.
    let limit = server.limit_open_files(Rlimit { current: Some(4), maximum: Some(64) });
    let waiting: Vec<_> = (0..20).map(|number| server.connect_from(number)).collect();
    let before = server.processor_time();
    sleep(SPAN);
    let used = server.processor_time().saturating_sub(before);
    assert!(used < SPAN / 2, "it loops without a pause: {used:?}");
    assert!(server.is_running());
    server.limit_open_files(limit);
    drop(waiting);
    until(RECOVERY, "it does not recover", || server.get("/about").0 == 200);
}
