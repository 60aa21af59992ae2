//! Clients that send nothing, too little or too slowly, and clients that do not read.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;

use super::{
    LARGE, MEDIUM, Server, closed, get_request, long_limits, response, short_limits, within,
};

const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

#[tokio::test]
async fn f_27_a_connection_without_a_first_request_is_closed() {
    let server = Server::start(short_limits()).await;
    let beginnings: [&[u8]; 5] =
        [b"", b"PRI * HT", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\nX", HTTP2];
    for beginning in beginnings {
        let mut client = server.send(beginning).await;
        let time = closed(&mut client).await;
        assert!(time >= Duration::from_millis(150), "{beginning:?} {time:?}");
        assert!(time < Duration::from_secs(3), "{beginning:?} {time:?}");
    }
}

#[tokio::test]
async fn f_27_a_head_that_drips_is_closed() {
    let server = Server::start(short_limits()).await;
    let mut client = server.connect().await;
    let dripped = within(async {
        for byte in b"GET / HTTP/1.1\r\nX-Header: ".iter().chain(std::iter::repeat(&b'x')) {
            if client.write_all(&[*byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    dripped.await;
}

#[tokio::test]
async fn f_27_a_kept_connection_waits_for_its_next_request_but_not_for_the_rest_of_a_head() {
    let server = Server::start(short_limits()).await;
    let mut client = server.send(&get_request("/")).await;
    assert!(response(&mut client).await.ends_with("page"));
    // Longer than the time of a head.
    tokio::time::sleep(Duration::from_millis(300)).await;
    client.write_all(&get_request("/")).await.unwrap();
    assert!(response(&mut client).await.ends_with("page"));
    client.write_all(b"GET / HT").await.unwrap();
    assert!(closed(&mut client).await < Duration::from_millis(450));
    let mut idle = server.send(&get_request("/")).await;
    assert!(response(&mut idle).await.ends_with("page"));
    assert!(closed(&mut idle).await >= Duration::from_millis(450));
}

#[tokio::test]
async fn f_27_pings_do_not_keep_an_idle_http2_connection_open() {
    const PING: &[u8] = b"\0\0\x08\x06\0\0\0\0\0gazette!";
    let server = Server::start(short_limits()).await;
    let client = server.send(HTTP2).await;
    let (mut reader, mut writer) = client.into_split();
    let pinging = tokio::spawn(async move {
        // Many at a time, since their answers may be written at once.
        while writer.write_all(&PING.repeat(100)).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    });
    let _ = within(reader.read_to_end(&mut Vec::new())).await;
    within(pinging).await.unwrap();
}

#[tokio::test]
async fn f_27_a_response_that_the_client_does_not_read_is_reset() {
    let server = Server::start(short_limits()).await;
    let mut client = server.send(&get_request("/large")).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    let mut read = Vec::new();
    assert!(within(client.read_to_end(&mut read)).await.is_err(), "{}", read.len());
    assert!(read.len() < LARGE);
}

#[tokio::test]
async fn f_27_an_unread_response_of_some_megabytes_does_not_look_like_an_idle_connection() {
    let limits = gazette_server::listener::Limits {
        write_timeout: Duration::from_millis(300),
        ..long_limits()
    };
    let server = Server::start(limits).await;
    let mut client = server.send(&get_request("/medium")).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    let mut read = Vec::new();
    assert!(within(client.read_to_end(&mut read)).await.is_err(), "{}", read.len());
    assert!(read.len() < MEDIUM);
}

#[tokio::test]
async fn f_27_a_slow_reader_that_makes_progress_gets_its_whole_response() {
    let server = Server::start(short_limits()).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(64 * 1024).unwrap();
    let mut client = within(socket.connect(server.addr)).await.unwrap();
    client.write_all(&get_request("/large")).await.unwrap();
    let mut count = 0;
    let mut buffer = vec![0; LARGE / 16];
    // Takes longer than any of the times.
    while count < LARGE {
        let end = buffer.len().min(LARGE + 4096 - count);
        let mut part = 0;
        while part < end && count + part < LARGE {
            match within(client.read(&mut buffer[part..end])).await.unwrap() {
                0 => panic!("cut off after {count} bytes"),
                read => part += read,
            }
        }
        count += part;
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
}

#[tokio::test]
async fn a_handler_may_take_longer_than_any_time_of_a_client() {
    let limits = gazette_server::listener::Limits {
        idle_timeout: Duration::from_millis(100),
        write_timeout: Duration::from_millis(100),
        head_timeout: Duration::from_millis(100),
        ..long_limits()
    };
    let server = Server::start(limits).await;
    let mut client = server.send(&get_request("/slow")).await;
    assert!(response(&mut client).await.ends_with("slow"));
}

#[tokio::test]
async fn a_client_reads_the_response_to_a_body_that_was_refused_unread() {
    let server = Server::start(short_limits()).await;
    let head = b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n";
    let mut client = server.send(head).await;
    client.write_all(&vec![b'x'; 2_000_000]).await.unwrap();
    assert!(response(&mut client).await.starts_with("HTTP/1.1 405"));
}

#[tokio::test]
async fn f_27_a_stream_of_http2_that_gives_no_room_for_its_response_is_closed() {
    // A window of one byte, and a request for the large page: HEADERS with END_STREAM and
    // END_HEADERS, `:method GET`, `:scheme http`, `:path /large`, `:authority localhost` (RFC 7541).
    const SETTINGS: &[u8] = b"\0\0\x06\x04\0\0\0\0\0\0\x04\0\0\0\x01";
    const HEADERS: &[u8] = b"\0\0\x15\x01\x05\0\0\0\x01\x82\x86\x04\x06/large\x01\x09localhost";
    const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let limits = gazette_server::listener::Limits {
        write_timeout: Duration::from_millis(300),
        ..long_limits()
    };
    let server = Server::start(limits).await;
    let mut client = server.send(&[PREFACE, SETTINGS, HEADERS].concat()).await;
    let start = std::time::Instant::now();
    let mut read = Vec::new();
    let _ = within(client.read_to_end(&mut read)).await;
    assert!(start.elapsed() >= Duration::from_millis(250), "{:?}", start.elapsed());
    // The frame of its headers arrived (type 1, stream 1), so the request was answered.
    assert!(read.windows(6).any(|frame| frame[0] == 1 && frame[2..] == [0, 0, 0, 1]), "{read:?}");
}
