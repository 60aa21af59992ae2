//! Stores of older and newer versions of Gazette.

use std::path::Path;

use gazette_server::store::{EmbeddedTable, OpenError};
use gazette_table::conformance::ManualClock;
use gazette_table::{Item, Key, Table, TableError};
use redb::{Database, TableDefinition};
use serde_json::json;

const ITEMS: TableDefinition<'_, (&str, &str), &[u8]> = TableDefinition::new("items");
const EXPIRIES: TableDefinition<'_, (i64, &str, &str), ()> = TableDefinition::new("expiries");

/// Writes a store of format version 1: a plain redb file with records as JSON.
fn write_version_1(path: &Path, records: &[(&str, &str, &str)]) {
    let database = Database::create(path).expect("a redb file");
    let transaction = database.begin_write().expect("begun");
    {
        let mut items = transaction.open_table(ITEMS).expect("items");
        let mut expiries = transaction.open_table(EXPIRIES).expect("expiries");
        for (partition, sort, record) in records {
            items.insert((*partition, *sort), record.as_bytes()).expect("inserted");
        }
        expiries.insert((2_000, "session#x", "current"), ()).expect("inserted");
    }
    transaction.commit().expect("committed");
}

#[tokio::test]
async fn f_07_a_store_of_version_1_is_migrated_completely() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.redb");
    let records = [
        ("article#1", "current", r#"{"version":7,"body":{"headline":"Zürich"}}"#),
        ("session#x", "current", r#"{"version":1,"expires_at":2000,"body":null}"#),
    ];
    write_version_1(&path, &records);
    // The rest of an interrupted migration.
    std::fs::write(folder.path().join("t.redb.new"), "incomplete").expect("written");
    let clock = ManualClock::default();
    clock.set(1_000);
    for _ in 0..2 {
        let table = EmbeddedTable::open(&path, clock.clock()).expect("opened");
        let story = Item::new(Key::new("article#1", "current"), &json!({ "headline": "Zürich" }));
        let story = story.expect("an item").version(7);
        assert_eq!(table.get(&story.key).await, Ok(Some(story)));
        let session = Item::new(Key::new("session#x", "current"), &json!(null)).expect("an item");
        let session = session.expires_at(2_000);
        assert_eq!(table.get(&session.key).await, Ok(Some(session)));
    }
    clock.set(2_000);
    let table = EmbeddedTable::open(&path, clock.clock()).expect("opened");
    assert_eq!(table.purge().await, Ok(1));
    assert!(!folder.path().join("t.redb.new").exists());
}

#[tokio::test]
async fn f_07_a_damaged_store_of_version_1_is_refused_and_unchanged() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.redb");
    write_version_1(&path, &[("article#1", "current", "{\"version\":")]);
    let before = std::fs::read(&path).expect("readable");
    let clock = ManualClock::default();
    let refused = EmbeddedTable::open(&path, clock.clock()).err().expect("refused").to_string();
    assert!(refused.contains("article#1/current"), "{refused}");
    let database = Database::open(&path).expect("still a store of version 1");
    drop(database);
    assert_eq!(std::fs::read(&path).expect("readable").len(), before.len());
}

#[tokio::test]
async fn f_07_a_store_of_a_newer_version_is_refused_and_unchanged() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.redb");
    let clock = ManualClock::default();
    drop(EmbeddedTable::open(&path, clock.clock()).expect("opened"));
    let mut bytes = std::fs::read(&path).expect("readable");
    bytes[8..12].copy_from_slice(&3_u32.to_le_bytes());
    let sum = crc32fast::hash(&bytes[..12]);
    bytes[12..16].copy_from_slice(&sum.to_le_bytes());
    std::fs::write(&path, &bytes).expect("written");
    let refused = EmbeddedTable::open(&path, clock.clock()).err().expect("refused");
    assert!(matches!(refused, OpenError::Newer { found: 3, known: 2, .. }), "{refused}");
    assert!(refused.to_string().contains("update gazette"), "{refused}");
    assert_eq!(std::fs::read(&path).expect("readable"), bytes);
}

#[tokio::test]
async fn f_06_an_altered_record_is_an_error_with_its_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.redb");
    write_version_1(&path, &[("p", "a", r#"{"version":1,"body":"aaaa"}"#)]);
    let clock = ManualClock::default();
    drop(EmbeddedTable::open(&path, clock.clock()).expect("migrated"));
    forge(&path, b"aaaa", b"abba");
    let table = EmbeddedTable::open(&path, clock.clock()).expect("opened");
    let refused = table.get(&Key::new("p", "a")).await;
    let Err(TableError::Corrupt { key, reason }) = refused else { panic!("{refused:?}") };
    assert_eq!(key, Key::new("p", "a"));
    assert!(reason.contains("its checksum is wrong; restore"), "{reason}");
}

/// Changes the content of a block and updates its checksum, like an error above the disk would.
fn forge(path: &Path, what: &[u8], with: &[u8]) {
    let mut bytes = std::fs::read(path).expect("readable");
    let offsets: Vec<usize> =
        (0..bytes.len()).filter(|at| bytes[*at..].starts_with(what)).collect();
    assert!(!offsets.is_empty());
    for at in offsets {
        bytes[at..at + with.len()].copy_from_slice(with);
        let index = (at - 4_096) / 4_100;
        let block = 4_096 + index * 4_100;
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&(index as u64 + 1).to_le_bytes());
        hasher.update(&bytes[block..block + 4_096]);
        let sum = hasher.finalize().to_le_bytes();
        bytes[block + 4_096..block + 4_100].copy_from_slice(&sum);
    }
    std::fs::write(path, bytes).expect("written");
}

#[tokio::test]
async fn f_06_another_file_is_refused_and_unchanged() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.redb");
    for content in [&b""[..], b"gazette", &[0; 10_000], b"a text that was put here by mistake"] {
        std::fs::write(&path, content).expect("written");
        let refused = EmbeddedTable::open(&path, ManualClock::default().clock());
        let refused = refused.err().expect("refused").to_string();
        assert!(refused.contains("t.redb") && refused.contains("backup"), "{refused}");
        assert_eq!(std::fs::read(&path).expect("readable"), content);
    }
}
