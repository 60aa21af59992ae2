//! Both engines pass the suite of the port.

use std::sync::Arc;

use gazette_server::store::{DynamoDbTable, EmbeddedTable, create_table};
use gazette_table::conformance::{ManualClock, run};

use super::dynamodb::dynamodb;

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_table_conforms() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = ManualClock::default();
    let table = EmbeddedTable::open(&folder.path().join("t.redb"), clock.clock()).expect("opened");
    run(Arc::new(table), &clock).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dynamodb_table_conforms() {
    let client = dynamodb().await;
    create_table(&client, "gazette").await.expect("a table");
    create_table(&client, "gazette").await.expect("it is there already, which is no fault");
    let clock = ManualClock::default();
    let table = DynamoDbTable::new(client, "gazette", clock.clock());
    run(Arc::new(table), &clock).await;
}
