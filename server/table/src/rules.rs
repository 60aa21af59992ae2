//! The limits that a call must observe.

use std::collections::HashSet;

use serde_json::{Number, Value};

use crate::{Item, Key, TableError, Write};

/// Number of writes that every engine takes in a batch (DynamoDB's limit of a transaction).
pub const MAX_BATCH: usize = 100;
/// Maximum size of a body as JSON, in bytes (DynamoDB allows 400 KB including the keys).
pub const MAX_BODY_BYTES: usize = 380 * 1024;
/// Maximum size of an item, in bytes as DynamoDB counts them (see [`item_size`]).
const MAX_ITEM_BYTES: usize = 400 * 1024;
/// JSON has at most six times the bytes of [`item_size`]: a byte of text may become `\u0001`.
const MAX_GROWTH: usize = 6;
/// Maximum size of all items of a batch together, in bytes.
const MAX_BATCH_BYTES: usize = 4_000_000;
/// Maximum depth of lists and maps in a body. DynamoDB allows 32 levels including the item itself.
pub const MAX_DEPTH: usize = 31;
/// Maximum number of keys in a read (DynamoDB's limit of a batch).
pub const MAX_KEYS: usize = 100;
/// Maximum length of a partition or a sort key, in bytes.
pub const MAX_KEY_BYTES: usize = 1024;
/// Maximum number of items on a page.
pub const MAX_PAGE: usize = 1000;

/// Checks a batch of at most `max_batch` writes; engines call it before they write.
///
/// # Errors
/// [`TableError::Invalid`] with the broken rule.
pub fn check_batch(batch: &[Write], max_batch: usize) -> Result<(), TableError> {
    if batch.is_empty() || batch.len() > max_batch {
        return invalid(format!("a batch holds 1 to {max_batch} writes, not {}", batch.len()));
    }
    let mut keys = HashSet::with_capacity(batch.len());
    let mut total = 0;
    for write in batch {
        check_key(write.key())?;
        if !keys.insert(write.key()) {
            return invalid("a key is repeated in a batch".to_owned());
        }
        if let Write::Put { item, .. } = write {
            total += check_item(item)?;
        }
    }
    if total > MAX_BATCH_BYTES {
        return invalid(format!("a batch has at most {MAX_BATCH_BYTES} bytes, not {total}"));
    }
    Ok(())
}

/// Checks the keys of a read of several items.
///
/// # Errors
/// [`TableError::Invalid`] with the broken rule.
pub fn check_keys(keys: &[Key]) -> Result<(), TableError> {
    if keys.is_empty() || keys.len() > MAX_KEYS {
        return invalid(format!("a read has 1 to {MAX_KEYS} keys, not {}", keys.len()));
    }
    let mut seen = HashSet::with_capacity(keys.len());
    for key in keys {
        check_key(key)?;
        if !seen.insert(key) {
            return invalid("a key is repeated in a read".to_owned());
        }
    }
    Ok(())
}

/// Checks the length of both parts of a key.
///
/// # Errors
/// [`TableError::Invalid`] when a part is empty or too long.
pub fn check_key(key: &Key) -> Result<(), TableError> {
    for part in [&key.partition, &key.sort] {
        if part.is_empty() || part.len() > MAX_KEY_BYTES {
            return invalid(format!(
                "a key part has 1 to {MAX_KEY_BYTES} bytes, not {}",
                part.len()
            ));
        }
    }
    Ok(())
}

/// Returns the size of an item as DynamoDB counts it: names and text in bytes, numbers by their
/// digits, and a few bytes for each list, map and entry. May be some bytes more than DynamoDB's count.
fn item_size(item: &Item) -> usize {
    const NAMES: usize =
        "partition".len() + "sort".len() + "version".len() + "body".len() + "ttl".len();
    // `version` and `ttl` have at most 20 digits.
    const NUMBERS: usize = 2 * 12;
    let Key { partition, sort } = &item.key;
    NAMES + NUMBERS + partition.len() + sort.len() + value_size(&item.body)
}

/// Checks the limit of a query.
///
/// # Errors
/// [`TableError::Invalid`] when it is 0 or over [`MAX_PAGE`].
pub fn check_limit(limit: usize) -> Result<(), TableError> {
    if (1..=MAX_PAGE).contains(&limit) {
        return Ok(());
    }
    invalid(format!("a page holds 1 to {MAX_PAGE} items, not {limit}"))
}

/// Returns the size of an item within the limits.
fn check_item(item: &Item) -> Result<usize, TableError> {
    let size = item_size(item);
    // Only a large body has to be written to know that it fits.
    if size > MAX_BODY_BYTES / MAX_GROWTH {
        let json = serde_json::to_vec(&*item.body).map_or(usize::MAX, |body| body.len());
        if json > MAX_BODY_BYTES {
            return invalid(format!("a body has at most {MAX_BODY_BYTES} bytes, not {json}"));
        }
    }
    check_value(&item.body, MAX_DEPTH)?;
    if size > MAX_ITEM_BYTES {
        return invalid(format!("an item has at most {MAX_ITEM_BYTES} bytes, not {size}"));
    }
    Ok(size)
}

/// Checks the depth, the names and the numbers of a value.
fn check_value(value: &Value, depth: usize) -> Result<(), TableError> {
    match value {
        Value::Array(list) => check_values(list.iter(), depth),
        Value::Object(map) if map.contains_key("") => {
            invalid("the names in a body have at least one character".to_owned())
        }
        Value::Object(map) => check_values(map.values(), depth),
        Value::Number(number) => check_number(number),
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}

fn check_values<'a>(
    mut values: impl Iterator<Item = &'a Value>,
    depth: usize,
) -> Result<(), TableError> {
    let Some(remaining) = depth.checked_sub(1) else {
        return invalid(format!("a body is at most {MAX_DEPTH} levels deep"));
    };
    values.try_for_each(|value| check_value(value, remaining))
}

/// Checks that a number is in DynamoDB's range, which is smaller than that of JSON.
fn check_number(number: &Number) -> Result<(), TableError> {
    let magnitude = number.as_f64().unwrap_or_default().abs();
    if magnitude == 0.0 || (1e-130..1e126).contains(&magnitude) {
        return Ok(());
    }
    invalid(format!("a number is 0 or between 1e-130 and 1e126, not {number}"))
}

fn value_size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 1,
        Value::Number(number) => number.to_string().len() / 2 + 2,
        Value::String(text) => text.len(),
        Value::Array(list) => 3 + list.iter().map(|value| 1 + value_size(value)).sum::<usize>(),
        Value::Object(map) => {
            3 + map.iter().map(|(name, value)| 1 + name.len() + value_size(value)).sum::<usize>()
        }
    }
}

fn invalid<T>(reason: String) -> Result<T, TableError> {
    Err(TableError::Invalid { reason })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values() -> impl Strategy<Value = Value> {
        let text = || "(\\PC|[\u{0}-\u{1f}\"\\\\]){0,40}";
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            text().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::hash_map(text(), inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_value_grows_more_than_it_may(value in values()) {
            let json = value.to_string().len();
            // Two for the quotes of a text.
            prop_assert!(json <= MAX_GROWTH * value_size(&value) + 2, "{json} bytes of JSON");
        }
    }

    #[test]
    fn a_body_that_grows_most_is_measured_exactly() {
        let of_length = |length: usize| {
            let item = Item::new(Key::new("p", "s"), &"\u{1}".repeat(length)).expect("an item");
            check_item(&item)
        };
        let longest = (MAX_BODY_BYTES - "\"\"".len()) / MAX_GROWTH;
        assert!(of_length(longest).is_ok());
        assert!(of_length(longest + 1).is_err());
    }
}
