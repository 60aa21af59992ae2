//! The page cache: no page is outdated, and none is sent to another caller.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, StatusCode};
use gazette_domain::Selection;
use gazette_server::background::sync_changes;
use gazette_table::{FaultyTable, MemoryTable, Table};

use crate::browser::Browser;
use crate::endpoint::Endpoint;
use crate::world::{PUBLIC, World, admin, request};

fn faulty_table() -> Arc<FaultyTable> {
    let table = MemoryTable::new(Arc::new(|| jiff::Timestamp::now().as_second()));
    Arc::new(FaultyTable::new(Arc::new(table)))
}

#[tokio::test]
async fn a_page_is_rendered_once_for_each_content_version() {
    let table = faulty_table();
    let world = World::on(Arc::clone(&table) as Arc<dyn Table>).await;
    world.people().await;
    world.publish(3).await;
    for path in ["/", "/news", "/section/world", "/news/story-1"] {
        let first = world.page(path).await;
        let before = table.reads();
        let second = world.page(path).await;
        assert_eq!(table.reads() - before, 0, "{path} comes from the cache");
        assert_eq!(first.body, second.body);
        assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
        let etag = first.header("etag");
        assert!(!etag.is_empty() && second.header("etag") == etag);
        let asked = request(Method::GET, path).header("accept", "text/html");
        let asked = asked.header("if-none-match", etag).body(Body::empty()).expect("a request");
        let unchanged = world.send(asked).await;
        assert_eq!((unchanged.status, unchanged.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
        assert_eq!(unchanged.header("vary"), "Accept, Accept-Encoding");
        assert_eq!(unchanged.header("cache-control"), PUBLIC);
        assert!(unchanged.header("content-security-policy").contains("default-src"));
    }
    assert!(world.get("/news").await.body.starts_with('{'), "JSON and page are cached separately");
    let ids = world.get("/news").await.json()["items"][0]["id"].as_str().expect("an id").parse();
    let one = Selection::Ids(vec![ids.expect("an id")]);
    world.desk.delete(&admin(), &one).await.expect("deleted");
    assert!(!world.page("/").await.body.contains("Story 0"));
    assert!(!world.get("/news").await.body.contains("Story 0"));
    assert_eq!(world.page("/news/story-0").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn ses_07_a_page_for_a_signed_in_person_is_not_cached() {
    let world = World::peopled().await;
    world.publish(3).await;
    let anonymous = world.page("/").await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let hers = ada.get("/").await;
    assert!(hers.body.contains("/account") && !anonymous.body.contains("/account"));
    assert_eq!(hers.header("cache-control"), "private, no-store");
    assert_eq!(world.page("/").await.body, anonymous.body);
    let token = world.access_token("ed").await;
    assert_eq!(world.bearer(Method::GET, "/news", &token).await.status, StatusCode::OK);
    assert_eq!(world.bearer(Method::GET, "/news", "garbled").await.status, StatusCode::OK);
}

#[tokio::test]
async fn f_09_cached_pages_are_served_while_the_store_is_unavailable() {
    let table = faulty_table();
    let world = World::on(Arc::clone(&table) as Arc<dyn Table>).await;
    world.publish(3).await;
    let before = world.page("/").await;
    table.fail("unavailable", |call| !call.is_write);
    assert_eq!(world.page("/").await.body, before.body);
    let unknown = world.page("/section/world").await;
    assert_eq!(unknown.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!unknown.header("retry-after").is_empty());
    table.repair();
    assert_eq!(world.page("/section/world").await.status, StatusCode::OK);
}

#[tokio::test]
async fn concurrent_requests_wait_for_one_rendering() {
    let table = faulty_table();
    let world = World::on(Arc::clone(&table) as Arc<dyn Table>).await;
    world.publish(3).await;
    let before = table.reads();
    world.page("/").await;
    let alone = table.reads() - before;
    world.publish(1).await;
    let before = table.reads();
    let pages = futures_util::future::join_all((0..100).map(|_| world.page("/"))).await;
    assert!(pages.iter().all(|page| page.body == pages[0].body));
    assert!(table.reads() - before <= alone);
}

#[tokio::test]
async fn f_40_a_change_in_one_process_is_visible_in_the_other_within_two_seconds() {
    let clock: gazette_table::Clock = Arc::new(|| jiff::Timestamp::now().as_second());
    let table: Arc<dyn Table> = Arc::new(Endpoint::new().await.table(clock));
    let one = World::on(table).await;
    let other = one.beside().await;
    tokio::spawn(sync_changes(other.operator.clone()));
    one.publish(1).await;
    let seen = async |wanted: bool| {
        let began = Instant::now();
        while other.page("/").await.body.contains("Story 0") != wanted {
            assert!(began.elapsed() < Duration::from_secs(2), "seen within two seconds");
            tokio::task::yield_now().await;
        }
    };
    seen(true).await;
    one.desk.delete(&admin(), &Selection::All).await.expect("deleted");
    seen(false).await;
}
