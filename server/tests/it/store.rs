//! The embedded engine keeps the table's promises.

use std::sync::Arc;

use gazette_server::store::{EmbeddedTable, OpenError};
use gazette_table::conformance::{ManualClock, run};
use gazette_table::{Item, Key, Table, Write};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_table_conforms() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ManualClock::default();
    let table = EmbeddedTable::open(&folder.path().join("t.redb"), clock.clock()).expect("opened");
    run(Arc::new(table), &clock).await;
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
