//! Both engines pass the suite of the port.

use std::sync::Arc;

use gazette_server::store::{EmbeddedTable, create_table};
use gazette_table::Table;
use gazette_table::conformance::{
    ManualClock, compare, one_of_many_wins, run, writes_are_one_chain,
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
async fn the_embedded_table_conforms() {
    let clock = ManualClock::default();
    let (_folder, table) = embedded(&clock);
    run(table, &clock).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dynamodb_table_conforms() {
    let endpoint = Endpoint::new().await;
    create_table(&endpoint.client(), TABLE).await.expect("it is there already, which is no fault");
    let clock = ManualClock::default();
    run(Arc::new(endpoint.table(clock.clock())), &clock).await;
}

#[test]
fn f_37_random_histories_on_the_embedded_table_are_those_of_the_model() {
    let clock = ManualClock::default();
    let (_folder, table) = embedded(&clock);
    compare(&table, &clock, 150);
}

#[test]
fn f_37_random_histories_on_the_dynamodb_table_are_those_of_the_model() {
    let clock = ManualClock::default();
    // The engine and its endpoint live on a runtime of their own.
    let runtime = Runtime::new().expect("a runtime");
    let endpoint = runtime.block_on(Endpoint::new());
    let table: Arc<dyn Table> = Arc::new(endpoint.table(clock.clock()));
    compare(&table, &clock, 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn f_36_one_of_many_writers_of_a_version_wins_on_the_embedded_table() {
    let (_folder, table) = embedded(&ManualClock::default());
    one_of_many_wins(&table, 300).await;
    writes_are_one_chain(&table, 40).await;
    // The same engine without the waiting for a disk, so that many more can try.
    let storage = || Ok(Box::new(InMemoryBackend::new()) as Box<dyn StorageBackend>);
    let table = EmbeddedTable::on_storage(storage, ManualClock::default().clock());
    let table: Arc<dyn Table> = Arc::new(table.expect("opened"));
    one_of_many_wins(&table, 2_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f_36_one_of_many_writers_of_a_version_wins_on_the_dynamodb_table() {
    let endpoint = Endpoint::new().await;
    let table: Arc<dyn Table> = Arc::new(endpoint.table(ManualClock::default().clock()));
    one_of_many_wins(&table, 60).await;
    writes_are_one_chain(&table, 20).await;
}
