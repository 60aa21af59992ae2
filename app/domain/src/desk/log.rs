//! Writes changes together with their entries in the audit log.

use std::sync::Arc;

use async_lock::Mutex;
use gazette_table::{Item, Key, Table, TableError, Write};
use jiff::Timestamp;

use crate::audit::{self, AuditEvent, ChainHead};
use crate::desk::memory::Memory;
use crate::records;

/// How often a batch is tried when other instances add to the same day's chain.
const ATTEMPTS: usize = 50;

/// The writer of one process: changes wait here for each other instead of failing on the
/// chain's last link.
pub(super) struct AuditLog {
    table: Arc<dyn Table>,
    memory: Arc<Memory>,
    /// The day whose chain was written last, and its last link as far as is known here.
    last: Mutex<Option<(String, ChainHead)>>,
}

impl AuditLog {
    pub(super) fn new(table: Arc<dyn Table>, memory: Arc<Memory>) -> Self {
        Self { table, memory, last: Mutex::new(None) }
    }

    /// Writes the changes and what the log says of them: all of it or nothing.
    ///
    /// # Errors
    /// [`TableError::Conflict`] when a condition of `changes` fails.
    pub(super) async fn commit(
        &self,
        changes: Vec<Write>,
        events: Vec<AuditEvent>,
    ) -> Result<(), TableError> {
        let new_section = changes.iter().any(|change| self.changes_sections(change));
        let outcome = self.commit_chained(changes, events).await;
        if !matches!(outcome, Err(TableError::Conflict { .. } | TableError::Invalid { .. })) {
            // After a failure it is not known whether anything changed.
            self.memory.forget();
            if new_section {
                self.memory.forget_sections();
            }
        }
        outcome
    }

    fn changes_sections(&self, change: &Write) -> bool {
        let Write::Put { item, .. } = change else { return false };
        let is_known = || {
            let sections = self.memory.sections().unwrap_or_default();
            item.parse().is_ok_and(|label| sections.contains(&label))
        };
        item.key.partition == records::SECTIONS && !is_known()
    }

    /// Whether the log of today, or of the day that was today before, has entries that were not
    /// known here; the first time it is so whatever it holds.
    pub(super) async fn has_grown(&self, now: Timestamp) -> Result<bool, TableError> {
        let today = audit::day(now);
        let mut last = self.last.lock().await;
        let head = self.head(&records::audit_head_key(&today), &today).await?;
        let grown = match &*last {
            None => true,
            Some((day, known)) if *day == today => *known != head,
            Some((day, known)) => {
                let before = self.head(&records::audit_head_key(day), day).await?;
                before != *known || head.number > 0
            }
        };
        *last = Some((today, head));
        Ok(grown)
    }

    async fn commit_chained(
        &self,
        changes: Vec<Write>,
        events: Vec<AuditEvent>,
    ) -> Result<(), TableError> {
        let Some(day) = events.first().map(|event| audit::day(event.at)) else {
            return self.table.write(changes).await;
        };
        let key = records::audit_head_key(&day);
        let mut last = self.last.lock().await;
        let mut outcome = Ok(());
        for _ in 0..ATTEMPTS {
            // Taken out, so that what may be stale is read again should this be cut short.
            let mut head = match last.take().filter(|(known, _)| *known == day) {
                Some((_, head)) => head,
                None => self.head(&key, &day).await?,
            };
            let batch = chained(&changes, &events, &key, &day, &mut head)?;
            outcome = self.table.write(batch).await;
            match &outcome {
                Ok(()) => {
                    *last = Some((day.clone(), head));
                    break;
                }
                // Another process has written to the log: its navigation may have grown, too.
                Err(TableError::Conflict { key: failed }) if is_log(failed, &key, &day) => {
                    self.memory.forget_sections();
                }
                Err(_) => break,
            }
        }
        outcome
    }

    async fn head(&self, key: &Key, day: &str) -> Result<ChainHead, TableError> {
        match self.table.get(key).await? {
            Some(item) => item.parse(),
            None => Ok(ChainHead::of_day(day)),
        }
    }
}

/// Whether a key is one of the log of a day.
fn is_log(key: &Key, head: &Key, day: &str) -> bool {
    key == head || key.partition == records::audit_partition(day)
}

/// The changes, then the entries, then the chain's new last link.
fn chained(
    changes: &[Write],
    events: &[AuditEvent],
    key: &Key,
    day: &str,
    head: &mut ChainHead,
) -> Result<Vec<Write>, TableError> {
    let before = head.number;
    let mut batch = changes.to_vec();
    for event in events {
        let entry = head.link(event.clone());
        let key = records::audit_entry_key(day, entry.number);
        batch.push(Write::create(Item::new(key, &entry)?));
    }
    let item = Item::new(key.clone(), head)?.version(head.number);
    batch.push(match before {
        0 => Write::create(item),
        before => Write::replace(item, before),
    });
    Ok(batch)
}
