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
/// Every engine promises the same, and one suite, `conformance`, holds it to that.
///
/// - **Absence**: a key that was never written, one that was deleted, and one whose item has
///   expired are the same: `None`, no part of a page, no fault. An item expires at the second that
///   `expires_at` names, by the engine's clock, whether or not it has been removed yet.
/// - **Conditions** are judged against what is there when the batch is written, all of them before
///   anything of it; an expired item is absent to them. Of many who replace the same version at
///   the same time exactly one wins.
/// - **Atomicity**: a batch is written whole or not at all, also when the caller goes away or the
///   process dies; a reader of one partition never sees a part of it.
/// - **Durability**: when [`Table::write`] returns `Ok` the batch survives a crash.
/// - **Consistency**: a read sees every write that was acknowledged before it began. A page is of
///   one moment, unless it is so large that DynamoDB needs several answers for it; items of a
///   [`Table::get_many`] may be of different moments.
/// - **Order**: sort keys are compared bytewise, as UTF-8.
/// - **Sizes**: a key part has 1 to [`MAX_KEY_BYTES`] bytes; a body has at most
///   [`MAX_BODY_BYTES`] as JSON and [`MAX_DEPTH`] levels, its item at most [`MAX_ITEM_BYTES`] and a
///   batch at most [`MAX_BATCH_BYTES`] as DynamoDB counts. More is [`TableError::Invalid`] before
///   anything is done.
/// - **Bodies** come back as they were, except that a number with an empty fraction, such as 2.0,
///   may come back as a whole one. Numbers lie within what DynamoDB knows, and names in a body
///   are not empty.
/// - **Failure**: after [`TableError::Conflict`] and [`TableError::Invalid`] nothing was written.
///   After [`TableError::Unavailable`] a write may or may not have happened, and asking again is
///   right. [`TableError::Corrupt`] is for people: asking again does not help. Every call ends.
///
/// [`MAX_KEY_BYTES`]: crate::MAX_KEY_BYTES
/// [`MAX_BODY_BYTES`]: crate::MAX_BODY_BYTES
/// [`MAX_DEPTH`]: crate::MAX_DEPTH
/// [`MAX_ITEM_BYTES`]: crate::MAX_ITEM_BYTES
/// [`MAX_BATCH_BYTES`]: crate::MAX_BATCH_BYTES
#[async_trait]
pub trait Table: Send + Sync {
    /// Reads one item; `None` when there is none.
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError>;

    /// Reads several items (1 to [`MAX_KEYS`](crate::MAX_KEYS) keys, none twice), answered in the
    /// order asked.
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

    /// Writes all of the batch (1 to [`MAX_BATCH`](crate::MAX_BATCH) writes, no key twice) or none
    /// of it.
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
