//! The in-memory model keeps the port's promises.

use std::sync::Arc;

use gazette_table::MemoryTable;
use gazette_table::conformance::{ManualClock, run};

#[tokio::test(flavor = "multi_thread")]
async fn the_memory_table_conforms() {
    let clock = ManualClock::default();
    run(Arc::new(MemoryTable::new(clock.clock())), &clock).await;
}
