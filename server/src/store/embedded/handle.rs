//! The open database, which is reopened after an error that makes it unusable.

use std::sync::{OnceLock, PoisonError, RwLock};

use redb::Database;

use super::error::StoreError;
use super::known_errors::KnownErrors;
use super::open_error::OpenError;

/// Opens the same store again.
pub(super) type Reopen = Box<dyn Fn() -> Result<Database, OpenError> + Send + Sync>;

/// The open database.
///
/// redb refuses all calls after an error of its file. After reopening, reads continue, and writes too
/// if the disk was only full. After another failed write or sync the state of the disk is unknown, so
/// the store becomes read-only.
pub(super) struct Handle {
    state: RwLock<State>,
    reopen: Reopen,
    broken: OnceLock<String>,
    known_errors: KnownErrors,
}

struct State {
    database: Option<Database>,
    /// Number of reopenings, so that of several failed calls only the first reopens it.
    generation: u64,
}

impl Handle {
    pub(super) fn new(database: Database, reopen: Reopen) -> Self {
        let state = RwLock::new(State { database: Some(database), generation: 0 });
        Self { state, reopen, broken: OnceLock::new(), known_errors: KnownErrors::default() }
    }

    /// Runs a read, and retries once after reopening.
    pub(super) fn read<T>(
        &self,
        operation: impl Fn(&Database) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let result = match self.attempt(&operation) {
            (generation, Err(StoreError::Latched)) => {
                self.reopen_after(generation).and_then(|()| self.attempt(&operation).1)
            }
            (_, result) => result,
        };
        self.known_errors.record(&result);
        result
    }

    /// Returns the errors that outlast the call in which they were found.
    pub(super) fn known_errors(&self) -> &KnownErrors {
        &self.known_errors
    }

    /// Checks whether the store is read-only since a write failed.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.get().is_some()
    }

    /// Runs a write. An operation that fails with [`StoreError::Latched`] must have had no effect.
    pub(super) fn write<T>(
        &self,
        operation: impl Fn(&Database) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if let Some(reason) = self.broken.get() {
            let reason =
                format!("the store is read-only since the disk failed ({reason}); restart");
            return Err(StoreError::Other(reason));
        }
        let result = self.read(operation);
        if result.is_ok() {
            self.known_errors.record_write();
        }
        if let Err(StoreError::Broken(reason)) = &result {
            tracing::error!(reason, "a write to the store failed; it is read-only from now on");
            // Keeps the reason of the first error.
            let _ = self.broken.set(reason.clone());
        }
        result
    }

    fn attempt<T>(
        &self,
        operation: &impl Fn(&Database) -> Result<T, StoreError>,
    ) -> (u64, Result<T, StoreError>) {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let result = state.database.as_ref().map_or(Err(StoreError::Latched), operation);
        (state.generation, result)
    }

    fn reopen_after(&self, failed: u64) -> Result<(), StoreError> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.generation != failed && state.database.is_some() {
            return Ok(());
        }
        // Closed first, since it has locked the file.
        state.database = None;
        state.generation += 1;
        let database = (self.reopen)().map_err(|error| StoreError::Other(error.to_string()))?;
        tracing::warn!("reopened the store after an error");
        state.database = Some(database);
        Ok(())
    }
}
