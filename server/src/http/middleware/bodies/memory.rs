//! Memory that one body holds, and its error.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Error of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum BodyError {
    /// The client sends too slowly.
    #[error("the body did not arrive in time")]
    TooSlow,
    /// All bodies together hold too much.
    #[error("the memory for bodies is used up")]
    NoMemory,
}

/// Memory that one body holds, and its error.
#[derive(Debug)]
pub(super) struct BodyMemory {
    memory: Arc<Semaphore>,
    entry: Mutex<Entry>,
}

#[derive(Debug, Default)]
struct Entry {
    permit: Option<OwnedSemaphorePermit>,
    error: Option<BodyError>,
}

impl BodyMemory {
    pub(super) fn new(memory: Arc<Semaphore>) -> Self {
        Self { memory, entry: Mutex::default() }
    }

    /// Takes memory for some bytes.
    pub(super) fn reserve(&self, bytes: usize) -> Result<(), BodyError> {
        let bytes = u32::try_from(bytes).map_err(|_| self.fail(BodyError::NoMemory))?;
        let permit = Arc::clone(&self.memory)
            .try_acquire_many_owned(bytes)
            .map_err(|_| self.fail(BodyError::NoMemory))?;
        let mut entry = self.entry();
        match &mut entry.permit {
            Some(held) => held.merge(permit),
            None => entry.permit = Some(permit),
        }
        Ok(())
    }

    /// Notes an error and returns it.
    pub(super) fn fail(&self, error: BodyError) -> BodyError {
        self.entry().error = Some(error);
        error
    }

    /// Returns the error of the body.
    pub(super) fn error(&self) -> Option<BodyError> {
        self.entry().error
    }

    fn entry(&self) -> MutexGuard<'_, Entry> {
        self.entry.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
