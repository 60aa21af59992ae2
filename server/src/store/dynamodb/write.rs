//! Writing a batch: all of it once, or nothing.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use gazette_table::{Condition, TableError, Write};

use super::attributes::{attributes, key_attributes};
use super::condition::Guard;
use super::fault::{invalid, transaction_error, write_error};

/// Writes all of the batch or nothing; expiry is judged by `now`.
///
/// A single write without a condition does the same when it is sent twice, so it goes alone, at
/// half of the price. With a condition the second try of a write whose answer was lost would be
/// refused because of the first, so it goes as a transaction, which DynamoDB knows by its token.
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
    let guard = Guard::of(write.condition(), now);
    let item = TransactWriteItem::builder();
    let built = match write {
        Write::Put { item: put, .. } => Put::builder()
            .table_name(table)
            .set_item(Some(attributes(put)?))
            .set_condition_expression(guard.expression)
            .set_expression_attribute_names(guard.names)
            .set_expression_attribute_values(guard.values)
            .build()
            .map(|put| item.put(put).build()),
        Write::Delete { key, .. } => Delete::builder()
            .table_name(table)
            .set_key(Some(key_attributes(key)))
            .set_condition_expression(guard.expression)
            .set_expression_attribute_names(guard.names)
            .set_expression_attribute_values(guard.values)
            .build()
            .map(|delete| item.delete(delete).build()),
    };
    built.map_err(|error| invalid(&error))
}
