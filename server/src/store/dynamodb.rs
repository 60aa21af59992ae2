//! The production engine: a table of Amazon DynamoDB.
//!
//! An item has the attributes `partition`, `sort`, `version`, `body` (a native map) and, if it
//! expires, `ttl`. DynamoDB removes expired items within days, so reads check `ttl` as well.

mod attributes;
mod batch_get;
mod client;
mod condition;
mod create_table;
mod error;
mod query;
mod scan;
mod settings;
mod write;

use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_dynamodb::Client;
use gazette_table::{
    Clock, Item, Key, Order, Page, Range, Table, TableError, Write, check_batch, check_key,
    check_keys, check_limit,
};

pub use client::client;
pub(super) use client::region;
pub use create_table::create_table;
pub(super) use error::TableCheckError;

use attributes::{item, key_attributes};
use condition::KeyCondition;
use error::{check_error, unavailable};
use settings::{READ_DEADLINE, SCAN_DEADLINE, WRITE_DEADLINE};

const NO_RESPONSE: &str = "DynamoDB did not respond in time";

/// A table of Amazon DynamoDB.
///
/// Every call ends within a deadline that includes its retries: a read within 2 seconds, a write
/// within 5 and a page of a scan within 10.
pub struct DynamoDbTable {
    reads: Client,
    writes: Client,
    name: String,
    clock: Clock,
}

impl DynamoDbTable {
    /// Uses the table of this name, with its own timeouts and retries instead of the client's;
    /// items expire by `clock`.
    pub fn new(client: &Client, name: impl Into<String>, clock: Clock) -> Self {
        let (reads, writes) = settings::clients(client);
        Self { reads, writes, name: name.into(), clock }
    }

    /// Checks that DynamoDB accepts reads of the table.
    pub async fn check(&self) -> Result<(), TableCheckError> {
        // Any key will do: a missing table and missing permissions fail every read.
        let key = key_attributes(&Key::new("preflight", "preflight"));
        let get = self.reads.get_item().table_name(&self.name).set_key(Some(key));
        match tokio::time::timeout(READ_DEADLINE, Box::pin(get.send())).await {
            Ok(read) => read.map(drop).map_err(|error| check_error(&error)),
            Err(_) => Err(TableCheckError::Unavailable(NO_RESPONSE.to_owned())),
        }
    }
}

#[async_trait]
impl Table for DynamoDbTable {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        check_key(key)?;
        let get = self.reads.get_item().table_name(&self.name).consistent_read(true);
        let get = get.set_key(Some(key_attributes(key)));
        let read = async { get.send().await.map_err(|error| unavailable(&error)) };
        let found = within(READ_DEADLINE, Box::pin(read)).await?.item;
        let found = found.map(|attributes| item(&attributes)).transpose()?;
        let now = (self.clock)();
        Ok(found.filter(|item| !item.is_expired(now)))
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        check_keys(keys)?;
        let read = batch_get::get_many(&self.reads, &self.name, keys);
        let found = within(READ_DEADLINE, read).await?;
        let now = (self.clock)();
        Ok(found.into_iter().map(|item| item.filter(|item| !item.is_expired(now))).collect())
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        order: Order,
        limit: usize,
    ) -> Result<Page, TableError> {
        check_limit(limit)?;
        let Some(condition) = KeyCondition::of(partition, range) else {
            return Ok(Page::default());
        };
        let (wanted, now) = ((range, order, limit), (self.clock)());
        let read = query::query(&self.reads, &self.name, &condition, wanted, now);
        within(READ_DEADLINE, read).await
    }

    async fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError> {
        check_limit(limit)?;
        let read = scan::scan(&self.reads, &self.name, after, limit, (self.clock)());
        within(SCAN_DEADLINE, read).await
    }

    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError> {
        check_batch(&batch, self.max_batch())?;
        let write = write::write(&self.writes, &self.name, &batch, (self.clock)());
        within(WRITE_DEADLINE, write).await
    }
}

async fn within<T>(
    deadline: Duration,
    call: impl Future<Output = Result<T, TableError>>,
) -> Result<T, TableError> {
    tokio::time::timeout(deadline, call)
        .await
        .unwrap_or_else(|_| Err(TableError::Unavailable { reason: NO_RESPONSE.to_owned() }))
}
