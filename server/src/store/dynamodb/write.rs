//! Atomic writes of batches.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use gazette_table::{Condition, TableError, Write};

use super::attributes::{attributes, key_attributes};
use super::condition::ConditionExpression;
use super::error::{invalid, transaction_error, write_error};

/// Writes the whole batch or nothing; items that expired by `now` are absent.
///
/// A single write without a condition is idempotent and is sent alone, at half the price. A write
/// with a condition is sent as a transaction: without its token, a retry after a lost answer would
/// fail because of the first try.
pub(super) async fn write(
    client: &Client,
    table: &str,
    batch: &[Write],
    now: i64,
) -> Result<(), TableError> {
    match batch {
        [Write::Put { item, condition: Condition::Any }] => {
            let put = client.put_item().table_name(table).set_item(Some(attributes(item)?));
            put.send().await.map(drop).map_err(|error| write_error(&error))
        }
        [Write::Delete { key, condition: Condition::Any }] => {
            let delete = client.delete_item().table_name(table).set_key(Some(key_attributes(key)));
            delete.send().await.map(drop).map_err(|error| write_error(&error))
        }
        batch => transaction(client, table, batch, now).await,
    }
}

async fn transaction(
    client: &Client,
    table: &str,
    batch: &[Write],
    now: i64,
) -> Result<(), TableError> {
    let items = batch.iter().map(|write| transact_item(table, write, now));
    let items: Vec<TransactWriteItem> = items.collect::<Result<_, _>>()?;
    let sent = client
        .transact_write_items()
        .set_transact_items(Some(items))
        .client_request_token(uuid::Uuid::new_v4().to_string())
        .send();
    sent.await.map(drop).map_err(|error| transaction_error(batch, &error))
}

fn transact_item(table: &str, write: &Write, now: i64) -> Result<TransactWriteItem, TableError> {
    let condition = ConditionExpression::of(write.condition(), now);
    let item = TransactWriteItem::builder();
    let built = match write {
        Write::Put { item: put, .. } => Put::builder()
            .table_name(table)
            .set_item(Some(attributes(put)?))
            .set_condition_expression(condition.expression)
            .set_expression_attribute_names(condition.names)
            .set_expression_attribute_values(condition.values)
            .build()
            .map(|put| item.put(put).build()),
        Write::Delete { key, .. } => Delete::builder()
            .table_name(table)
            .set_key(Some(key_attributes(key)))
            .set_condition_expression(condition.expression)
            .set_expression_attribute_names(condition.names)
            .set_expression_attribute_values(condition.values)
            .build()
            .map(|delete| item.delete(delete).build()),
    };
    built.map_err(|error| invalid(&error))
}
