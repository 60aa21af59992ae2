//! A table for tests that fails, delays and counts calls.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use crate::{Item, Key, Order, Page, Range, Table, TableError, TableHealth, Write};

/// One call of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `true` for [`Table::write`], `false` for every read.
    pub is_write: bool,
    /// Partitions of the keys in the call; empty for [`Table::scan`].
    pub partitions: Vec<String>,
}

/// Decides before each call whether it fails.
type Hook = Box<dyn Fn(&Call) -> Result<(), TableError> + Send + Sync>;

/// Wraps another table and fails, delays or counts its calls as a test demands.
///
/// [`Table::purge`] is passed on unchanged.
pub struct FaultyTable {
    inner: Arc<dyn Table>,
    hook: Mutex<Option<Hook>>,
    reads: AtomicUsize,
    writes_left: AtomicI64,
    max_yields: AtomicUsize,
    calls: AtomicUsize,
}

impl FaultyTable {
    /// Wraps a table; without further calls it behaves like the table itself.
    #[must_use]
    pub fn new(inner: Arc<dyn Table>) -> Self {
        Self {
            inner,
            hook: Mutex::new(None),
            reads: AtomicUsize::new(0),
            writes_left: AtomicI64::new(i64::MAX),
            max_yields: AtomicUsize::new(0),
            calls: AtomicUsize::new(0),
        }
    }

    /// Returns the wrapped table, whose calls never fail and are not counted.
    #[must_use]
    pub fn inner(&self) -> &dyn Table {
        &*self.inner
    }

    /// Runs a hook before each call; its error becomes the result of the call.
    pub fn set_hook(&self, hook: impl Fn(&Call) -> Result<(), TableError> + Send + Sync + 'static) {
        *self.hook.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(hook));
    }

    /// Makes the matching calls fail as unavailable with this reason, until [`Self::repair`].
    pub fn fail(
        &self,
        reason: impl Into<String>,
        matches: impl Fn(&Call) -> bool + Send + Sync + 'static,
    ) {
        let reason = reason.into();
        self.set_hook(move |call| {
            if matches(call) {
                return Err(TableError::Unavailable { reason: reason.clone() });
            }
            Ok(())
        });
    }

    /// Removes the hook.
    pub fn repair(&self) {
        *self.hook.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Accepts this many writes more; later ones fail as unavailable.
    pub fn allow_writes(&self, count: i64) {
        self.writes_left.store(count, Ordering::SeqCst);
    }

    /// Accepts any number of writes again.
    pub fn allow_all_writes(&self) {
        self.allow_writes(i64::MAX);
    }

    /// Yields to other tasks before each call, 1 to `max` times in turn, so that concurrent callers
    /// interleave in many ways; 0 ends it.
    pub fn set_max_yields(&self, max: usize) {
        self.max_yields.store(max, Ordering::SeqCst);
    }

    /// Returns the number of reads so far.
    #[must_use]
    pub fn reads(&self) -> usize {
        self.reads.load(Ordering::SeqCst)
    }

    async fn before(&self, is_write: bool, partitions: Vec<String>) -> Result<(), TableError> {
        if !is_write {
            self.reads.fetch_add(1, Ordering::SeqCst);
        }
        if let Some(hook) = &*self.hook.lock().unwrap_or_else(PoisonError::into_inner) {
            hook(&Call { is_write, partitions })?;
        }
        let max_yields = self.max_yields.load(Ordering::Relaxed);
        if max_yields > 0 {
            for _ in 0..=self.calls.fetch_add(1, Ordering::Relaxed) % max_yields {
                tokio::task::yield_now().await;
            }
        }
        if is_write && self.writes_left.fetch_sub(1, Ordering::SeqCst) <= 0 {
            return Err(TableError::Unavailable { reason: "no more writes allowed".to_owned() });
        }
        Ok(())
    }
}

#[async_trait]
impl Table for FaultyTable {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        self.before(false, vec![key.partition.clone()]).await?;
        self.inner.get(key).await
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        self.before(false, keys.iter().map(|key| key.partition.clone()).collect()).await?;
        self.inner.get_many(keys).await
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        order: Order,
        limit: usize,
    ) -> Result<Page, TableError> {
        self.before(false, vec![partition.to_owned()]).await?;
        self.inner.query(partition, range, order, limit).await
    }

    async fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError> {
        self.before(false, Vec::new()).await?;
        self.inner.scan(after, limit).await
    }

    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError> {
        let partitions = batch.iter().map(|write| write.key().partition.clone()).collect();
        self.before(true, partitions).await?;
        self.inner.write(batch).await
    }

    async fn health(&self) -> TableHealth {
        match self.before(false, vec!["health".to_owned()]).await {
            Ok(()) => self.inner.health().await,
            Err(error) => TableHealth::from(&error),
        }
    }

    async fn purge(&self) -> Result<usize, TableError> {
        self.inner.purge().await
    }
}
