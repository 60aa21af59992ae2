//! Memory of the process: what strangers send does not make it grow, and a limit is enough.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::Duration;

use super::client::{Server, get_request, limited, responses};

/// Requests of one round, each of them new to the server.
const REQUESTS: usize = 2_000;
const MAX_GROWTH_KIB: u64 = 6 * 1024;

/// Sends requests with paths, parameters, tokens and cookies that were never sent before.
fn send_new_requests(server: &Server, round: usize) {
    for part in 0..REQUESTS / 100 {
        let mut client = server.connect();
        let mut bytes = Vec::new();
        for number in 0..100 {
            let id = format!("{round}-{part}-{number}");
            bytes.extend(match number % 5 {
                0 => get_request(&format!("/news/never-{id}"), ""),
                1 => get_request(&format!("/news?cursor={id}&x={id}"), "Accept: text/html\r\n"),
                2 => get_request("/auth/me", &format!("Authorization: Bearer e30.{id}.x\r\n")),
                3 => get_request("/auth/me", &format!("Cookie: gazette=AAAAAAAAAA{id}\r\n")),
                _ => get_request(&format!("/section/s-{id}?page={id}"), "Accept: text/html\r\n"),
            });
        }
        bytes.extend(get_request("/healthz", "Connection: close\r\n"));
        let mut reader = client.try_clone().expect("a clone");
        let reading = std::thread::spawn(move || responses(&mut reader).len());
        client.write_all(&bytes).expect("sent");
        assert_eq!(reading.join().expect("read"), 101);
    }
}

#[test]
fn f_32_requests_of_strangers_leave_nothing_in_memory() {
    let server = Server::start();
    for round in 0..2 {
        send_new_requests(&server, round);
    }
    let before = server.status("VmRSS");
    for round in 2..4 {
        send_new_requests(&server, round);
    }
    let growth = server.status("VmRSS").saturating_sub(before);
    assert!(growth < MAX_GROWTH_KIB, "{growth} KiB more after {} requests", 2 * REQUESTS);
}

#[test]
fn f_33_the_memory_of_password_hashes_goes_back_to_the_system() {
    // The first start hashes the passwords of the sample users, each in 19 MiB.
    let server = Server::start();
    let resident = server.status("RssAnon");
    assert!(resident < 40 * 1024, "{resident} KiB");
}

/// Posts of a megabyte each, which never end.
fn unfinished_uploads(server: &Server, count: usize) -> Vec<TcpStream> {
    let head = format!(
        "POST /theme HTTP/1.1\r\nHost: localhost\r\nOrigin: {}\r\nContent-Length: 1000000\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n",
        server.url
    );
    let uploads = (0..count).map(|number| {
        let mut client = server.connect_from(number);
        client.set_write_timeout(Some(Duration::from_secs(1))).expect("a time limit");
        let _ = client.write_all(head.as_bytes());
        let _ = client.write_all(&vec![b'x'; 900_000]);
        client
    });
    uploads.collect()
}

#[test]
fn f_33_under_a_limit_of_memory_the_server_sheds_and_lives() {
    let mut server = Server::start_with(|command| limited(&command, "ulimit -v 600000"));
    let uploads = unfinished_uploads(&server, 150);
    for round in 0..20 {
        for path in ["/", "/news", "/about", "/healthz"] {
            assert_eq!(server.get(path).0, 200, "{path} in round {round}");
        }
    }
    drop(uploads);
    assert!(server.is_running());
    let peak = server.status("VmHWM");
    assert!(peak < 256 * 1024, "{peak} KiB");
}
