//! A stop: clients are asked to leave, accepted requests are answered, stalled ones are cut off.

use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt as _;

use super::{Phase, Server, closed, get_request, long_limits, response, within};

#[tokio::test]
async fn f_26_leaving_clients_are_told_and_the_readiness_check_knows() {
    let server = Server::start(long_limits()).await;
    let mut kept = server.send(&get_request("/readyz")).await;
    let text = response(&mut kept).await;
    assert!(text.ends_with("ready") && !text.contains("connection: close"), "{text}");
    server.stop.enter(Phase::Leaving);
    kept.write_all(&get_request("/readyz")).await.unwrap();
    let mut fresh = server.send(&get_request("/readyz")).await;
    for client in [&mut kept, &mut fresh] {
        let text = response(client).await;
        assert!(text.ends_with("stopping") && text.contains("connection: close"), "{text}");
        assert!(closed(client).await < Duration::from_secs(1));
    }
}

#[tokio::test]
async fn f_26_requests_that_the_system_accepted_are_answered() {
    let server = Server::start(long_limits()).await;
    let mut kept = server.send(&get_request("/")).await;
    assert!(response(&mut kept).await.ends_with("page"));
    let mut slow = server.send(&get_request("/slow")).await;
    // Without a pause of this task, the server can neither accept nor read before the drain.
    let address = server.addr;
    let fresh: Vec<_> = (0..20)
        .map(|_| {
            let mut client = std::net::TcpStream::connect(address).unwrap();
            std::io::Write::write_all(&mut client, &get_request("/")).unwrap();
            client.set_nonblocking(true).unwrap();
            tokio::net::TcpStream::from_std(client).unwrap()
        })
        .collect();
    kept.try_write(&get_request("/")).unwrap();
    server.stop.enter(Phase::Draining);
    for mut client in fresh.into_iter().chain([kept]) {
        assert!(response(&mut client).await.ends_with("page"));
    }
    assert!(response(&mut slow).await.ends_with("slow"));
    within(server.ended).await.unwrap();
}

#[tokio::test]
async fn f_26_idle_connections_close_at_once_and_stalled_ones_at_the_drain_timeout() {
    let server = Server::start(long_limits()).await;
    let mut idle = server.send(&get_request("/")).await;
    assert!(response(&mut idle).await.ends_with("page"));
    let mut silent = server.connect().await;
    let mut stalled = server.send(b"GET / HT").await;
    let _unread = server.send(&get_request("/large")).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.stop.enter(Phase::Draining);
    let start = Instant::now();
    assert!(closed(&mut idle).await < Duration::from_millis(300));
    assert!(closed(&mut silent).await < Duration::from_millis(300));
    assert!(closed(&mut stalled).await >= Duration::from_millis(100));
    within(server.ended).await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}
