//! The stored record of an item: a checksum of key and content, then the content as JSON.

use gazette_table::{Item, Key, TableError};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const SUM: usize = 4;

/// The content of a record.
#[derive(Serialize, Deserialize)]
struct Content<T> {
    version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
    body: T,
}

/// Encodes an item as a record.
pub(super) fn encode(item: Item) -> Result<Vec<u8>, TableError> {
    let Item { key, version, expires_at, body } = item;
    let mut record = vec![0; SUM];
    serde_json::to_writer(&mut record, &Content { version, expires_at, body: &*body })
        .map_err(|error| TableError::Invalid { reason: error.to_string() })?;
    let (sum, content) = record.split_at_mut(SUM);
    sum.copy_from_slice(&checksum(&key, content));
    Ok(record)
}

/// Decodes a record.
///
/// # Errors
/// [`TableError::Corrupt`] when the record was not written under this key or was altered.
pub(super) fn decode(key: Key, record: &[u8]) -> Result<Item, TableError> {
    let intact =
        record.split_at_checked(SUM).filter(|(sum, content)| *sum == checksum(&key, content));
    let Some((_, content)) = intact else {
        let reason = "its checksum is wrong; restore the store from a backup".to_owned();
        return Err(TableError::Corrupt { key, reason });
    };
    parse(key, content)
}

/// Decodes a record of format version 1, which had no checksum.
pub(super) fn decode_unchecked(key: Key, record: &[u8]) -> Result<Item, TableError> {
    parse(key, record)
}

fn parse(key: Key, content: &[u8]) -> Result<Item, TableError> {
    match serde_json::from_slice(content) {
        Ok(Content::<Value> { version, expires_at, body }) => {
            Ok(Item { key, version, expires_at, body: body.into() })
        }
        Err(error) => Err(TableError::Corrupt { key, reason: error.to_string() }),
    }
}

fn checksum(key: &Key, content: &[u8]) -> [u8; SUM] {
    let mut hasher = crc32fast::Hasher::new();
    // A length instead of a separator, since a key can contain any character.
    hasher.update(&(key.partition.len() as u64).to_le_bytes());
    hasher.update(key.partition.as_bytes());
    hasher.update(key.sort.as_bytes());
    hasher.update(content);
    hasher.finalize().to_le_bytes()
}
