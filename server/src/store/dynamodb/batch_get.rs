//! Reads of several items.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use gazette_table::{Item, Key, TableError};

use super::attributes::{Attributes, item, key_attributes};
use super::error::{invalid, unavailable};
use super::settings::INITIAL_BACKOFF;

/// Number of retries after answers without any item.
const MAX_EMPTY_RESPONSES: u32 = 3;

/// Reads the items, in the order of their keys.
///
/// DynamoDB may leave keys unprocessed, which are requested again.
pub(super) async fn get_many(
    client: &Client,
    table: &str,
    keys: &[Key],
) -> Result<Vec<Option<Item>>, TableError> {
    let mut found = HashMap::with_capacity(keys.len());
    let mut unread: Vec<Attributes> = keys.iter().map(key_attributes).collect();
    let mut empty = 0;
    loop {
        let batch = KeysAndAttributes::builder().consistent_read(true).set_keys(Some(unread));
        let batch = batch.build().map_err(|error| invalid(&error))?;
        let answer = client.batch_get_item().request_items(table, batch).send().await;
        let answer = answer.map_err(|error| unavailable(&error))?;
        let known = found.len();
        for attributes in answer.responses.unwrap_or_default().remove(table).unwrap_or_default() {
            let item = item(&attributes)?;
            found.insert(item.key.clone(), item);
        }
        unread = match answer.unprocessed_keys.unwrap_or_default().remove(table) {
            Some(rest) if !rest.keys.is_empty() => rest.keys,
            _ => return Ok(keys.iter().map(|key| found.remove(key)).collect()),
        };
        // The answer reached its maximum size: request the rest without a pause.
        if found.len() > known {
            continue;
        }
        if empty == MAX_EMPTY_RESPONSES {
            let reason = "DynamoDB leaves keys unprocessed".to_owned();
            return Err(TableError::Unavailable { reason });
        }
        tokio::time::sleep((INITIAL_BACKOFF * 2_u32.pow(empty)).mul_f64(fastrand::f64())).await;
        empty += 1;
    }
}
