//! Reading several items at once, until all of them are there.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::KeysAndAttributes;
use gazette_table::{Item, Key, TableError};

use super::attributes::{Attributes, item, key_attributes};
use super::fault::{invalid, unavailable};
use super::settings::PAUSE;

/// How many answers without any item are put up with.
const EMPTY_ANSWERS: u32 = 3;

/// Reads the items, in the order of their keys.
///
/// DynamoDB may leave keys of a batch unread; they are asked for again until none is left.
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
            Some(left) if !left.keys.is_empty() => left.keys,
            _ => return Ok(keys.iter().map(|key| found.remove(key)).collect()),
        };
        // An answer that was merely full is continued at once.
        if found.len() > known {
            continue;
        }
        if empty == EMPTY_ANSWERS {
            let reason = "DynamoDB leaves keys unread".to_owned();
            return Err(TableError::Unavailable { reason });
        }
        tokio::time::sleep((PAUSE * 2_u32.pow(empty)).mul_f64(fastrand::f64())).await;
        empty += 1;
    }
}
