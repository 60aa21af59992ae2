//! The port: what every engine promises.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Item, Key, TableError, Write};

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

    /// Reads several items (1 to [`MAX_KEYS`](crate::MAX_KEYS) keys, none twice), answered in the order asked.
    ///
    /// Each is as fresh as [`Table::get`] would give it; together they need not be of one moment.
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError>;

    /// Reads at most `limit` (1 to [`MAX_PAGE`](crate::MAX_PAGE)) items of a partition.
    ///
    /// A partition that does not exist is an empty page.
    async fn query(
        &self,
        partition: &str,
        range: &Range,
        order: Order,
        limit: usize,
    ) -> Result<Page, TableError>;

    /// Writes all of the batch (1 to [`MAX_BATCH`](crate::MAX_BATCH) writes, no key twice) or none of it.
    ///
    /// # Errors
    /// [`TableError::Conflict`] names the first key whose condition failed.
    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError>;

    /// Reads at most `limit` (1 to [`MAX_PAGE`](crate::MAX_PAGE)) items of the whole table, from
    /// after a key on, in an order of the engine's own in which every item stands once.
    ///
    /// For an export. It reads everything there is, so nothing that anybody waits for calls it.
    /// Items written meanwhile may or may not be among those read.
    async fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError>;

    /// Gives back the room of items that have expired and says how many there were.
    ///
    /// They are absent to every other call already; engines that remove them by
    /// themselves have nothing to do here.
    async fn purge(&self) -> Result<usize, TableError> {
        Ok(0)
    }
}
