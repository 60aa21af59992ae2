//! The embedded engine as a file: its lock, a restart, and purging.

use gazette_server::store::{EmbeddedTable, OpenError};
use gazette_table::conformance::ManualClock;
use gazette_table::{Item, Key, Table, Write};
use serde_json::json;

#[tokio::test]
async fn an_acknowledged_write_survives_a_restart() {
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
async fn f_40_a_second_process_cannot_open_the_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.redb");
    let clock = ManualClock::default();
    let first = EmbeddedTable::open(&path, clock.clock()).expect("opened");
    let second = EmbeddedTable::open(&path, clock.clock());
    assert!(matches!(second, Err(OpenError::InUse(_))));
    drop(first);
    EmbeddedTable::open(&path, clock.clock()).expect("closed");
}

#[tokio::test]
async fn purging_removes_expired_items_only() {
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
