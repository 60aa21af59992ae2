//! Compression of responses, and the entity tags of their forms.

use std::io::Read as _;

use axum::body::Body;
use axum::http::{HeaderMap, Method, StatusCode};

use crate::browser::Browser;
use crate::world::{World, request};
use crate::writer::{Writer, story};

const ENCODINGS: [&str; 3] = ["br", "zstd", "gzip"];
const HTML: (&str, &str) = ("accept", "text/html");

async fn ask(
    world: &World,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    world.send_for_bytes(request.body(Body::empty()).expect("a request")).await
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).map_or("", |value| value.to_str().expect("text"))
}

fn decoded(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    match encoding {
        "br" => brotli::Decompressor::new(bytes, 4096).read_to_end(&mut text),
        "gzip" => flate2::read::GzDecoder::new(bytes).read_to_end(&mut text),
        "zstd" => zstd::Decoder::new(bytes).expect("zstd").read_to_end(&mut text),
        _ => panic!("{encoding}"),
    }
    .expect("decoded");
    text
}

#[tokio::test]
async fn every_form_of_a_page_has_the_same_text_and_its_own_tag() {
    let world = World::new().await;
    world.publish(9).await;
    for path in [
        "/",
        "/news",
        "/news/story-1",
        "/feed.atom",
        "/feed.json",
        "/sitemap-news.xml",
        "/llms.txt",
    ] {
        let (_, plain, text) = ask(&world, Method::GET, path, &[HTML]).await;
        assert_eq!(header(&plain, "content-encoding"), "", "{path}");
        assert!(header(&plain, "vary").contains("Accept-Encoding"), "{path}");
        assert!(text.len() > 1_024, "{path}: {}", text.len());
        for encoding in ENCODINGS {
            let accept = ("accept-encoding", encoding);
            let (status, headers, body) = ask(&world, Method::GET, path, &[HTML, accept]).await;
            assert_eq!(status, StatusCode::OK);
            assert_eq!(header(&headers, "content-encoding"), encoding, "{path}");
            assert_eq!(decoded(encoding, &body), text, "{path} {encoding}");
            assert!(body.len() < text.len() * 3 / 4, "{path} {encoding}");
            let tag = header(&headers, "etag");
            assert!(tag.ends_with(&format!(".{encoding}\"")), "{path}: {tag}");
            // HEAD has the same headers, 304 the same tag, and another form is another one.
            let (_, head, nothing) = ask(&world, Method::HEAD, path, &[HTML, accept]).await;
            assert_eq!(header(&head, "content-encoding"), encoding);
            assert_eq!(header(&head, "content-length"), body.len().to_string());
            assert!(header(&head, "etag") == tag && (nothing.is_empty() || nothing == body));
            let known = ("if-none-match", tag);
            let (status, unchanged, nothing) =
                ask(&world, Method::GET, path, &[HTML, accept, known]).await;
            assert_eq!((status, nothing.len()), (StatusCode::NOT_MODIFIED, 0), "{path} {encoding}");
            assert_eq!(
                (header(&unchanged, "etag"), header(&unchanged, "content-encoding")),
                (tag, "")
            );
            assert!(header(&unchanged, "vary").contains("Accept-Encoding"));
            let (status, ..) = ask(&world, Method::GET, path, &[HTML, known]).await;
            assert_eq!(status, StatusCode::OK, "{path}: the plain form has another tag");
        }
    }
}

#[tokio::test]
async fn small_answers_pictures_and_errors() {
    let world = World::new().await;
    let accept = ("accept-encoding", "br, gzip, zstd");
    for path in ["/healthz", "/robots.txt", "/news"] {
        let (_, headers, _) = ask(&world, Method::GET, path, &[accept]).await;
        assert_eq!(header(&headers, "content-encoding"), "", "{path} is small");
        assert!(header(&headers, "vary").contains("Accept-Encoding"), "{path}");
    }
    let (status, headers, body) = ask(&world, Method::GET, "/nowhere", &[HTML, accept]).await;
    assert_eq!((status, header(&headers, "content-encoding")), (StatusCode::NOT_FOUND, "zstd"));
    assert!(decoded("zstd", &body).starts_with(b"<!DOCTYPE html>"));
    assert_eq!(header(&headers, "content-length"), body.len().to_string());
    let refused = ("accept-encoding", "br;q=0, gzip;q=0, zstd;q=0");
    let (_, headers, _) = ask(&world, Method::GET, "/nowhere", &[HTML, refused]).await;
    assert_eq!(header(&headers, "content-encoding"), "");
}

/// The length of a compressed answer tells how much of it is repeated, so that words of the
/// request must not meet private ones (BREACH).
#[tokio::test]
async fn enc_01_private_answers_to_what_a_request_says_are_not_compressed() {
    let world = World::peopled().await;
    world.publish(3).await;
    let ada = Browser::signed_in(&world, "ada").await;
    let cookies: Vec<_> =
        ada.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let cookie = cookies.join("; ");
    let accept = ("accept-encoding", "br, gzip, zstd");
    for (path, is_compressed) in
        [("/desk", true), ("/desk?q=secret", false), ("/", true), ("/?x=secret", false)]
    {
        let headers = [HTML, accept, ("cookie", cookie.as_str())];
        let (_, headers, body) = ask(&world, Method::GET, path, &headers).await;
        assert_eq!(header(&headers, "cache-control"), "private, no-store", "{path}");
        let encoding = header(&headers, "content-encoding");
        assert_eq!(!encoding.is_empty(), is_compressed, "{path}");
        let text = if encoding.is_empty() { body } else { decoded(encoding, &body) };
        assert!(String::from_utf8(text).expect("text").contains("/account"), "{path}");
    }
    let token = world.access_token("ada").await;
    let bearer = format!("Bearer {token}");
    let headers = [accept, ("authorization", bearer.as_str())];
    for path in ["/news?limit=3", "/auth/explain", "/auth/me"] {
        let (status, headers, _) = ask(&world, Method::GET, path, &headers).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(header(&headers, "content-encoding"), "", "{path}");
    }
}

#[tokio::test]
async fn the_tag_of_a_compressed_story_names_its_version_for_a_change() {
    let world = World::peopled().await;
    let ed = Writer::new(&world, "ed").await;
    let mut long = story("Long");
    long["body"] = "A sentence that is long enough. ".repeat(60).into();
    let created = ed.post(&long).await;
    let id = created.json()["id"].as_str().expect("an id").to_owned();
    let json = [("accept", "application/json"), ("accept-encoding", "br")];
    let (_, headers, _) = ask(&world, Method::GET, "/news/long", &json).await;
    assert_eq!(header(&headers, "content-encoding"), "br");
    let changed = serde_json::json!({ "headline": "Longer" });
    let put = ed.put(&id, header(&headers, "etag"), &changed).await;
    assert_eq!(put.status, StatusCode::OK, "{}", put.body);
    let put = ed.put(&id, header(&headers, "etag"), &changed).await;
    assert_eq!(put.status, StatusCode::PRECONDITION_FAILED);
}
