//! The production engine: a table of Amazon DynamoDB.
//!
//! An item has the attributes `partition`, `sort`, `version`, `body` (a native map) and, when it
//! expires, `ttl`. DynamoDB removes expired items within days, so reads look at `ttl` themselves.

mod attributes;
mod batch_get;
mod condition;
mod create_table;

use std::time::Duration;

use async_trait::async_trait;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{DisplayErrorContext, SdkError};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    CancellationReason, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use gazette_table::{
    Clock, Item, Key, Order, Page, Range, Table, TableError, Write, check_batch, check_key,
    check_keys, check_limit,
};

pub use create_table::create_table;

use attributes::{attributes, item, key_attributes};
use condition::{Guard, KeyCondition};

/// Within which a read has an answer or fails, all its tries together.
const READ_DEADLINE: Duration = Duration::from_secs(2);
/// How often a batch that another one got in the way of is tried.
const ATTEMPTS: u32 = 6;
/// The first pause between two tries; it doubles, and a random part of it is taken.
const PAUSE: Duration = Duration::from_millis(20);

/// A table of Amazon DynamoDB.
pub struct DynamoDbTable {
    client: Client,
    name: String,
    clock: Clock,
}

impl DynamoDbTable {
    /// Uses the table of this name; expiry is judged by `clock`.
    pub fn new(client: Client, name: impl Into<String>, clock: Clock) -> Self {
        Self { client, name: name.into(), clock }
    }

    /// One write of a batch on its own costs half of what a transaction of one does.
    async fn write_one(&self, write: &Write) -> Result<(), TableError> {
        let guard = Guard::of(write.condition(), (self.clock)());
        let conflict = || TableError::Conflict { key: write.key().clone() };
        match write {
            Write::Put { item, .. } => {
                let put = self.client.put_item().table_name(&self.name);
                let put = put.set_item(Some(attributes(item)?));
                let put = put.set_condition_expression(guard.expression);
                let put = put.set_expression_attribute_names(guard.names);
                let sent = put.set_expression_attribute_values(guard.values).send().await;
                let failed = PutItemError::is_conditional_check_failed_exception;
                sent.map(drop).map_err(|error| write_error(&error, failed, conflict))
            }
            Write::Delete { key, .. } => {
                let delete = self.client.delete_item().table_name(&self.name);
                let delete = delete.set_key(Some(key_attributes(key)));
                let delete = delete.set_condition_expression(guard.expression);
                let delete = delete.set_expression_attribute_names(guard.names);
                let sent = delete.set_expression_attribute_values(guard.values).send().await;
                let failed = DeleteItemError::is_conditional_check_failed_exception;
                sent.map(drop).map_err(|error| write_error(&error, failed, conflict))
            }
        }
    }

    /// All writes of a batch or none, tried again while other transactions are in the way.
    async fn write_all(&self, batch: &[Write]) -> Result<(), TableError> {
        let now = (self.clock)();
        let items: Vec<TransactWriteItem> =
            batch.iter().map(|write| self.transact_item(write, now)).collect::<Result<_, _>>()?;
        // With the token a try whose answer was lost is not applied a second time.
        let token = uuid::Uuid::new_v4().to_string();
        let mut pause = PAUSE;
        for attempt in 1.. {
            let sent = self
                .client
                .transact_write_items()
                .set_transact_items(Some(items.clone()))
                .client_request_token(&token)
                .send()
                .await;
            let Err(error) = sent else { return Ok(()) };
            let fault = transaction_fault(batch, &error);
            if !(fault.in_the_way && attempt < ATTEMPTS) {
                return Err(fault.error);
            }
            tokio::time::sleep(pause.mul_f64(fastrand::f64())).await;
            pause *= 2;
        }
        Ok(())
    }

    fn transact_item(&self, write: &Write, now: i64) -> Result<TransactWriteItem, TableError> {
        let guard = Guard::of(write.condition(), now);
        let item = TransactWriteItem::builder();
        let built = match write {
            Write::Put { item: put, .. } => Put::builder()
                .table_name(&self.name)
                .set_item(Some(attributes(put)?))
                .set_condition_expression(guard.expression)
                .set_expression_attribute_names(guard.names)
                .set_expression_attribute_values(guard.values)
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::None)
                .build()
                .map(|put| item.put(put).build()),
            Write::Delete { key, .. } => Delete::builder()
                .table_name(&self.name)
                .set_key(Some(key_attributes(key)))
                .set_condition_expression(guard.expression)
                .set_expression_attribute_names(guard.names)
                .set_expression_attribute_values(guard.values)
                .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::None)
                .build()
                .map(|delete| item.delete(delete).build()),
        };
        built.map_err(|error| TableError::Invalid { reason: error.to_string() })
    }
}

/// A client with the SDK's own settings of region, credentials and endpoint, and with limits
/// within which every call ends.
pub async fn client() -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(2))
        .operation_attempt_timeout(Duration::from_secs(2))
        .operation_timeout(Duration::from_secs(5))
        .build();
    let config = aws_config::from_env()
        .timeout_config(timeouts)
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .load()
        .await;
    Client::new(&config)
}

#[async_trait]
impl Table for DynamoDbTable {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        check_key(key)?;
        let get = self.client.get_item().table_name(&self.name).consistent_read(true);
        let got = get.set_key(Some(key_attributes(key))).send().await;
        let got = got.map_err(|error| unavailable(&error))?;
        let item = got.item.map(|attributes| item(&attributes)).transpose()?;
        let now = (self.clock)();
        Ok(item.filter(|item| !item.is_expired(now)))
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        check_keys(keys)?;
        let read = batch_get::get_many(&self.client, &self.name, keys);
        let items = tokio::time::timeout(READ_DEADLINE, read).await.map_err(|_| too_late())??;
        let now = (self.clock)();
        Ok(items.into_iter().map(|item| item.filter(|item| !item.is_expired(now))).collect())
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
        let now = (self.clock)();
        let mut page = Page::default();
        let mut from = None;
        loop {
            let wanted = limit - page.items.len() + condition.dropped_ends + 1;
            let answer = self
                .client
                .query()
                .table_name(&self.name)
                .consistent_read(true)
                .scan_index_forward(order == Order::Ascending)
                .key_condition_expression(&condition.expression)
                .set_expression_attribute_names(Some(condition.names.clone()))
                .set_expression_attribute_values(Some(condition.values.clone()))
                .limit(i32::try_from(wanted).unwrap_or(i32::MAX))
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|error| unavailable(&error))?;
            for attributes in answer.items.unwrap_or_default() {
                let item = item(&attributes)?;
                if item.is_expired(now) || !range.holds(&item.key.sort) {
                    continue;
                }
                if page.items.len() == limit {
                    page.more = true;
                    return Ok(page);
                }
                page.items.push(item);
            }
            from = answer.last_evaluated_key;
            if from.is_none() {
                return Ok(page);
            }
        }
    }

    async fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError> {
        check_limit(limit)?;
        let now = (self.clock)();
        let mut page = Page::default();
        let mut from = after.map(key_attributes);
        loop {
            let wanted = limit - page.items.len() + 1;
            let answer = self
                .client
                .scan()
                .table_name(&self.name)
                .consistent_read(true)
                .limit(i32::try_from(wanted).unwrap_or(i32::MAX))
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|error| unavailable(&error))?;
            for attributes in answer.items.unwrap_or_default() {
                let item = item(&attributes)?;
                if item.is_expired(now) {
                    continue;
                }
                if page.items.len() == limit {
                    page.more = true;
                    return Ok(page);
                }
                page.items.push(item);
            }
            from = answer.last_evaluated_key;
            if from.is_none() {
                return Ok(page);
            }
        }
    }

    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError> {
        check_batch(&batch)?;
        match batch.as_slice() {
            [write] => self.write_one(write).await,
            batch => self.write_all(batch).await,
        }
    }
}

/// Why a transaction did not happen, and whether others were merely in its way.
struct TransactionFault {
    error: TableError,
    in_the_way: bool,
}

fn transaction_fault(
    batch: &[Write],
    error: &SdkError<TransactWriteItemsError>,
) -> TransactionFault {
    let reasons: &[CancellationReason] = match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            cancelled.cancellation_reasons()
        }
        _ => &[],
    };
    let failed = reasons.iter().position(|reason| reason.code() == Some("ConditionalCheckFailed"));
    if let Some(write) = failed.and_then(|at| batch.get(at)) {
        let error = TableError::Conflict { key: write.key().clone() };
        return TransactionFault { error, in_the_way: false };
    }
    let passing = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
    let in_the_way =
        reasons.iter().filter_map(CancellationReason::code).any(|code| passing.contains(&code));
    TransactionFault { error: unavailable(error), in_the_way }
}

/// A condition that did not hold, or an engine that did not answer.
fn write_error<E: std::error::Error + 'static>(
    error: &SdkError<E>,
    is_failed_condition: fn(&E) -> bool,
    conflict: impl FnOnce() -> TableError,
) -> TableError {
    match error.as_service_error() {
        Some(fault) if is_failed_condition(fault) => conflict(),
        _ => unavailable(error),
    }
}

fn unavailable<E: std::error::Error + 'static>(error: &SdkError<E>) -> TableError {
    TableError::Unavailable { reason: DisplayErrorContext(error).to_string() }
}

fn too_late() -> TableError {
    TableError::Unavailable { reason: "DynamoDB did not answer in time".to_owned() }
}
