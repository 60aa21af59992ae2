//! Reads of a page of a partition, from one or more of DynamoDB's pages.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use gazette_table::{Order, Page, Range, TableError};

use super::attributes::{Attributes, SORT, item};
use super::condition::KeyCondition;
use super::error::unavailable;

/// Reads at most `limit` items that are not expired at `now`.
pub(super) async fn query(
    client: &Client,
    table: &str,
    condition: &KeyCondition,
    (range, order, limit): (&Range, Order, usize),
    now: i64,
) -> Result<Page, TableError> {
    let mut page = Page::default();
    let mut from: Option<Attributes> = None;
    loop {
        let wanted = limit - page.items.len() + condition.dropped_ends + 1;
        let answer = client
            .query()
            .table_name(table)
            .consistent_read(true)
            .scan_index_forward(order == Order::Ascending)
            .key_condition_expression(&condition.expression)
            .set_expression_attribute_names(Some(condition.names.clone()))
            .set_expression_attribute_values(Some(condition.values.clone()))
            .limit(i32::try_from(wanted).unwrap_or(i32::MAX))
            .set_exclusive_start_key(from.clone())
            .send();
        let answer = answer.await.map_err(|error| unavailable(&error))?;
        for attributes in answer.items.unwrap_or_default() {
            let item = item(&attributes)?;
            if item.is_expired(now) || !range.contains(&item.key.sort) {
                continue;
            }
            if page.items.len() == limit {
                page.more = true;
                return Ok(page);
            }
            page.items.push(item);
        }
        let Some(next) = answer.last_evaluated_key else { return Ok(page) };
        if !advances(from.as_ref(), &next, order) {
            let reason = "DynamoDB repeats a page".to_owned();
            return Err(TableError::Unavailable { reason });
        }
        from = Some(next);
    }
}

/// Checks that the next page begins after the previous one, so that the loop ends.
fn advances(from: Option<&Attributes>, next: &Attributes, order: Order) -> bool {
    let sort = |key: &Attributes| match key.get(SORT) {
        Some(AttributeValue::S(sort)) => sort.clone(),
        _ => String::new(),
    };
    from.is_none_or(|from| match order {
        Order::Ascending => sort(next) > sort(from),
        Order::Descending => sort(next) < sort(from),
    })
}
