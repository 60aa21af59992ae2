//! The port: the contract of every engine.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Item, Key, MAX_BATCH, TableError, TableHealth, Write};

/// Returns the time in seconds since the Unix epoch; decides when items expire.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The range of sort keys that a query reads. Both ends are exclusive; `None` is open.
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

    /// Checks whether the range contains a sort key.
    #[must_use]
    pub fn contains(&self, sort: &str) -> bool {
        self.after.as_deref().is_none_or(|after| sort > after)
            && self.before.as_deref().is_none_or(|before| sort < before)
    }
}

/// The order of sort keys in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// A page of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// At most `limit` items, in the requested order.
    pub items: Vec<Item>,
    /// `true` when there are more items after the last one.
    pub more: bool,
}

/// A state of the whole table, which later writes do not change. Keep it only for a short time: the
/// engine keeps everything that was replaced since.
pub trait Snapshot: Send + Sync {
    /// Reads items like [`Table::scan`].
    fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError>;
}

/// A table of items with the semantics of DynamoDB.
///
/// All engines have the same contract, which the suite `conformance` checks.
///
/// - **Absence**: a key without an item, with a deleted item and with an expired item behave the
///   same: `None`, not on a page, not an error. An item expires at the second of its `expires_at` by
///   the engine's clock, even if it is not removed yet.
/// - **Conditions** are all checked before anything of the batch is written. Of several writers that
///   replace the same version at the same time exactly one succeeds.
/// - **Atomicity**: a batch is written completely or not at all, even if the caller is dropped or the
///   process is killed. A reader of one partition never sees a part of a batch.
/// - **Durability**: after [`Table::write`] returned `Ok`, the batch survives a crash.
/// - **Consistency**: a read sees every write that was acknowledged before it began. A page is a
///   snapshot, unless it is so large that DynamoDB needs several responses for it. Items of a
///   [`Table::get_many`] may be from different moments.
/// - **Order**: sort keys are compared bytewise, as UTF-8.
/// - **Sizes**: a part of a key has 1 to [`MAX_KEY_BYTES`] bytes; a body has at most
///   [`MAX_BODY_BYTES`] as JSON and [`MAX_DEPTH`] levels; an item has at most 400 KiB and a batch
///   at most 4 MB, as DynamoDB counts. A call beyond these limits is
///   [`TableError::Invalid`] and has no effect.
/// - **Bodies** are returned unchanged, except that a number with an empty fraction, such as 2.0, may
///   become an integer. Numbers are in DynamoDB's range, and names in a body are not empty.
/// - **Errors**: after [`TableError::Conflict`] and [`TableError::Invalid`] nothing was written.
///   After [`TableError::Unavailable`] the batch may have been written; the caller may retry.
///   [`TableError::Corrupt`] needs manual repair; retrying does not help. Every call returns.
///
/// [`MAX_KEY_BYTES`]: crate::MAX_KEY_BYTES
/// [`MAX_BODY_BYTES`]: crate::MAX_BODY_BYTES
/// [`MAX_DEPTH`]: crate::MAX_DEPTH
#[async_trait]
pub trait Table: Send + Sync {
    /// Reads an item; `None` when it is absent.
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError>;

    /// Reads several items (1 to [`MAX_KEYS`](crate::MAX_KEYS) different keys), in the order of the
    /// keys.
    ///
    /// Each read is as consistent as [`Table::get`]; together they are not a snapshot.
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError>;

    /// Reads at most `limit` (1 to [`MAX_PAGE`](crate::MAX_PAGE)) items of a partition.
    ///
    /// A partition without items is an empty page.
    async fn query(
        &self,
        partition: &str,
        range: &Range,
        order: Order,
        limit: usize,
    ) -> Result<Page, TableError>;

    /// Returns the largest number of writes in a batch, at least [`MAX_BATCH`].
    fn max_batch(&self) -> usize {
        MAX_BATCH
    }

    /// Writes the whole batch (1 to [`Table::max_batch`] writes with different keys) or nothing.
    ///
    /// # Errors
    /// [`TableError::Conflict`] names the first key whose condition failed.
    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError>;

    /// Reads at most `limit` (1 to [`MAX_PAGE`](crate::MAX_PAGE)) items of the whole table after a
    /// key, in an order that the engine chooses and in which every item occurs once.
    ///
    /// For exports only, since it reads the whole table. Items written during a scan may be missing.
    async fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError>;

    /// Returns the state of the whole table at this moment; `None` if the engine cannot keep one.
    fn snapshot(&self) -> Result<Option<Box<dyn Snapshot>>, TableError> {
        Ok(None)
    }

    /// Checks the table with a read that bypasses the caches of this process, and returns what the
    /// engine knows of earlier errors.
    async fn health(&self) -> TableHealth {
        match self.get(&Key::new("health", "check")).await {
            Ok(_) => TableHealth::Ok,
            Err(error) => TableHealth::from(&error),
        }
    }

    /// Removes expired items to free their space, and returns their number.
    ///
    /// They are absent for all other calls anyway. Engines that remove them by themselves do nothing
    /// here.
    async fn purge(&self) -> Result<usize, TableError> {
        Ok(0)
    }
}
