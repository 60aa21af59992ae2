//! API keys: they are counted and named in the log, and decide nothing.

use std::process::Stdio;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use reqwest::Client;
use serde_json::Value;

use crate::server_process::{serving, span_fields, start, stop_and_read_log};
use crate::world::{TestResponse, World, request};

const KEYS: &str = "app=first-key-of-the-app! app=second-key-of-the-app shop=one-key-of-the-shop!";
const APP: &str = "first-key-of-the-app!";
const APP_LATER: &str = "second-key-of-the-app";
const SHOP: &str = "one-key-of-the-shop!";
const UNKNOWN: &str = "first-key-of-the-app?";
const TOO_LONG: &str = match str::from_utf8(&[b'k'; 129]) {
    Ok(key) => key,
    Err(_) => "",
};

async fn world() -> World {
    let world = World::with(|settings| settings.set("GAZETTE_API_KEYS", KEYS)).await;
    world.people().await;
    world
}

async fn ask_of(
    world: &World,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
) -> TestResponse {
    let mut asked = request(method, path);
    for (name, value) in headers {
        asked = asked.header(*name, *value);
    }
    world.send(asked.body(Body::empty()).expect("a request")).await
}

/// The samples of a metric.
async fn samples(world: &World, name: &str) -> Vec<String> {
    let metrics = world.metrics().await;
    metrics.lines().filter_map(|line| line.strip_prefix(name)).map(str::to_owned).collect()
}

const COUNTS: &str = "gazette_api_key_requests_total{name=";

#[tokio::test]
async fn requests_are_counted_by_the_name_of_their_key() {
    let world = world().await;
    world.publish(1).await;
    assert_eq!(samples(&world, COUNTS).await, [r#""app"} 0"#, r#""shop"} 0"#, r#""unknown"} 0"#]);
    let ask = |path, keys: &'static [&str]| {
        let headers: Vec<_> = keys.iter().map(|key| ("x-api-key", *key)).collect();
        let world = &world;
        async move { ask_of(world, Method::GET, path, &headers).await }
    };
    // The later answers are finished pages, which no other layer sees.
    for _ in 0..3 {
        ask("/", &[APP]).await;
    }
    ask("/news/no-such-story", &[APP_LATER]).await;
    ask("/no/such/path", &[SHOP]).await;
    for keys in [&[UNKNOWN][..], &[""], &[APP, APP], &["app"], &[TOO_LONG]] {
        ask("/", keys).await;
    }
    ask("/", &[]).await;
    assert_eq!(samples(&world, COUNTS).await, [r#""app"} 4"#, r#""shop"} 1"#, r#""unknown"} 5"#]);
    let without = World::new().await;
    ask_of(&without, Method::GET, "/", &[("x-api-key", APP)]).await;
    assert_eq!(samples(&without, COUNTS).await, [""; 0]);
}

#[tokio::test]
async fn az_09_an_api_key_is_never_authentication() {
    let world = world().await;
    let token = format!("Bearer {}", world.access_token("rhea").await);
    for key in [APP, UNKNOWN] {
        let key = ("x-api-key", key);
        let anonymous = ask_of(&world, Method::DELETE, "/news", &[key]).await;
        assert_eq!(anonymous.status, StatusCode::UNAUTHORIZED);
        assert_eq!(anonymous.header("www-authenticate"), "Bearer");
        let invalid = [key, ("authorization", "Bearer x.y.z")];
        let invalid = ask_of(&world, Method::DELETE, "/news", &invalid).await;
        assert_eq!(invalid.status, StatusCode::UNAUTHORIZED);
        let reader = [key, ("authorization", &*token)];
        let reader = ask_of(&world, Method::DELETE, "/news", &reader).await;
        assert_eq!(reader.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn an_api_key_changes_neither_a_page_nor_its_cache() {
    let world = world().await;
    world.publish(1).await;
    let hits = |world| samples(world, "gazette_page_cache_requests_total{result=");
    for path in ["/", "/news", "/news/story-0", "/no/such/path"] {
        let mut plain = ask_of(&world, Method::GET, path, &[]).await;
        plain.headers.remove("x-request-id");
        let before = hits(&world).await;
        for key in [APP, UNKNOWN] {
            let mut keyed = ask_of(&world, Method::GET, path, &[("x-api-key", key)]).await;
            keyed.headers.remove("x-request-id");
            keyed.headers.remove("date");
            assert_eq!((keyed.status, &keyed.body), (plain.status, &plain.body), "{path}");
            assert_eq!(keyed.headers, plain.headers, "{path}");
            assert!(!keyed.header("vary").to_lowercase().contains("api"), "{path}");
        }
        let after = hits(&world).await;
        if path != "/no/such/path" {
            assert_eq!(after[1], before[1], "{path} came from the cache");
        }
    }
}

#[tokio::test]
async fn lines_of_the_log_have_the_name_of_the_key_and_never_the_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("api-keys");
    std::fs::write(&file, KEYS.replace(' ', "\n")).expect("written");
    let mut command = serving(folder.path());
    command.args(["--access-log", "on"]).env("GAZETTE_API_KEYS_FILE", &file);
    let (server, url) = start(command.stderr(Stdio::piped()));
    for key in [Some(SHOP), Some(UNKNOWN), None] {
        let mut delete = Client::new().delete(format!("{url}/news"));
        if let Some(key) = key {
            delete = delete.header("x-api-key", key);
        }
        let answer = delete.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
    let log = stop_and_read_log(server);
    for message in ["denied", "answered"] {
        let names = span_fields(&log, message, "api_key");
        assert_eq!(names, [Value::from("shop"), Value::from("unknown"), Value::Null], "{log}");
    }
    assert!(!log.contains(SHOP) && !log.contains(UNKNOWN), "{log}");
}
