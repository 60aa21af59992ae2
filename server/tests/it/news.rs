//! Reads of `/news` and of single stories.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Value, json};

use crate::world::{World, request};

#[tokio::test]
async fn a_list_has_the_documented_shape() {
    let world = World::new().await;
    world.publish(1).await;
    let answer = world.get("/news").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.header("vary").contains("Accept"));
    let mut listing = answer.json();
    let item = listing["items"][0].as_object_mut().expect("an item");
    for variable in ["id", "published_at", "updated_at"] {
        let text = item.insert(variable.to_owned(), Value::from("…"));
        assert!(text.expect("a value").as_str().expect("a string").len() >= 20);
    }
    let expected = json!({
        "items": [{
            "id": "…",
            "slug": "story-0",
            "url": "http://localhost:3000/news/story-0",
            "headline": "Story 0",
            "summary": "What story 0 is about.",
            "section": "World",
            "tags": ["Rivers"],
            "authors": [{ "name": "Ada Reed", "slug": "ada-reed" }],
            "published_at": "…",
            "updated_at": "…",
            "reading_minutes": 1,
            "image": null,
            "language": "en",
        }],
        "next_cursor": null,
    });
    assert_eq!(listing, expected);
}

#[tokio::test]
async fn the_pages_of_a_list_contain_every_story_once() {
    let world = World::new().await;
    world.publish(5).await;
    let mut seen = Vec::new();
    let mut path = "/news?limit=2".to_owned();
    loop {
        let listing = world.get(&path).await.json();
        for item in listing["items"].as_array().expect("items") {
            seen.push(item["slug"].as_str().expect("a slug").to_owned());
        }
        let Some(cursor) = listing["next_cursor"].as_str() else { break };
        path = format!("/news?limit=2&cursor={cursor}");
    }
    assert_eq!(seen, ["story-0", "story-1", "story-2", "story-3", "story-4"]);
    let sport = world.get("/news?section=Sport&tag=rivers").await.json();
    assert_eq!(sport["items"].as_array().expect("items").len(), 2);
}

#[tokio::test]
async fn an_invalid_query_is_400_with_the_reason() {
    let world = World::new().await;
    for (query, reason) in [
        ("limit=0", "limit must be a whole number from 1 to 100"),
        ("limit=101", "limit must be a whole number from 1 to 100"),
        ("limit=many", "limit must be a whole number from 1 to 100"),
        ("limit=", "The parameter `limit` is empty. Omit it or give it a value."),
        ("limit[]=1", "Unknown parameter `limit[]`. Allowed: limit, cursor, section, tag, month."),
        ("cursor=x", "cursor is not valid; omit it to start from the newest"),
        ("section=%20", "section must be a name, such as `world`"),
        ("page=2", "Unknown parameter `page`. Allowed: limit, cursor, section, tag, month."),
        ("limit=1&limit=2", "The parameter `limit` is repeated."),
    ] {
        let answer = world.get(&format!("/news?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.json(), json!({ "message": reason }), "{query}");
    }
}

#[tokio::test]
async fn an_etag_gives_304_until_the_list_changes() {
    let world = World::new().await;
    world.publish(1).await;
    let etag = world.get("/news").await.header("etag").to_owned();
    assert!(etag.starts_with('"'), "a strong ETag: {etag}");
    let again = || async {
        let request = request(Method::GET, "/news").header("if-none-match", &etag);
        world.send(request.body(Body::empty()).expect("a request")).await
    };
    let unchanged = again().await;
    assert_eq!((unchanged.status, unchanged.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    world.publish(1).await;
    assert_eq!(again().await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_story_is_a_page_or_json_and_404_when_missing() {
    let world = World::new().await;
    world.publish(1).await;
    let page = world.get("/news/story-0").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.body.contains("A <strong>bold</strong> word."));
    let request = request(Method::GET, "/news/story-0").header("accept", "application/json");
    let story = world.send(request.body(Body::empty()).expect("a request")).await.json();
    assert_eq!(story["body"], "A **bold** word.");
    assert_eq!(story["html"], "<p>A <strong>bold</strong> word.</p>\n");
    assert_eq!(story["version"], 1);
    for missing in ["/news/nothing", "/news/No-Slug", "/news/..", "/nowhere"] {
        let answer = world.get(missing).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
        assert_eq!(answer.json(), json!({ "message": "Not Found" }));
    }
}

#[tokio::test]
async fn other_methods_are_405_with_an_allow_header() {
    let world = World::new().await;
    for (method, path, allow) in [
        (Method::PATCH, "/news", ["GET", "HEAD", "DELETE"].as_slice()),
        (Method::TRACE, "/news", &["GET"]),
        (Method::POST, "/", &["GET", "HEAD"]),
        (Method::GET, "/auth/logout", &["POST"]),
    ] {
        let answer = world.anonymous(method.clone(), path).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        assert_eq!(answer.json(), json!({ "message": "Method Not Allowed" }));
        let allowed = answer.header("allow");
        assert!(allow.iter().all(|method| allowed.contains(method)), "{path}: {allowed:?}");
    }
}

#[tokio::test]
async fn get_and_delete_are_server_functions_on_one_path() {
    World::new().await;
    let mut paths: Vec<String> =
        server_fn_paths().map(|(path, method)| format!("{method} {path}")).collect();
    paths.sort();
    assert_eq!(paths, ["DELETE /news", "GET /news"]);
}

#[tokio::test]
async fn requests_that_are_too_large_are_rejected() {
    let world = World::new().await;
    let long = format!("/news?cursor={}", "a".repeat(9_000));
    assert_eq!(world.get(&long).await.status, StatusCode::URI_TOO_LONG);
    let large_header = request(Method::GET, "/news").header("x-large", "a".repeat(17_000));
    let answer = world.send(large_header.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    let large_body = request(Method::POST, "/desk/delete").header("content-length", "2000000");
    let answer = world.send(large_body.body(Body::empty()).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let world = World::new().await;
    world.publish(1).await;
    for path in ["/", "/news", "/news/story-0", "/section/world"] {
        let (get, head) = (world.get(path).await, world.anonymous(Method::HEAD, path).await);
        assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
    for path in ["/auth/login", "/auth/callback?code=a&state=b"] {
        let head = world.anonymous(Method::HEAD, path).await;
        assert_eq!(head.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test]
async fn az_11_malformed_paths_are_404() {
    let world = World::new().await;
    for path in ["/news/%FF", "/section/%FF", "/tag/%2e%2e", "/assets/%FF", "/news/a%2Fb", "/%00"] {
        let answer = world.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.json(), json!({ "message": "Not Found" }), "{path}");
    }
}

#[tokio::test]
async fn a_scheduled_story_is_hidden_until_its_time() {
    let world = World::new().await;
    world.publish(1).await;
    let tomorrow = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
    let input = gazette_domain::StoryInput::new("Tomorrow", "Text", tomorrow);
    world.operator.publish(gazette_domain::SystemTask::Import, input).await.expect("published");
    assert_eq!(world.get("/news/tomorrow").await.status, StatusCode::NOT_FOUND);
    let count = |listing: Value| listing["items"].as_array().expect("items").len();
    assert_eq!(count(world.get("/news").await.json()), 1);
    world.pass(25 * 3_600);
    assert_eq!(world.get("/news/tomorrow").await.status, StatusCode::OK);
    assert_eq!(count(world.get("/news").await.json()), 2);
}
