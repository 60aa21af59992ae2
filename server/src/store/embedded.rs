//! The embedded engine: a redb file with checksums. An acknowledged write is on disk.

mod checked_file;
mod error;
mod format;
mod handle;
mod health;
mod known_errors;
mod migration;
mod new_store;
mod open;
mod open_error;
mod record;
mod snapshot;
mod transaction;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use gazette_table::{
    Clock, Item, Key, Order, Page, Range, Snapshot, Table, TableError, TableHealth, Write,
    check_batch, check_key, check_keys, check_limit,
};
use redb::StorageBackend;

pub use open_error::OpenError;

use error::StoreError;
use handle::Handle;
use snapshot::EmbeddedSnapshot;
use transaction::PURGE_BATCH;

/// Maximum number of writes in a batch. Imports write large batches, because each one costs two syncs
/// of the disk.
const MAX_BATCH: usize = 1_000;

/// A table in a file, which one process at a time can open.
///
/// Damaged items are [`TableError::Corrupt`]; they are never returned.
pub struct EmbeddedTable {
    handle: Arc<Handle>,
    /// `None` in another storage than a file.
    path: Option<PathBuf>,
    clock: Clock,
}

impl EmbeddedTable {
    /// Opens the file and creates it if it does not exist; items expire by `clock`.
    pub fn open(path: &Path, clock: Clock) -> Result<Self, OpenError> {
        Ok(Self::in_file(path, open::open_or_create(path)?, clock))
    }

    /// Opens an existing file; items expire by `clock`.
    pub fn open_present(path: &Path, clock: Clock) -> Result<Self, OpenError> {
        Ok(Self::in_file(path, open::open_present(path)?, clock))
    }

    /// Checks that an existing file can be opened, without changing it.
    pub fn check(path: &Path) -> Result<(), OpenError> {
        open::check(path)
    }

    /// Opens an existing file as a start would, without changing it.
    pub(crate) fn check_content(path: &Path) -> Result<(), OpenError> {
        open::check_content(path)
    }

    /// Opens the table in another storage; `storage` returns the same one each time.
    pub fn on_storage(
        storage: impl Fn() -> io::Result<Box<dyn StorageBackend>> + Send + Sync + 'static,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let open = move || {
            let storage = storage().map_err(|error| OpenError::failed(Path::new(""), error))?;
            open::open_storage(storage)
        };
        Ok(Self { handle: Arc::new(Handle::new(open()?, Box::new(open))), path: None, clock })
    }

    fn in_file(path: &Path, database: redb::Database, clock: Clock) -> Self {
        let path = PathBuf::from(path);
        let reopen = path.clone();
        let reopen = Box::new(move || open::open_existing(&reopen));
        Self { handle: Arc::new(Handle::new(database, reopen)), path: Some(path), clock }
    }

    /// Runs a write on a thread for blocking calls, since it waits for the disk.
    async fn blocking<T: Send + 'static>(
        &self,
        operation: impl Fn(&redb::Database, i64) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, TableError> {
        let handle = Arc::clone(&self.handle);
        let now = (self.clock)();
        let task = move || handle.write(|database| operation(database, now));
        let done = tokio::task::spawn_blocking(task).await;
        let done = done.map_err(|error| TableError::Unavailable { reason: error.to_string() })?;
        done.map_err(StoreError::into_table_error)
    }
}

#[async_trait]
impl Table for EmbeddedTable {
    // Reads run on the caller's thread: from redb's cache they take microseconds.
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        check_key(key)?;
        let mut found = self.get_many(std::slice::from_ref(key)).await?;
        Ok(found.pop().flatten())
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        check_keys(keys)?;
        let now = (self.clock)();
        let read = self.handle.read(|database| transaction::get_many(database, keys, now));
        read.map_err(StoreError::into_table_error)
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        order: Order,
        limit: usize,
    ) -> Result<Page, TableError> {
        check_limit(limit)?;
        let now = (self.clock)();
        let read = self
            .handle
            .read(|database| transaction::query(database, partition, range, order, limit, now));
        read.map_err(StoreError::into_table_error)
    }

    async fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError> {
        check_limit(limit)?;
        let now = (self.clock)();
        let read = self.handle.read(|database| transaction::scan(database, after, limit, now));
        read.map_err(StoreError::into_table_error)
    }

    fn max_batch(&self) -> usize {
        MAX_BATCH
    }

    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError> {
        check_batch(&batch, self.max_batch())?;
        self.blocking(move |database, now| transaction::write(database, &batch, now)).await
    }

    fn snapshot(&self) -> Result<Option<Box<dyn Snapshot>>, TableError> {
        let snapshot = self.handle.read(|database| EmbeddedSnapshot::new(database, (self.clock)()));
        let snapshot = snapshot.map_err(StoreError::into_table_error)?;
        Ok(Some(Box::new(snapshot)))
    }

    async fn health(&self) -> TableHealth {
        let (handle, path, now) = (Arc::clone(&self.handle), self.path.clone(), (self.clock)());
        let task = move || health::health(&handle, path.as_deref(), now);
        tokio::task::spawn_blocking(task).await.unwrap_or(TableHealth::Unavailable)
    }

    async fn purge(&self) -> Result<usize, TableError> {
        let mut removed = 0;
        loop {
            let batch = self.blocking(transaction::purge).await?;
            removed += batch;
            if batch < PURGE_BATCH {
                return Ok(removed);
            }
        }
    }
}
