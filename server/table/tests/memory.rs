//! The in-memory model keeps the port's promises.

use std::sync::Arc;

use gazette_table::conformance::{ManualClock, one_of_many_wins, run, writes_are_one_chain};
use gazette_table::{MemoryTable, Table};

#[tokio::test(flavor = "multi_thread")]
async fn the_memory_table_conforms() {
    let clock = ManualClock::default();
    run(Arc::new(MemoryTable::new(clock.clock())), &clock).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f_36_one_of_many_writers_of_a_version_wins() {
    let table: Arc<dyn Table> = Arc::new(MemoryTable::new(ManualClock::default().clock()));
    one_of_many_wins(&table, 12_500).await;
    writes_are_one_chain(&table, 2_000).await;
}
