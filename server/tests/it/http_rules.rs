//! Rules of HTTP that clients and proxies rely on.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Stdio;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::browser::Browser;
use crate::server_process::{serving, start, terminate};
use crate::world::{World, request};
use crate::writer::{Writer, id, story};

/// RFC 9110 §13.1.1: whole tags are compared, lists and `*` included.
#[tokio::test]
async fn if_match_compares_whole_tags() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let (one, other) = (ed.post(&story("One")).await, ed.post(&story("Other")).await);
    let id = id(&one);
    let tag = one.header("etag").to_owned();
    let hash = tag.trim_matches('"').split_once('-').expect("a version and a hash").1.to_owned();
    for wrong in [
        "\"1-zzz\"".to_owned(),
        "\"+1-x\"".to_owned(),
        "\"1\"".to_owned(),
        format!("\"+1-{hash}\""),
        format!("\"2-{hash}\""),
        format!("\"1-{hash}"),
        other.header("etag").to_owned(),
    ] {
        let answer = ed.put(&id, &wrong, &story("Two")).await;
        assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED, "{wrong}");
    }
    let list = format!("\"x\", {tag}");
    assert_eq!(ed.put(&id, &list, &story("Two")).await.status, StatusCode::OK);
    let shown = world.get("/news/one").await;
    assert_eq!(shown.status, StatusCode::OK, "the address stays");
    let json = world.send(
        request(Method::GET, "/news/one")
            .header("accept", "application/json")
            .body(Body::empty())
            .expect("a request"),
    );
    let readers_tag = json.await.header("etag").to_owned();
    let weak = format!("W/{readers_tag}");
    assert_eq!(ed.put(&id, &weak, &story("Three")).await.status, StatusCode::OK);
    assert_eq!(ed.put(&id, "*", &story("Four")).await.status, StatusCode::OK);

    let ada = Writer::new(&world, "ada").await;
    let path = format!("/news/{id}");
    let delete = async |tag: &str| {
        ada.send(Method::DELETE, &path, &[("if-match", tag)], &json!(null)).await.status
    };
    assert_eq!(delete(&tag).await, StatusCode::PRECONDITION_FAILED);
    assert_eq!(delete(other.header("etag")).await, StatusCode::PRECONDITION_FAILED);
    let current = ed.put(&id, "*", &story("Five")).await;
    let list = format!("\"x\", {}", current.header("etag"));
    assert_eq!(delete(&list).await, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_query_that_lost_its_ids_deletes_nothing() {
    let world = World::peopled().await;
    world.publish(3).await;
    let token = world.access_token("ada").await;
    for query in ["?", "?&", "?&&", "?ids=", "?ids", "?=x", "?ids=&", "?id=x", "?ids=a&ids=b"] {
        let answer = world.bearer(Method::DELETE, &format!("/news{query}"), &token).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}: {}", answer.body);
    }
    let listed = world.get("/news").await.json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn a_member_that_is_repeated_is_400() {
    let world = World::peopled().await;
    let token = world.access_token("ed").await;
    for body in [
        r#"{"headline":"A","body":"x","headline":"B"}"#,
        r#"{"headline":"A","body":"x","body":"y"}"#,
    ] {
        let post = request(Method::POST, "/news")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json");
        let answer = world.send(post.body(Body::from(body)).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert!(answer.body.contains("is repeated"), "{}", answer.body);
    }
    assert_eq!(world.get("/news").await.json()["items"], json!([]));
}

#[tokio::test]
async fn a_sign_in_cannot_be_begun_by_head() {
    let world = World::peopled().await;
    for path in ["/auth/login", "/auth/callback?code=x&state=y"] {
        let answer = world.anonymous(Method::HEAD, path).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        assert_eq!(answer.header("allow"), "GET", "{path}");
    }
    let answer = world.anonymous(Method::POST, "/auth/login").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), "GET");
    let answer = world.anonymous(Method::PATCH, "/news").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), "GET, HEAD, POST, DELETE");
    // The neighbours with a variable, such as `/desk/{id}`, are other resources.
    let answer = world.anonymous(Method::PATCH, "/desk/audit.csv").await;
    assert_eq!(answer.header("allow"), "GET, HEAD");
}

#[tokio::test]
async fn a_neighbours_cookie_that_is_not_text_does_not_block_signing_in() {
    let world = World::peopled().await;
    let mut ada = Browser::new(&world);
    let callback = ada.sign_in_at_pool("ada", "/account").await;
    let jar = ada.cookies.iter().map(|(name, value)| format!("{name}={value}"));
    let jar = jar.collect::<Vec<_>>().join("; ");
    let cookies = [b"neighbour=\xff\xfe; ".as_slice(), jar.as_bytes()].concat();
    let back = request(Method::GET, &callback)
        .header("accept", "text/html")
        .header("cookie", cookies.as_slice());
    let answer = world.send(back.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.header("location"), "/account");
}

/// RFC 9112 §3.2: without exactly one `Host`, a proxy and the site may disagree on the site.
#[test]
fn a_request_names_one_host() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut server, url) = start(serving(folder.path()).stderr(Stdio::null()));
    let address = url.strip_prefix("http://").expect("http").replace("localhost", "127.0.0.1");
    let status = |head: &str| {
        let mut stream = TcpStream::connect(&address).expect("connected");
        write!(stream, "{head}connection: close\r\n\r\n").expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer).get(9..12).unwrap_or_default().to_owned()
    };
    for (head, expected) in [
        ("GET /healthz HTTP/1.1\r\nhost: localhost\r\n", "200"),
        ("GET /healthz HTTP/1.0\r\n", "200"),
        ("GET /healthz HTTP/1.1\r\n", "400"),
        ("GET / HTTP/1.1\r\n", "400"),
        ("GET / HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\n", "400"),
        ("GET / HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\n", "400"),
        ("GET / HTTP/1.1\r\nhost: a b\r\n", "400"),
        ("GET / HTTP/1.1\r\nhost: user@localhost\r\n", "400"),
        ("GET http://localhost/healthz HTTP/1.1\r\nhost: localhost\r\n", "200"),
        ("GET ftp://localhost/healthz HTTP/1.1\r\nhost: localhost\r\n", "400"),
        ("GET news HTTP/1.1\r\nhost: localhost\r\n", "400"),
        ("CONNECT evil.example:80 HTTP/1.1\r\nhost: evil.example:80\r\n", "400"),
    ] {
        assert_eq!(status(head), expected, "{head}");
    }
    terminate(&server);
    assert!(server.wait().expect("it ends").success());
}
