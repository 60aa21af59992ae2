//! The open database, opened anew when a failure has made it useless.

use std::sync::{OnceLock, PoisonError, RwLock};

use redb::Database;

use super::fault::Failure;
use super::open::OpenError;

/// Opens the store that was open before.
pub(super) type Reopen = Box<dyn Fn() -> Result<Database, OpenError> + Send + Sync>;

/// The open database.
///
/// redb refuses everything after a failure of its file. Reading can then go on from what is on
/// disk, and so can writing when there was merely no room. After a write or a sync failed for
/// another reason nobody knows what the disk still takes, so nothing more is written.
pub(super) struct Handle {
    state: RwLock<State>,
    reopen: Reopen,
    broken: OnceLock<String>,
}

struct State {
    database: Option<Database>,
    /// How many times it was opened, so that only the first of those who failed opens it anew.
    generation: u64,
}

impl Handle {
    pub(super) fn new(database: Database, reopen: Reopen) -> Self {
        let state = RwLock::new(State { database: Some(database), generation: 0 });
        Self { state, reopen, broken: OnceLock::new() }
    }

    /// Reads; once more if an earlier failure was in the way.
    pub(super) fn read<T>(
        &self,
        operation: impl Fn(&Database) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        match self.attempt(&operation) {
            (generation, Err(Failure::Latched)) => {
                self.open_anew(generation)?;
                self.attempt(&operation).1
            }
            (_, result) => result,
        }
    }

    /// Writes; an operation that fails with [`Failure::Latched`] must not have written anything.
    pub(super) fn write<T>(
        &self,
        operation: impl Fn(&Database) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        if let Some(reason) = self.broken.get() {
            let reason = format!("nothing is written since the disk failed ({reason}); restart");
            return Err(Failure::Other(reason));
        }
        let result = self.read(operation);
        if let Err(Failure::Broken(reason)) = &result {
            tracing::error!(reason, "the store could not be written and is read-only from now on");
            // Whoever failed first has said why.
            let _ = self.broken.set(reason.clone());
        }
        result
    }

    fn attempt<T>(
        &self,
        operation: &impl Fn(&Database) -> Result<T, Failure>,
    ) -> (u64, Result<T, Failure>) {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let result = state.database.as_ref().map_or(Err(Failure::Latched), operation);
        (state.generation, result)
    }

    fn open_anew(&self, failed: u64) -> Result<(), Failure> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.generation != failed && state.database.is_some() {
            return Ok(());
        }
        // The old one holds the lock of the file.
        state.database = None;
        state.generation += 1;
        let database = (self.reopen)().map_err(|error| Failure::Other(error.to_string()))?;
        tracing::warn!("the store was opened anew after a failure");
        state.database = Some(database);
        Ok(())
    }
}
