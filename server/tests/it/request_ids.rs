//! Ids of requests: those of trusted proxies, and our own.

use std::io::Read as _;
use std::net::IpAddr;
use std::process::Stdio;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use gazette_server::listener::PeerAddress;
use reqwest::Client;
use serde_json::Value;

use crate::server_process::{serving, start, terminate};
use crate::world::{TestResponse, World, request};

const STRANGER: &str = "192.0.2.1";
const PROXY: &str = "127.0.0.1";

async fn ask(world: &World, peer: &str, path: &str, ids: &[&str]) -> TestResponse {
    let peer: IpAddr = peer.parse().expect("an address");
    let mut asked = request(Method::GET, path).header("accept", "text/html");
    for id in ids {
        asked = asked.header("x-request-id", *id);
    }
    let asked = asked.extension(PeerAddress(peer)).body(Body::empty());
    world.send(asked.expect("a request")).await
}

#[tokio::test]
async fn az_10_only_a_trusted_proxy_gives_a_request_its_id() {
    let world = World::new().await;
    world.publish(1).await;
    // Of each page, the second and third answers are finished ones.
    for path in ["/", "/", "/", "/desk", "/no/such/page", "/healthz"] {
        let id = |answer: &TestResponse| answer.header("x-request-id").to_owned();
        assert_eq!(id(&ask(&world, PROXY, path, &["proxy-1"]).await), "proxy-1", "{path}");
        let own = id(&ask(&world, STRANGER, path, &["proxy-1"]).await);
        assert!(own.len() == 36 && own != "proxy-1", "{path}: {own}");
        assert_ne!(own, id(&ask(&world, STRANGER, path, &["proxy-1"]).await), "{path}");
        assert_eq!(id(&ask(&world, PROXY, path, &[]).await).len(), 36, "{path}");
        let too_long = "a".repeat(129);
        for wrong in [&["two", "ids"][..], &["a b"], &["<b>"], &["=1"], &[""], &[&too_long]] {
            let answer = ask(&world, PROXY, path, wrong).await;
            assert_eq!(id(&answer).len(), 36, "{path} {wrong:?}");
        }
    }
    // Without a peer, as behind API Gateway, nothing is known of who sends the header.
    let unknown = request(Method::GET, "/").header("x-request-id", "x");
    let answer = world.send(unknown.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.header("x-request-id").len(), 36);
}

#[tokio::test]
async fn the_id_of_a_proxy_is_on_the_error_page_and_in_the_audit_log() {
    let world = World::peopled().await;
    world.publish(1).await;
    let token = format!("Bearer {}", world.access_token("ada").await);
    let peer: IpAddr = PROXY.parse().expect("an address");
    let delete = request(Method::DELETE, "/news")
        .header("authorization", token)
        .header("x-request-id", "proxy-2")
        .extension(PeerAddress(peer));
    let deleted = world.send(delete.body(Body::empty()).expect("a request")).await;
    assert_eq!(deleted.status, StatusCode::OK, "{}", deleted.body);
    let filter = gazette_domain::AuditFilter::default();
    let log = world.operator.search_audit(&filter, None, 1).await.expect("the log");
    let by = &log.records.first().expect("a record").event.by;
    assert_eq!(by.request_id.as_deref(), Some("proxy-2"));
    world.table.set_news_away(true);
    let page = ask(&world, PROXY, "/news/another-story", &["proxy-3"]).await;
    assert!(page.status.is_server_error());
    assert!(page.body.contains("<code>proxy-3</code>"), "{}", page.body);
}

#[tokio::test]
async fn the_access_log_has_the_id_of_the_proxy_and_no_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = serving(folder.path());
    let (mut server, url) = start(command.args(["--access-log", "on"]).stderr(Stdio::piped()));
    for id in ["proxy-4", "wrong id"] {
        let asked = Client::new().get(format!("{url}/news")).header("x-request-id", id);
        assert_eq!(asked.send().await.expect("an answer").status(), StatusCode::OK);
    }
    terminate(&server);
    let mut log = String::new();
    server.stderr.take().expect("its log").read_to_string(&mut log).expect("text");
    assert!(server.wait().expect("it ends").success());
    let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let ids: Vec<Value> = lines
        .filter(|line| line["message"] == "answered")
        .map(|line| line["span"]["id"].clone())
        .collect();
    assert_eq!(ids[0], "proxy-4");
    assert_eq!(ids[1].as_str().map(str::len), Some(36), "{ids:?}");
}
