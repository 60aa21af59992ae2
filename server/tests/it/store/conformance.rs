//! The conformance suite on every engine.

use std::sync::Arc;

use gazette_server::store::{EmbeddedTable, create_table};
use gazette_table::Table;
use gazette_table::conformance::{
    ManualClock, compare, one_concurrent_writer_succeeds, run, successful_writes_form_a_chain,
};
use redb::StorageBackend;
use redb::backends::InMemoryBackend;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::endpoint::{Endpoint, TABLE};

fn embedded(clock: &ManualClock) -> (TempDir, Arc<dyn Table>) {
    let folder = tempfile::tempdir().expect("a folder");
    let table = EmbeddedTable::open(&folder.path().join("t.redb"), clock.clock()).expect("opened");
    (folder, Arc::new(table))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_table_passes_the_suite() {
    let clock = ManualClock::default();
    let (_folder, table) = embedded(&clock);
    run(table, &clock).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dynamodb_table_passes_the_suite() {
    let endpoint = Endpoint::new().await;
    create_table(&endpoint.client(), TABLE).await.expect("an existing table is accepted");
    let clock = ManualClock::default();
    run(Arc::new(endpoint.table(clock.clock())), &clock).await;
}

#[test]
fn f_37_random_calls_on_the_embedded_table_match_the_model() {
    let clock = ManualClock::default();
    let (_folder, table) = embedded(&clock);
    compare(&table, &clock, 150);
}

#[test]
fn f_37_random_calls_on_the_dynamodb_table_match_the_model() {
    let clock = ManualClock::default();
    // `compare` blocks on its own runtime, so the endpoint needs another one.
    let runtime = Runtime::new().expect("a runtime");
    let endpoint = runtime.block_on(Endpoint::new());
    let table: Arc<dyn Table> = Arc::new(endpoint.table(clock.clock()));
    compare(&table, &clock, 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn f_36_of_concurrent_writers_one_succeeds_on_the_embedded_table() {
    let (_folder, table) = embedded(&ManualClock::default());
    one_concurrent_writer_succeeds(&table, 300).await;
    successful_writes_form_a_chain(&table, 40).await;
    // The same engine in memory, where writes need no sync and more trials are possible.
    let storage = || Ok(Box::new(InMemoryBackend::new()) as Box<dyn StorageBackend>);
    let table = EmbeddedTable::on_storage(storage, ManualClock::default().clock());
    let table: Arc<dyn Table> = Arc::new(table.expect("opened"));
    one_concurrent_writer_succeeds(&table, 2_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f_36_of_concurrent_writers_one_succeeds_on_the_dynamodb_table() {
    let endpoint = Endpoint::new().await;
    let table: Arc<dyn Table> = Arc::new(endpoint.table(ManualClock::default().clock()));
    one_concurrent_writer_succeeds(&table, 60).await;
    successful_writes_form_a_chain(&table, 20).await;
}
