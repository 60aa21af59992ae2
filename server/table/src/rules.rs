//! The rules a call must keep: how many, how long, how large.

use std::collections::HashSet;

use crate::{Key, TableError, Write};

/// The most writes one batch may hold (DynamoDB's limit for a transaction).
pub const MAX_BATCH: usize = 100;
/// The largest body of an item as JSON, in bytes (DynamoDB allows 400 KB with the keys).
pub const MAX_BODY_BYTES: usize = 380 * 1024;
/// The most keys that one call may read (DynamoDB's limit for a batch).
pub const MAX_KEYS: usize = 100;
/// The longest partition or sort key, in bytes.
pub const MAX_KEY_BYTES: usize = 1024;
/// The most items one page may ask for.
pub const MAX_PAGE: usize = 1000;

/// Checks the rules every batch must keep; engines call it before they write.
///
/// # Errors
/// [`TableError::Invalid`] names the broken rule.
pub fn check_batch(batch: &[Write]) -> Result<(), TableError> {
    if batch.is_empty() || batch.len() > MAX_BATCH {
        return invalid(format!("a batch holds 1 to {MAX_BATCH} writes, not {}", batch.len()));
    }
    let mut keys = HashSet::with_capacity(batch.len());
    for write in batch {
        check_key(write.key())?;
        if !keys.insert(write.key()) {
            return invalid("a key stands twice in one batch".to_owned());
        }
        if let Write::Put { item, .. } = write {
            let size = serde_json::to_vec(&item.body).map_or(usize::MAX, |body| body.len());
            if size > MAX_BODY_BYTES {
                return invalid(format!("a body has at most {MAX_BODY_BYTES} bytes, not {size}"));
            }
        }
    }
    Ok(())
}

/// Checks the keys of a read of several items.
///
/// # Errors
/// [`TableError::Invalid`] names the broken rule.
pub fn check_keys(keys: &[Key]) -> Result<(), TableError> {
    if keys.is_empty() || keys.len() > MAX_KEYS {
        return invalid(format!("a read names 1 to {MAX_KEYS} keys, not {}", keys.len()));
    }
    let mut seen = HashSet::with_capacity(keys.len());
    for key in keys {
        check_key(key)?;
        if !seen.insert(key) {
            return invalid("a key stands twice in one read".to_owned());
        }
    }
    Ok(())
}

/// Checks the size of both parts of a key.
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

fn invalid<T>(reason: String) -> Result<T, TableError> {
    Err(TableError::Invalid { reason })
}
