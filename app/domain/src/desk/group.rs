//! Changes of several stories in one batch.

use std::collections::HashSet;

use gazette_table::{Condition, TableError, Write};

use crate::audit::AuditEvent;
use crate::desk::newsroom::Newsroom;

/// Text that one batch writes, in bytes; a story and its earlier version are written with it.
const MAX_TEXT_BYTES: usize = 512 * 1024;
/// Writes that a batch has besides those of its stories: the head of the audit log.
const OTHER_WRITES: usize = 1;

/// A change of one story.
pub(super) struct Change<T> {
    /// Subject of the change.
    pub(super) subject: T,
    pub(super) writes: Vec<Write>,
    pub(super) event: Option<AuditEvent>,
    /// Length of the text that is written, in bytes.
    pub(super) text_bytes: usize,
}

/// Changes that are written together, since each batch costs the store a sync.
pub(super) struct Group<T> {
    changes: Vec<Change<T>>,
    max_writes: usize,
    writes: usize,
    text_bytes: usize,
}

impl<T> Group<T> {
    /// Returns an empty group for a batch of at most `max_writes` writes.
    pub(super) fn with_max_writes(max_writes: usize) -> Self {
        Self { changes: Vec::new(), max_writes, writes: OTHER_WRITES, text_bytes: 0 }
    }

    /// Leaves an empty group.
    pub(super) fn take(&mut self) -> Self {
        let empty = Self::with_max_writes(self.max_writes);
        std::mem::replace(self, empty)
    }

    /// Checks whether one more change fits into the batch.
    pub(super) fn has_room(&self, change: &Change<T>) -> bool {
        self.changes.is_empty()
            || (self.writes + size(change) <= self.max_writes
                && self.text_bytes + change.text_bytes <= MAX_TEXT_BYTES)
    }

    pub(super) fn push(&mut self, change: Change<T>) {
        self.writes += size(&change);
        self.text_bytes += change.text_bytes;
        self.changes.push(change);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Returns what the changes are for.
    pub(super) fn subjects(&self) -> impl Iterator<Item = &T> {
        self.changes.iter().map(|change| &change.subject)
    }

    /// Writes all changes in one batch. If the batch is refused, each change is written by itself.
    ///
    /// # Errors
    /// Of the table, except for a change that conflicts or is not valid: that is its outcome.
    pub(super) async fn commit(
        self,
        newsroom: &Newsroom,
    ) -> Result<Vec<(T, Result<(), TableError>)>, TableError> {
        let writes = self.changes.iter().flat_map(|change| change.writes.iter().cloned()).collect();
        let events = self.changes.iter().filter_map(|change| change.event.clone()).collect();
        let outcome = newsroom.audit.commit(unique(writes), events).await;
        match outcome {
            Ok(()) => {
                let subjects = self.changes.into_iter().map(|change| change.subject);
                return Ok(subjects.map(|subject| (subject, Ok(()))).collect());
            }
            Err(TableError::Conflict { .. } | TableError::Invalid { .. }) => {}
            Err(error) => return Err(error),
        }
        let mut outcomes = Vec::new();
        for change in self.changes {
            let events = change.event.into_iter().collect();
            let outcome = newsroom.audit.commit(unique(change.writes), events).await;
            match outcome {
                Ok(()) | Err(TableError::Conflict { .. } | TableError::Invalid { .. }) => {
                    outcomes.push((change.subject, outcome));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(outcomes)
    }
}

fn size<T>(change: &Change<T>) -> usize {
    change.writes.len() + usize::from(change.event.is_some())
}

/// Returns each unconditional write once: the stories of a group share the labels of sections.
fn unique(writes: Vec<Write>) -> Vec<Write> {
    let mut seen = HashSet::new();
    writes
        .into_iter()
        .filter(|write| match write {
            Write::Put { item, condition: Condition::Any } => seen.insert(item.key.clone()),
            _ => true,
        })
        .collect()
}
