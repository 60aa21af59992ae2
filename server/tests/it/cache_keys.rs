//! Keys of the page cache: unknown parameters neither make a new entry nor reach a page.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use gazette_table::{FaultyTable, MemoryTable, Table};

use crate::browser::Browser;
use crate::world::{World, request};

/// Returns a site with three stories, and its table.
async fn site() -> (World, Arc<FaultyTable>) {
    let table = MemoryTable::new(Arc::new(|| jiff::Timestamp::now().as_second()));
    let table = Arc::new(FaultyTable::new(Arc::new(table)));
    let world = World::on(Arc::clone(&table) as Arc<dyn Table>).await;
    world.publish(3).await;
    (world, table)
}

#[tokio::test]
async fn f_31_unknown_parameters_neither_render_a_page_again_nor_reach_it() {
    let (world, table) = site().await;
    for (path, additions) in [
        ("/", &["?fbclid=1", "?", "?limit=1", "?cursor=x", "?&&", "?%00=%ff"][..]),
        ("/news", &["?fbclid=1", "?", "?section=", "?limit[]=1"]),
        ("/section/world", &["?limit=1", "?x", "?cursor="]),
        ("/tag/rivers", &["?section=sport"]),
        ("/author/ada-reed", &["?utm_source=mail"]),
        ("/news/story-1", &["?fbclid=1", "?limit=1&limit=2"]),
    ] {
        let plain = world.page(path).await;
        let before = table.reads();
        for addition in additions {
            let page = world.page(&format!("{path}{addition}")).await;
            assert_eq!(
                (page.status, &page.body),
                (StatusCode::OK, &plain.body),
                "{path}{addition}"
            );
        }
        assert_eq!(table.reads(), before, "{path}");
    }
}

#[tokio::test]
async fn f_31_the_order_and_the_spelling_of_a_url_make_no_new_entry() {
    let (world, table) = site().await;
    for (url, others) in [
        (
            "/news?limit=2&section=world",
            &["/news?section=world&limit=2", "/news?s%65ction=w%6Frld&limit=2&x=1"][..],
        ),
        ("/section/world", &["/section/w%6Frld", "/section/%77orld?x"]),
        ("/news/story-1", &["/news/story%2d1", "/news/story%2D1"]),
    ] {
        let plain = world.page(url).await;
        assert_eq!(plain.status, StatusCode::OK);
        let before = table.reads();
        for other in others {
            assert_eq!(world.page(other).await.body, plain.body, "{other}");
        }
        assert_eq!(table.reads(), before, "{url}");
    }
    assert_eq!(world.page("/news?limit=02").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn programs_still_get_an_error_for_parameters_that_are_unknown() {
    let (world, _) = site().await;
    for url in ["/news", "/news?"] {
        assert_eq!(world.get(url).await.status, StatusCode::OK, "{url}");
    }
    for url in ["/news?fbclid=1", "/news?&", "/news?limit=", "/news?limit=1&limit=1"] {
        assert_eq!(world.get(url).await.status, StatusCode::BAD_REQUEST, "{url}");
    }
}

#[tokio::test]
async fn web_09_head_is_answered_from_the_cache_and_does_not_empty_it() {
    let (world, table) = site().await;
    let head = world.anonymous(Method::HEAD, "/news?x=1");
    let headers = head.await;
    assert_eq!((headers.status, headers.body.as_str()), (StatusCode::BAD_REQUEST, ""));
    for path in ["/news", "/"] {
        let head = world.anonymous(Method::HEAD, path).await;
        let before = table.reads();
        let get = world.get(path).await;
        assert_eq!(table.reads(), before, "{path}");
        assert!(head.body.is_empty() && !get.body.is_empty());
        assert_eq!(head.header("content-length"), get.body.len().to_string());
        assert_eq!(head.header("etag"), get.header("etag"));
    }
}

#[tokio::test]
async fn unknown_addresses_do_not_push_pages_out_of_the_cache() {
    let (world, table) = site().await;
    let minute = || jiff::Timestamp::now().as_second() / 60;
    // A page is rendered again after each minute, so the requests have to fit into one.
    for attempt in 0..3 {
        let began = minute();
        let before = world.page("/").await;
        for number in 0..2_000 {
            let page = world.page(&format!("/tag/unknown-{number}")).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND);
        }
        let reads = table.reads();
        let after = world.page("/").await;
        if minute() == began || attempt == 2 {
            assert_eq!((after.body, table.reads()), (before.body, reads));
            return;
        }
    }
}

#[tokio::test]
async fn a_page_without_its_navigation_is_not_cached() {
    let (world, table) = site().await;
    table.fail("unavailable", |call| call.partitions.iter().any(|name| name.contains("section")));
    let incomplete = world.page("/news/story-1").await;
    assert_eq!(incomplete.status, StatusCode::OK);
    assert_eq!(incomplete.header("cache-control"), "private, no-store");
    table.repair();
    assert!(world.page("/news/story-1").await.body.contains("/section/world"));
}

#[tokio::test]
async fn the_page_of_a_signed_in_reader_does_not_repeat_what_was_added_to_the_link() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    assert!(!ada.get("/?fbclid=secret").await.body.contains("fbclid"));
    let garbled = request(Method::GET, "/?fbclid=1").header("authorization", "Bearer x");
    let page = world.send(garbled.header("accept", "text/html").body(Body::empty()).expect("one"));
    assert!(!page.await.body.contains("fbclid"));
}
