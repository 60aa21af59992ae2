//! Public pages while the store is unavailable.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use gazette_domain::Selection;
use gazette_table::{FaultyTable, MemoryTable, Table};

use crate::browser::Browser;
use crate::world::{World, admin};

const SEEN: [&str; 6] =
    ["/", "/news", "/news?limit=1", "/section/world", "/tag/rivers", "/news/story-1"];

async fn site() -> (World, Arc<FaultyTable>) {
    let table = MemoryTable::new(Arc::new(|| jiff::Timestamp::now().as_second()));
    let table = Arc::new(FaultyTable::new(Arc::new(table)));
    let world = World::on(Arc::clone(&table) as Arc<dyn Table>).await;
    world.people().await;
    world.publish(3).await;
    (world, table)
}

#[tokio::test]
async fn f_09_pages_that_were_seen_are_served_for_as_long_as_the_store_is_unavailable() {
    let (world, table) = site().await;
    let mut before = Vec::new();
    for path in SEEN {
        let json = world.get(path).await;
        before.push((path, world.page(path).await.body, json.body));
    }
    table.fail("unavailable", |_| true);
    for minutes in [1, 10, 60 * 24] {
        world.pass(minutes * 60);
        for (path, page, json) in &before {
            let stale = world.page(path).await;
            assert_eq!((stale.status, &stale.body), (StatusCode::OK, page), "{path}");
            assert!(stale.header("age").parse::<i64>().expect("an age") >= minutes * 60);
            let status = stale.header("cache-status");
            assert!(status.starts_with("gazette; hit; ttl=-"), "{status}");
            assert!(status.ends_with("; detail=store-unavailable"), "{status}");
            assert_eq!(&world.get(path).await.body, json, "{path}");
        }
    }
    assert_eq!(world.page("/section/sport").await.status, StatusCode::SERVICE_UNAVAILABLE);
    let head = world.anonymous(Method::HEAD, "/news").await;
    assert_eq!(head.status, StatusCode::OK);
}

#[tokio::test]
async fn f_09_few_requests_try_an_unavailable_store() {
    let (world, table) = site().await;
    world.page("/").await;
    table.fail("unavailable", |_| true);
    world.pass(60);
    let before = table.reads();
    for _ in 0..200 {
        assert_eq!(world.page("/").await.status, StatusCode::OK);
    }
    assert!(table.reads() - before < 20, "{}", table.reads() - before);
}

#[tokio::test]
async fn f_09_fresh_pages_come_within_two_seconds_of_the_return_of_the_store() {
    let (world, table) = site().await;
    world.page("/").await;
    table.fail("unavailable", |_| true);
    world.pass(60);
    assert!(!world.page("/").await.header("age").is_empty());
    table.repair();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let fresh = world.page("/").await;
    assert_eq!((fresh.status, fresh.header("age")), (StatusCode::OK, ""));
    assert_eq!(fresh.header("cache-status"), "");
}

#[tokio::test]
async fn f_09_a_removed_story_does_not_come_back_while_the_store_is_unavailable() {
    let (world, table) = site().await;
    for path in SEEN {
        world.page(path).await;
    }
    let ids = world.get("/news").await.json()["items"][1]["id"].as_str().expect("an id").parse();
    let one = Selection::Ids(vec![ids.expect("an id")]);
    world.desk.delete(&admin(), &one).await.expect("deleted");
    world.page("/").await;
    table.fail("unavailable", |_| true);
    world.pass(60);
    let front = world.page("/").await;
    assert_eq!(front.status, StatusCode::OK);
    assert!(!front.body.contains("Story 1"));
    for path in ["/news/story-1", "/section/sport", "/tag/rivers"] {
        let page = world.page(path).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(!page.body.contains("Story 1"), "{path}");
    }
}

#[tokio::test]
async fn f_09_a_new_story_keeps_the_pages_that_were_seen_before_it() {
    let (world, table) = site().await;
    world.page("/section/world").await;
    world.publish(1).await;
    table.fail("unavailable", |_| true);
    world.pass(60);
    assert_eq!(world.page("/section/world").await.status, StatusCode::OK);
}

#[tokio::test]
async fn ses_07_private_pages_are_not_kept_for_an_outage() {
    let (world, table) = site().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    for path in ["/", "/desk", "/account"] {
        assert_eq!(ada.get(path).await.status, StatusCode::OK, "{path}");
    }
    world.page("/desk").await;
    table.fail("unavailable", |_| true);
    world.pass(60);
    assert_eq!(world.page("/").await.status, StatusCode::SERVICE_UNAVAILABLE);
    for path in ["/desk", "/account"] {
        let page = world.page(path).await;
        assert!(page.status != StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn f_09_readers_with_a_cookie_or_a_token_see_the_public_page_of_before() {
    let (world, table) = site().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let token = world.access_token("ada").await;
    let page = world.page("/news").await.body;
    table.fail("unavailable", |_| true);
    world.pass(60);
    let signed_in = ada.get("/news").await;
    assert_eq!((signed_in.status, &signed_in.body), (StatusCode::OK, &page));
    assert!(!signed_in.header("age").is_empty());
    assert_eq!(signed_in.header("cache-control"), "private, no-cache");
    for (name, value) in [
        ("cookie", "gazette-3000=garbage"),
        ("authorization", "Bearer garbage"),
        ("authorization", &format!("Bearer {token}")),
    ] {
        let request = Request::get("/news").header("accept", "text/html").header(name, value);
        let response = world.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!((response.status, &response.body), (StatusCode::OK, &page), "{name}: {value}");
    }
    assert_eq!(ada.get("/account").await.status, StatusCode::SERVICE_UNAVAILABLE);
}
