//! All connections in use: visitors and health checks still get responses.

use gazette_server::listener::Limits;

use super::{Server, closed, get_request, long_limits, response};

const UNFINISHED: &[u8] = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n1";

fn few_places() -> Limits {
    let stall_timeout = std::time::Duration::from_mins(1);
    Limits { max_connections: 20, reserve: 2, stall_timeout, ..long_limits() }
}

#[tokio::test]
async fn f_29_a_visitor_gets_an_answer_while_silent_connections_of_one_address_hold_all_places() {
    for limits in [few_places(), Limits { max_connections_per_address: 20, ..long_limits() }] {
        let server = Server::start(limits).await;
        let mut silent = Vec::new();
        for _ in 0..50 {
            silent.push(server.connect().await);
        }
        let mut visitor = server.send(&get_request("/")).await;
        assert!(response(&mut visitor).await.ends_with("page"));
        let mut check = server.send(&get_request("/healthz")).await;
        assert!(response(&mut check).await.ends_with("alive"));
        // The oldest made room.
        closed(&mut silent[0]).await;
    }
}

#[tokio::test]
async fn f_29_only_health_checks_are_answered_while_requests_under_way_hold_all_places() {
    let server = Server::start(few_places()).await;
    let mut posts = Vec::new();
    for _ in 0..20 {
        posts.push(server.send(UNFINISHED).await);
    }
    // The requests must have arrived.
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    for (path, end) in [("/healthz", "alive"), ("/readyz", "ready")] {
        let mut check = server.send(&get_request(path)).await;
        let text = response(&mut check).await;
        assert!(text.starts_with("HTTP/1.1 200") && text.ends_with(end), "{text}");
        assert!(text.contains("connection: close"), "{text}");
    }
    let mut visitor = server.send(&get_request("/")).await;
    let text = response(&mut visitor).await;
    assert!(text.starts_with("HTTP/1.1 503") && text.contains("retry-after: 1"), "{text}");
    // The reserve never runs out.
    let mut silent = Vec::new();
    for _ in 0..10 {
        silent.push(server.connect().await);
    }
    let mut check = server.send(&get_request("/healthz")).await;
    assert!(response(&mut check).await.ends_with("alive"));
}

#[tokio::test]
async fn f_29_a_stalled_body_makes_room_for_a_visitor() {
    let server = Server::start(Limits { max_connections: 20, ..long_limits() }).await;
    let mut posts = Vec::new();
    for _ in 0..20 {
        posts.push(server.send(UNFINISHED).await);
    }
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    let mut visitor = server.send(&get_request("/")).await;
    assert!(response(&mut visitor).await.ends_with("page"));
}
