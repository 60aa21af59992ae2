//! Both engines keep the table's promises.

use std::net::SocketAddr;
use std::sync::Arc;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::{Client, Config};
use axum::http::{Method, StatusCode};
use dynoxide::Database;
use dynoxide::server::serve_on;
use gazette_server::store::{DynamoDbTable, EmbeddedTable, OpenError, create_table};
use gazette_table::conformance::{ManualClock, run};
use gazette_table::{Item, Key, Table, TableError, Write};
use serde_json::json;
use tokio::net::TcpListener;

use crate::browser::Browser;
use crate::world::{SITE, World};

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_table_conforms() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ManualClock::default();
    let table = EmbeddedTable::open(&folder.path().join("t.redb"), clock.clock()).expect("opened");
    run(Arc::new(table), &clock).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dynamodb_table_conforms() {
    let client = dynamodb().await;
    create_table(&client, "gazette").await.expect("a table");
    create_table(&client, "gazette").await.expect("it is there already, which is no fault");
    let clock = ManualClock::default();
    let table = DynamoDbTable::new(client, "gazette", clock.clock());
    run(Arc::new(table), &clock).await;
}

#[tokio::test]
async fn f_40_two_sites_on_one_table_see_each_other() {
    let client = dynamodb().await;
    create_table(&client, "gazette").await.expect("a table");
    let clock: gazette_table::Clock = Arc::new(|| jiff::Timestamp::now().as_second());
    let table: Arc<dyn Table> = Arc::new(DynamoDbTable::new(client, "gazette", clock));
    let one = World::on(Arc::clone(&table)).await;
    let other = World::on(table).await;
    one.people().await;
    one.publish(30).await;
    let listing = other.get("/news?limit=30").await.json();
    assert_eq!(listing["items"].as_array().expect("items").len(), 30);
    let ada = Browser::signed_in(&one, "ada").await;
    let mut elsewhere = Browser::new(&other);
    elsewhere.cookies.clone_from(&ada.cookies);
    assert_eq!(elsewhere.get("/auth/me").await.json()["username"], "ada");
    let deleted = elsewhere.send(Method::DELETE, "/news", &[("origin", SITE)], "").await;
    assert_eq!(deleted.body, r#"{"deleted":30}"#);
    assert_eq!(one.get("/news/story-0").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_table_that_cannot_be_reached_is_unavailable_within_its_time() {
    let nobody =
        TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("bound");
    let table = DynamoDbTable::new(client_of(nobody), "gazette", Arc::new(|| 0));
    let answer = table.get(&Key::new("p", "s")).await;
    assert!(matches!(answer, Err(TableError::Unavailable { .. })), "{answer:?}");
}

/// The address of a DynamoDB engine that runs in this process and is talked to over the wire.
pub(crate) async fn dynamodb_endpoint() -> String {
    format!("http://{}", dynamodb_addr().await)
}

/// A store in a folder, as `gazette serve` has it.
pub(crate) fn embedded(data: &std::path::Path) -> EmbeddedTable {
    EmbeddedTable::open(&data.join("gazette.redb"), Arc::new(|| 0)).expect("opened")
}

async fn dynamodb() -> Client {
    client_of(dynamodb_addr().await)
}

async fn dynamodb_addr() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("bound");
    let database = Database::memory().expect("an engine");
    tokio::spawn(serve_on(listener, database));
    addr
}

fn client_of(addr: SocketAddr) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
        .endpoint_url(format!("http://{addr}"))
        .build();
    Client::from_conf(config)
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.redb");
    let clock = ManualClock::default();
    let item = Item::new(Key::new("p", "s"), &json!({ "kept": true })).expect("an item");
    let table = EmbeddedTable::open(&path, clock.clock()).expect("opened");
    table.write(vec![Write::create(item.clone())]).await.expect("written");
    drop(table);
    let table = EmbeddedTable::open(&path, clock.clock()).expect("opened again");
    assert_eq!(table.get(&item.key).await, Ok(Some(item)));
}

#[tokio::test]
async fn f_40_a_second_holder_of_the_store_is_told_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.redb");
    let clock = ManualClock::default();
    let held = EmbeddedTable::open(&path, clock.clock()).expect("opened");
    let second = EmbeddedTable::open(&path, clock.clock());
    assert!(matches!(second, Err(OpenError::Held(_))));
    drop(held);
    EmbeddedTable::open(&path, clock.clock()).expect("free again");
}

#[tokio::test]
async fn what_has_expired_is_removed_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ManualClock::default();
    clock.set(100);
    let table = EmbeddedTable::open(&folder.path().join("t.redb"), clock.clock()).expect("opened");
    let item = |sort: &str| Item::new(Key::new("p", sort), &json!(null)).expect("an item");
    let batch = vec![
        Write::put(item("soon").expires_at(110)),
        Write::put(item("renewed").expires_at(110)),
        Write::put(item("deleted").expires_at(110)),
        Write::put(item("made lasting").expires_at(110)),
        Write::put(item("later").expires_at(120)),
        Write::put(item("lasting")),
    ];
    table.write(batch).await.expect("written");
    let batch = vec![
        Write::put(item("renewed").expires_at(130)),
        Write::delete(Key::new("p", "deleted")),
        Write::put(item("made lasting")),
    ];
    table.write(batch).await.expect("written");
    assert_eq!(table.purge().await, Ok(0));
    clock.set(110);
    assert_eq!(table.purge().await, Ok(1));
    clock.set(125);
    assert_eq!(table.purge().await, Ok(1));
    for kept in ["renewed", "made lasting", "lasting"] {
        assert!(table.get(&Key::new("p", kept)).await.expect("readable").is_some(), "{kept}");
    }
}
