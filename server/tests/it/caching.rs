//! Pages kept in memory: never one too old, never one for somebody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use gazette_domain::Selection;
use gazette_server::background::sync_changes;
use gazette_table::{Item, Key, MemoryTable, Order, Page, Range, Table, TableError, Write};

use crate::browser::Browser;
use crate::endpoint::Endpoint;
use crate::world::{World, admin, request};

/// A table that counts how often it is read, and breaks when told to.
struct Watched {
    table: MemoryTable,
    reads: AtomicUsize,
    broken: AtomicBool,
}

impl Watched {
    fn new() -> Arc<Self> {
        let table = MemoryTable::new(Arc::new(|| jiff::Timestamp::now().as_second()));
        Arc::new(Self { table, reads: AtomicUsize::new(0), broken: AtomicBool::new(false) })
    }

    fn read(&self) -> Result<(), TableError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        if self.broken.load(Ordering::SeqCst) {
            return Err(TableError::Unavailable { reason: "broken".to_owned() });
        }
        Ok(())
    }

    fn reads_since(&self, before: usize) -> usize {
        self.reads.load(Ordering::SeqCst) - before
    }
}

#[async_trait]
impl Table for Watched {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        self.read()?;
        self.table.get(key).await
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        self.read()?;
        self.table.get_many(keys).await
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        order: Order,
        limit: usize,
    ) -> Result<Page, TableError> {
        self.read()?;
        self.table.query(partition, range, order, limit).await
    }

    async fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError> {
        self.read()?;
        self.table.scan(after, limit).await
    }

    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError> {
        self.table.write(batch).await
    }
}

#[tokio::test]
async fn a_page_is_made_once_and_anew_when_the_news_changes() {
    let table = Watched::new();
    let world = World::on(Arc::clone(&table) as Arc<dyn Table>).await;
    world.people().await;
    world.publish(3).await;
    for path in ["/", "/news", "/section/world", "/news/story-1"] {
        let first = world.page(path).await;
        let before = table.reads.load(Ordering::SeqCst);
        let second = world.page(path).await;
        assert_eq!(table.reads_since(before), 0, "{path} comes from memory");
        assert_eq!(first.body, second.body);
        assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
        let etag = first.header("etag");
        assert!(!etag.is_empty() && second.header("etag") == etag);
        let asked = request(Method::GET, path).header("accept", "text/html");
        let asked = asked.header("if-none-match", etag).body(Body::empty()).expect("a request");
        let unchanged = world.send(asked).await;
        assert_eq!((unchanged.status, unchanged.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
        assert_eq!(unchanged.header("vary"), "Accept, Cookie, Authorization");
        assert!(unchanged.header("content-security-policy").contains("default-src"));
    }
    assert!(world.get("/news").await.body.starts_with('{'), "JSON is kept apart from the page");
    let ids = world.get("/news").await.json()["items"][0]["id"].as_str().expect("an id").parse();
    let one = Selection::Ids(vec![ids.expect("an id")]);
    world.desk.delete(&admin(), &one).await.expect("deleted");
    assert!(!world.page("/").await.body.contains("Story 0"));
    assert!(!world.get("/news").await.body.contains("Story 0"));
    assert_eq!(world.page("/news/story-0").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn ses_07_nobody_gets_the_page_of_somebody_else() {
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
async fn f_09_pages_go_on_while_the_store_is_away() {
    let table = Watched::new();
    let world = World::on(Arc::clone(&table) as Arc<dyn Table>).await;
    world.publish(3).await;
    let before = world.page("/").await;
    table.broken.store(true, Ordering::SeqCst);
    assert_eq!(world.page("/").await.body, before.body);
    let unknown = world.page("/section/world").await;
    assert_eq!(unknown.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!unknown.header("retry-after").is_empty());
    table.broken.store(false, Ordering::SeqCst);
    assert_eq!(world.page("/section/world").await.status, StatusCode::OK);
}

#[tokio::test]
async fn many_who_come_at_once_wait_for_one_rendering() {
    let table = Watched::new();
    let world = World::on(Arc::clone(&table) as Arc<dyn Table>).await;
    world.publish(3).await;
    let before = table.reads.load(Ordering::SeqCst);
    world.page("/").await;
    let alone = table.reads_since(before);
    world.publish(1).await;
    let before = table.reads.load(Ordering::SeqCst);
    let pages = futures_util::future::join_all((0..100).map(|_| world.page("/"))).await;
    assert!(pages.iter().all(|page| page.body == pages[0].body));
    assert!(table.reads_since(before) <= alone);
}

#[tokio::test]
async fn f_40_what_one_site_changes_the_other_shows_within_two_seconds() {
    let clock: gazette_table::Clock = Arc::new(|| jiff::Timestamp::now().as_second());
    let table: Arc<dyn Table> = Arc::new(Endpoint::new().await.table(clock));
    let one = World::on(Arc::clone(&table)).await;
    let other = World::on(table).await;
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
