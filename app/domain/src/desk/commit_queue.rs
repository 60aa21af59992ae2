//! Changes that wait for the audit writer, so that it can write several in one batch.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use gazette_table::{Key, MAX_BATCH, TableError, Write};

use crate::audit::{self, AuditEvent};

/// Writes that a batch has besides those of its changes: the head of the audit log.
const OTHER_WRITES: usize = 1;
/// Changes that one batch holds; a larger batch makes the first of them wait.
const MAX_CHANGES: usize = 20;

/// Changes in the order in which they came.
#[derive(Default)]
pub(super) struct CommitQueue {
    waiting: Mutex<VecDeque<Arc<Change>>>,
}

/// A change with its audit records, and what became of it.
pub(super) struct Change {
    pub(super) writes: Vec<Write>,
    pub(super) events: Vec<AuditEvent>,
    outcome: OnceLock<Result<(), TableError>>,
}

/// A place in the queue. Dropped before its turn, nothing is written.
pub(super) struct Place<'a> {
    queue: &'a CommitQueue,
    change: Arc<Change>,
}

/// Changes that are written together.
pub(super) struct Together(Vec<Arc<Change>>);

impl CommitQueue {
    /// Adds a change with at least one event.
    pub(super) fn add(&self, writes: Vec<Write>, events: Vec<AuditEvent>) -> Place<'_> {
        let change = Arc::new(Change { writes, events, outcome: OnceLock::new() });
        self.waiting().push_back(Arc::clone(&change));
        Place { queue: self, change }
    }

    /// Takes the first changes that fit into one batch: of one day, and without a common key.
    pub(super) fn take(&self) -> Together {
        let mut waiting = self.waiting();
        let mut together = Together(Vec::new());
        let (mut size, mut keys) = (OTHER_WRITES, HashSet::new());
        while let Some(next) = waiting.front() {
            size += next.writes.len() + next.events.len();
            let is_first = together.0.is_empty();
            let is_of_day = together.day() == next.day() || is_first;
            let has_room = size <= MAX_BATCH && together.0.len() < MAX_CHANGES;
            let is_apart = next.writes.iter().all(|write| !keys.contains(write.key()));
            if !(is_first || is_of_day && has_room && is_apart) {
                break;
            }
            keys.extend(next.writes.iter().map(|write| write.key().clone()));
            together.0.extend(waiting.pop_front());
        }
        together
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, VecDeque<Arc<Change>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Change {
    fn day(&self) -> Option<String> {
        self.events.first().map(|event| audit::day(event.at))
    }
}

impl Place<'_> {
    /// Returns what became of the change, once it had its turn.
    pub(super) fn outcome(&self) -> Option<Result<(), TableError>> {
        self.change.outcome.get().cloned()
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.change.outcome.get().is_none() {
            self.queue.waiting().retain(|other| !Arc::ptr_eq(other, &self.change));
        }
    }
}

impl Together {
    /// Returns the day to whose log the changes belong.
    pub(super) fn day(&self) -> Option<String> {
        self.0.first().and_then(|change| change.day())
    }

    pub(super) fn writes(&self) -> Vec<Write> {
        self.0.iter().flat_map(|change| change.writes.iter().cloned()).collect()
    }

    pub(super) fn events(&self) -> Vec<AuditEvent> {
        self.0.iter().flat_map(|change| change.events.iter().cloned()).collect()
    }

    /// Refuses the change that writes a key, whose condition failed. Returns whether there is one.
    pub(super) fn refuse(&mut self, key: &Key) -> bool {
        let writes_key = |change: &Arc<Change>| change.writes.iter().any(|w| w.key() == key);
        let Some(at) = self.0.iter().position(writes_key) else { return false };
        let error = TableError::Conflict { key: key.clone() };
        // Set once, here or in `finish`.
        let _ = self.0.remove(at).outcome.set(Err(error));
        true
    }

    /// Returns each change by itself.
    pub(super) fn apart(mut self) -> Vec<Self> {
        std::mem::take(&mut self.0).into_iter().map(|change| Self(vec![change])).collect()
    }

    pub(super) fn finish(mut self, outcome: &Result<(), TableError>) {
        for change in std::mem::take(&mut self.0) {
            let _ = change.outcome.set(outcome.clone());
        }
    }
}

impl Drop for Together {
    /// The task that writes for others may be dropped: they must not write theirs a second time.
    fn drop(&mut self) {
        let reason = "the write was interrupted, and may have been done".to_owned();
        for change in &self.0 {
            let _ = change.outcome.set(Err(TableError::Unavailable { reason: reason.clone() }));
        }
    }
}
