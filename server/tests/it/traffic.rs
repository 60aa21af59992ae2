//! Rates of requests and requests in progress.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::body::Body;
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, RETRY_AFTER};
use axum::http::{Method, StatusCode};
use futures_util::stream;
use gazette_server::listener::PeerAddress;

use crate::world::{TestResponse, World, request};

const STRANGER: &str = "192.0.2.1";
const LOCAL: &str = "127.0.0.1";

async fn limited_to(rates: &str) -> World {
    World::with(|settings| settings.set("GAZETTE_RATE_LIMIT", rates)).await
}

async fn get(world: &World, peer: &str, path: &str, headers: &[(&str, &str)]) -> TestResponse {
    let peer: IpAddr = peer.parse().expect("an address");
    let mut asked = request(Method::GET, path).extension(PeerAddress(peer));
    for (name, value) in headers {
        asked = asked.header(*name, *value);
    }
    world.send(asked.body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn az_04_an_address_above_its_rate_is_told_when_to_come_back() {
    let world = limited_to("read=3/m").await;
    for _ in 0..3 {
        assert_eq!(get(&world, STRANGER, "/news", &[]).await.status, StatusCode::OK);
    }
    let refused = get(&world, STRANGER, "/news", &[]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.body, r#"{"message":"Too Many Requests"}"#);
    assert_eq!(refused.headers[RETRY_AFTER], "20");
    assert_eq!(refused.headers["ratelimit"], "\"read\";r=0;t=20");
    assert_eq!(refused.headers["ratelimit-policy"], "\"read\";q=3;w=60");
    let page = get(&world, STRANGER, "/about", &[("accept", "text/html")]).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.headers.contains_key(RETRY_AFTER));
    assert!(page.body.contains("Too many requests</h1>"), "{}", page.body);
    // Other addresses, other classes and health checks are not affected.
    assert_eq!(get(&world, "192.0.2.2", "/news", &[]).await.status, StatusCode::OK);
    assert_eq!(get(&world, STRANGER, "/robots.txt", &[]).await.status, StatusCode::OK);
    assert_eq!(get(&world, STRANGER, "/healthz", &[]).await.status, StatusCode::OK);
    let metrics = world.metrics().await;
    let line = r#"gazette_rate_limited_total{class="read",by="address"} 2"#;
    assert!(metrics.contains(line), "{metrics}");
}

#[tokio::test]
async fn az_10_only_a_trusted_proxy_says_for_whom_it_asks() {
    let world = limited_to("read=1/h").await;
    let ask = async |peer: &str, forwarded: &str| {
        get(&world, peer, "/news", &[("x-forwarded-for", forwarded)]).await.status
    };
    assert_eq!(ask(LOCAL, "198.51.100.1").await, StatusCode::OK);
    assert_eq!(ask(LOCAL, "198.51.100.2").await, StatusCode::OK);
    assert_eq!(ask(LOCAL, "203.0.113.9, 198.51.100.1").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ask(STRANGER, "198.51.100.3").await, StatusCode::OK);
    assert_eq!(ask(STRANGER, "198.51.100.4").await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ask("2001:db8::1", "").await, StatusCode::OK);
    assert_eq!(ask("2001:db8::2", "").await, StatusCode::TOO_MANY_REQUESTS, "the same /64");
}

#[tokio::test]
async fn az_04_a_person_has_one_rate_at_all_addresses() {
    let world = limited_to("read=3/m").await;
    world.people().await;
    let token = format!("Bearer {}", world.access_token("ed").await);
    let mut statuses = Vec::new();
    for host in 1..=4 {
        let peer = format!("198.51.100.{host}");
        statuses.push(get(&world, &peer, "/auth/me", &[("authorization", &token)]).await.status);
    }
    assert_eq!(statuses[..3], [StatusCode::OK; 3]);
    assert_eq!(statuses[3], StatusCode::TOO_MANY_REQUESTS);
    let other = format!("Bearer {}", world.access_token("ada").await);
    let answer = get(&world, "198.51.100.1", "/auth/me", &[("authorization", &other)]).await;
    assert_eq!(answer.status, StatusCode::OK, "another person at a known address");
}

#[tokio::test]
async fn this_machine_meets_only_limits_that_are_set() {
    let world = World::new().await;
    for _ in 0..400 {
        assert_eq!(get(&world, LOCAL, "/robots.txt", &[]).await.status, StatusCode::OK);
        assert_eq!(get(&world, LOCAL, "/about", &[]).await.status, StatusCode::OK);
    }
    let world = limited_to("off").await;
    for _ in 0..400 {
        assert_eq!(get(&world, STRANGER, "/robots.txt", &[]).await.status, StatusCode::OK);
    }
    let world = limited_to("sign-in=1/h").await;
    let navigate = [("sec-fetch-dest", "document")];
    let first = get(&world, LOCAL, "/auth/login", &navigate).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let second = get(&world, LOCAL, "/auth/login", &navigate).await;
    assert_eq!(second.status, StatusCode::TOO_MANY_REQUESTS);
}

/// A body that never ends holds the only place for writing.
#[tokio::test]
async fn f_31_a_full_house_refuses_before_it_reads_and_still_serves_readers() {
    let world = World::with(|settings| settings.set("GAZETTE_MAX_REQUESTS", "1")).await;
    world.people().await;
    let token = format!("Bearer {}", world.access_token("ed").await);
    let write = |accepted| {
        request(Method::POST, "/news")
            .header(HOST, "localhost:3000")
            .header(AUTHORIZATION, &token)
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, accepted)
            .body(Body::from_stream(stream::pending::<Result<&'static [u8], Infallible>>()))
            .expect("a request")
    };
    let stalled = tokio::spawn(world.router.clone().answer(write("application/json")));
    let place = r#"gazette_requests_in_progress{class="write"} 1"#;
    while !world.metrics().await.contains(place) {
        tokio::task::yield_now().await;
    }
    // Otherwise it would wait for the body forever.
    let refused = world.send(write("application/json")).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers.contains_key(RETRY_AFTER));
    assert!(refused.body.contains("very busy"), "{}", refused.body);
    for _ in ["written", "kept"] {
        let page = world.send(write("text/html")).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(page.headers.contains_key(RETRY_AFTER));
        assert!(page.body.contains("<h1>Please try again in a moment</h1>"), "{}", page.body);
    }
    for path in ["/", "/news", "/healthz", "/readyz"] {
        assert_eq!(world.get(path).await.status, StatusCode::OK, "{path}");
    }
    assert!(world.metrics().await.contains(r#"gazette_shed_total{class="write"} 3"#));
    stalled.abort();
    assert!(stalled.await.is_err());
    assert!(!world.metrics().await.contains(place), "the place is free again");
}
