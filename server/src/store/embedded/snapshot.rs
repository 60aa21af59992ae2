//! A state of the store, for backups.

use gazette_table::{Key, Page, Snapshot, TableError, check_limit};
use redb::{Database, ReadTransaction, ReadableDatabase as _};

use super::error::{StoreError, store_error};
use super::transaction;

/// The store as it was at one moment.
pub(super) struct EmbeddedSnapshot {
    state: ReadTransaction,
    taken_at: i64,
}

impl EmbeddedSnapshot {
    /// Takes the present state, without items that have expired by `now`.
    pub(super) fn new(database: &Database, now: i64) -> Result<Self, StoreError> {
        Ok(Self { state: database.begin_read().map_err(store_error)?, taken_at: now })
    }
}

impl Snapshot for EmbeddedSnapshot {
    fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError> {
        check_limit(limit)?;
        transaction::scan_state(&self.state, after, limit, self.taken_at)
            .map_err(StoreError::into_table_error)
    }
}
