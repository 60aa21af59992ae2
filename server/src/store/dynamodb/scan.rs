//! Reads of the whole table, in DynamoDB's order of partitions.

use aws_sdk_dynamodb::Client;
use gazette_table::{Key, Page, TableError};

use super::attributes::{item, key_attributes};
use super::error::unavailable;

/// Reads at most `limit` items after `after` that are not expired at `now`.
pub(super) async fn scan(
    client: &Client,
    table: &str,
    after: Option<&Key>,
    limit: usize,
    now: i64,
) -> Result<Page, TableError> {
    let mut page = Page::default();
    let mut from = after.map(key_attributes);
    loop {
        let wanted = limit - page.items.len() + 1;
        let answer = client
            .scan()
            .table_name(table)
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
