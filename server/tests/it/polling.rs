//! Programs that ask for feeds again and again, with the entity tag of their copy.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use gazette_domain::Selection;
use gazette_table::{Clock, MemoryTable, Table, Write};

use crate::endpoint::Endpoint;
use crate::world::{World, admin, request};

const POLLS: usize = 1_000;
const RESTARTS: usize = 3;
const FEEDS: [&str; 7] = [
    "/feed.atom",
    "/feed.rss",
    "/feed.json",
    "/section/world/feed.atom",
    "/tag/rivers/feed.rss",
    "/author/ada-reed/feed.json",
    "/sitemap.xml",
];

fn now() -> Clock {
    Arc::new(|| jiff::Timestamp::now().as_second())
}

async fn poll(world: &World, path: &str, tags: &mut HashMap<String, String>) -> StatusCode {
    let mut request = request(Method::GET, path).header("accept-encoding", "gzip");
    if let Some(tag) = tags.get(path) {
        request = request.header("if-none-match", tag);
    }
    let request = request.body(Body::empty()).expect("a request");
    let (status, headers, _) = world.send_for_bytes(request).await;
    let tag = headers.get("etag").expect("a tag").to_str().expect("text");
    tags.insert(path.to_owned(), tag.to_owned());
    status
}

#[tokio::test]
async fn polls_are_answered_304_over_restarts_and_by_both_instances() {
    let table: Arc<dyn Table> = Arc::new(MemoryTable::new(now()));
    let mut worlds = [World::on(Arc::clone(&table)).await, World::on(Arc::clone(&table)).await];
    worlds[0].publish(20).await;
    let (mut tags, mut unchanged) = (HashMap::new(), 0_usize);
    for number in 0..POLLS {
        // Not at the same time, so that clients go from one instance to the other.
        if number % (POLLS / (2 * RESTARTS)) == POLLS / (4 * RESTARTS) {
            worlds[number % 2] = World::on(Arc::clone(&table)).await;
        }
        // Time passes, also over midnight, and is in no feed.
        worlds[number % 2].pass(61);
        let status = poll(&worlds[number % 2], FEEDS[number % FEEDS.len()], &mut tags).await;
        assert!(matches!(status, StatusCode::OK | StatusCode::NOT_MODIFIED), "{status}");
        unchanged += usize::from(status == StatusCode::NOT_MODIFIED);
    }
    assert!(unchanged * 100 >= POLLS * 99, "{unchanged} of {POLLS}");
    let one =
        worlds[0].get("/news").await.json()["items"][0]["id"].as_str().expect("an id").parse();
    let one = Selection::Ids(vec![one.expect("an id")]);
    worlds[0].desk.delete(&admin(), &one).await.expect("deleted");
    assert_eq!(poll(&worlds[0], "/feed.atom", &mut tags).await, StatusCode::OK, "a real change");
}

#[tokio::test]
async fn both_engines_give_a_feed_the_same_tag() {
    let one = World::on(Arc::new(MemoryTable::new(now()))).await;
    one.publish(20).await;
    let other: Arc<dyn Table> = Arc::new(Endpoint::new().await.table(now()));
    for item in one.table.items().await {
        other.write(vec![Write::put(item)]).await.expect("copied");
    }
    let other = World::on(other).await;
    for path in FEEDS.into_iter().chain(["/news", "/sitemap-news.xml"]) {
        let (one, other) = (one.get(path).await, other.get(path).await);
        assert_eq!(one.status, StatusCode::OK, "{path}");
        assert_eq!(one.header("etag"), other.header("etag"), "{path}");
    }
}
