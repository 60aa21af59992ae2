//! The in-memory model passes the conformance suite.

use std::sync::Arc;

use gazette_table::conformance::{
    ManualClock, one_concurrent_writer_succeeds, run, successful_writes_form_a_chain,
};
use gazette_table::{MemoryTable, Table};

#[tokio::test(flavor = "multi_thread")]
async fn the_memory_table_conforms() {
    let clock = ManualClock::default();
    run(Arc::new(MemoryTable::new(clock.clock())), &clock).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f_36_of_concurrent_writers_of_a_version_one_succeeds() {
    let table: Arc<dyn Table> = Arc::new(MemoryTable::new(ManualClock::default().clock()));
    one_concurrent_writer_succeeds(&table, 12_500).await;
    successful_writes_form_a_chain(&table, 2_000).await;
}
