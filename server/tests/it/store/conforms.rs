//! Both engines pass the suite of the port.

use std::sync::Arc;

use gazette_server::store::{EmbeddedTable, create_table};
use gazette_table::conformance::{ManualClock, run};

use crate::endpoint::{Endpoint, TABLE};

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_table_conforms() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ManualClock::default();
    let table = EmbeddedTable::open(&folder.path().join("t.redb"), clock.clock()).expect("opened");
    run(Arc::new(table), &clock).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dynamodb_table_conforms() {
    let endpoint = Endpoint::new().await;
    create_table(&endpoint.client(), TABLE).await.expect("it is there already, which is no fault");
    let clock = ManualClock::default();
    run(Arc::new(endpoint.table(clock.clock())), &clock).await;
}
