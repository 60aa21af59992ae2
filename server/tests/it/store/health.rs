//! The embedded engine in a health check.

use gazette_server::store::EmbeddedTable;
use gazette_table::conformance::ManualClock;
use gazette_table::{Item, Key, Table, TableHealth, Write};
use serde_json::json;

use super::disk::{Disk, Fault};

fn open(disk: &Disk) -> EmbeddedTable {
    let disk = disk.clone();
    let clock = ManualClock::default().clock();
    EmbeddedTable::on_storage(move || Ok(disk.storage()), clock).expect("opened")
}

fn item(number: usize) -> Item {
    let body = json!({ "text": format!("text-{number:04} ").repeat(2_000) });
    Item::new(Key::new("p", format!("{number:04}")), &body).expect("an item")
}

#[tokio::test]
async fn f_04_a_full_disk_is_reported_until_a_write_succeeds() {
    let disk = Disk::default();
    let table = open(&disk);
    assert_eq!(table.health().await, TableHealth::Ok);
    disk.set_full(true);
    let mut number = 0;
    while table.write(vec![Write::put(item(number))]).await.is_ok() {
        number += 1;
        assert!(number < 10_000, "the disk never gets full");
    }
    assert_eq!(table.health().await, TableHealth::DiskFull);
    disk.set_full(false);
    table.write(vec![Write::put(item(number))]).await.expect("written");
    assert_eq!(table.health().await, TableHealth::Ok);
}

#[tokio::test]
async fn f_05_a_store_that_stopped_writing_is_reported_as_read_only() {
    let disk = Disk::default();
    let table = open(&disk);
    table.write(vec![Write::put(item(1))]).await.expect("written");
    let next = disk.changes() + 1;
    disk.fail(Some(Fault { first: next, last: next }));
    table.write(vec![Write::put(item(2))]).await.expect_err("a failed write");
    assert_eq!(table.health().await, TableHealth::ReadOnly);
}

#[tokio::test]
async fn f_07_a_file_that_was_moved_away_makes_the_store_unavailable() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.redb");
    let table = EmbeddedTable::open(&path, ManualClock::default().clock()).expect("opened");
    assert_eq!(table.health().await, TableHealth::Ok);
    let aside = folder.path().join("aside");
    std::fs::rename(&path, &aside).expect("moved");
    assert_eq!(table.health().await, TableHealth::Unavailable);
    std::fs::rename(&aside, &path).expect("moved back");
    assert_eq!(table.health().await, TableHealth::Ok);
}
