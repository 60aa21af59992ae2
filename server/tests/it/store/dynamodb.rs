//! The DynamoDB engine when DynamoDB is far away.

use std::net::SocketAddr;
use std::sync::Arc;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::{Client, Config};
use dynoxide::Database;
use dynoxide::server::serve_on;
use gazette_server::store::DynamoDbTable;
use gazette_table::{Key, Table, TableError};
use tokio::net::TcpListener;

#[tokio::test]
async fn a_table_that_cannot_be_reached_is_unavailable_within_its_time() {
    let nobody =
        TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("bound");
    let table = DynamoDbTable::new(client_of(nobody), "gazette", Arc::new(|| 0));
    let answer = table.get(&Key::new("p", "s")).await;
    assert!(matches!(answer, Err(TableError::Unavailable { .. })), "{answer:?}");
}

/// A client of a DynamoDB engine that runs in this process and is talked to over the wire.
pub(super) async fn dynamodb() -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("bound");
    let database = Database::memory().expect("an engine");
    tokio::spawn(serve_on(listener, database));
    client_of(addr)
}

pub(crate) fn client_of(addr: SocketAddr) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
        .endpoint_url(format!("http://{addr}"))
        .build();
    Client::from_conf(config)
}
