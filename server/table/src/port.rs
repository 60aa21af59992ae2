//! The port: what every engine promises, and the rules a call must keep.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;

use crate::{Item, Key, TableError, Write};

/// The most writes one batch may hold (DynamoDB's limit for a transaction).
pub const MAX_BATCH: usize = 100;
/// The largest body of an item as JSON, in bytes (DynamoDB allows 400 KB with the keys).
pub const MAX_BODY_BYTES: usize = 380 * 1024;
/// The longest partition or sort key, in bytes.
pub const MAX_KEY_BYTES: usize = 1024;
/// The most items one page may ask for.
pub const MAX_PAGE: usize = 1000;

/// Tells the time in seconds since the Unix epoch; what expiry is judged by.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Which part of a partition a query reads; both ends are exclusive, `None` is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// Only sort keys greater than this one.
    pub after: Option<String>,
    /// Only sort keys less than this one.
    pub before: Option<String>,
}

impl Range {
    /// The whole partition.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Whether a sort key lies in the range.
    #[must_use]
    pub fn holds(&self, sort: &str) -> bool {
        self.after.as_deref().is_none_or(|after| sort > after)
            && self.before.as_deref().is_none_or(|before| sort < before)
    }
}

/// In which order of the sort key a query answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Smallest sort key first.
    Ascending,
    /// Greatest sort key first.
    Descending,
}

/// One page of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// At most `limit` items, in the order asked for.
    pub items: Vec<Item>,
    /// Whether the range holds more items after the last one here.
    pub more: bool,
}

/// A table of items, as DynamoDB has it and as the embedded engine keeps it.
///
/// - **Absence**: an item that expired is absent to every call, at once.
/// - **Consistency**: a read sees every write acknowledged before it began.
/// - **Atomicity**: a batch is written whole or not at all, and is durable
///   when [`Table::write`] returns `Ok`.
/// - **Order**: sort keys are compared bytewise.
/// - **Failure**: after an error other than `Unavailable` nothing was written;
///   after `Unavailable` a write may or may not have happened.
#[async_trait]
pub trait Table: Send + Sync {
    /// Reads one item; `None` when there is none.
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError>;

    /// Reads at most `limit` (1 to [`MAX_PAGE`]) items of a partition.
    ///
    /// A partition that does not exist is an empty page.
    async fn query(
        &self,
        partition: &str,
        range: &Range,
        order: Order,
        limit: usize,
    ) -> Result<Page, TableError>;

    /// Writes all of the batch (1 to [`MAX_BATCH`] writes, no key twice) or none of it.
    ///
    /// # Errors
    /// [`TableError::Conflict`] names the first key whose condition failed.
    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError>;

    /// Gives back the room of items that have expired and says how many there were.
    ///
    /// They are absent to every other call already; engines that remove them by
    /// themselves have nothing to do here.
    async fn purge(&self) -> Result<usize, TableError> {
        Ok(0)
    }
}

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
