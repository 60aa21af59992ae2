//! Writes changes together with their records in the audit log.

use std::sync::Arc;

use async_lock::Mutex;
use gazette_table::{Item, Key, Table, TableError, Write};
use jiff::Timestamp;

use crate::audit::{self, AuditEvent, ChainHead};
use crate::desk::cache::{DeskCache, NewsChange};
use crate::desk::commit_queue::{CommitQueue, Together};
use crate::desk::list_index::{Appended, ListIndex};
use crate::desk::transitions::transitions_of;
use crate::desk::unlogged_changes::UnloggedChanges;
use crate::records;
use crate::story::Teaser;

/// Tries of a batch while other instances extend the chain of the same day.
const MAX_ATTEMPTS: usize = 50;

/// The only writer of changes in a process: they queue here instead of conflicting on the head of
/// the day's chain.
pub(super) struct AuditWriter {
    table: Arc<dyn Table>,
    cache: Arc<DeskCache>,
    index: Arc<ListIndex>,
    unlogged: Arc<UnloggedChanges>,
    queue: CommitQueue,
    /// The day that was written or read last, and the head of its chain as known here.
    last: Mutex<Option<(String, ChainHead)>>,
}

impl AuditWriter {
    pub(super) fn new(
        table: Arc<dyn Table>,
        cache: Arc<DeskCache>,
        index: Arc<ListIndex>,
        unlogged: Arc<UnloggedChanges>,
    ) -> Self {
        let (queue, last) = (CommitQueue::default(), Mutex::new(None));
        Self { table, cache, index, unlogged, queue, last }
    }

    /// Writes the changes and their audit records in one batch, perhaps with those of others: all
    /// or nothing.
    ///
    /// # Errors
    /// [`TableError::Conflict`] when a condition of `changes` fails.
    pub(super) async fn commit(
        &self,
        changes: Vec<Write>,
        events: Vec<AuditEvent>,
    ) -> Result<(), TableError> {
        let can_remove = events.iter().any(|event| event.action.can_remove());
        let at = events.first().map(|event| event.at);
        let outcome = self.commit_chained(&changes, events).await;
        if let (Ok(()), Some(at)) = (&outcome, at) {
            self.cache.add_transitions(transitions_of(&changes, at));
        }
        if !matches!(outcome, Err(TableError::Conflict { .. } | TableError::Invalid { .. })) {
            self.cache.record(NewsChange {
                // After `Unavailable` the batch may have been written; the next sync finds out.
                may_remove: can_remove && outcome.is_ok(),
                may_change_sections: changes.iter().any(|change| self.changes_sections(change)),
            });
        }
        outcome
    }

    /// Checks whether a change may add a section, rename one or remove its last story.
    fn changes_sections(&self, change: &Write) -> bool {
        match change {
            Write::Put { item, .. } => {
                let is_known = || {
                    let teaser = item.parse::<Teaser>();
                    let is_known = |teaser: Teaser| {
                        teaser.unpublish_at.is_none() && self.cache.has_section(&teaser.section)
                    };
                    teaser.is_ok_and(is_known)
                };
                records::is_section_feed(&item.key.partition) && !is_known()
            }
            Write::Delete { key, .. } => records::is_section_feed(&key.partition),
        }
    }

    /// Checks whether today's log, or that of the day of the previous check, has records that
    /// this process did not know of. The first check always returns `true`.
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

    /// Writes the changes when it is their turn. Whose turn it is writes for those that wait, too:
    /// each batch costs the store a sync.
    async fn commit_chained(
        &self,
        changes: &[Write],
        events: Vec<AuditEvent>,
    ) -> Result<(), TableError> {
        if events.is_empty() {
            self.table.write(changes.to_vec()).await?;
            self.index.record(changes, None);
            self.unlogged.record(changes);
            return Ok(());
        }
        let place = self.queue.add(changes.to_vec(), events);
        let mut last = self.last.lock().await;
        loop {
            if let Some(outcome) = place.outcome() {
                return outcome;
            }
            let mut together = self.queue.take();
            let outcome = self.write(&mut last, &mut together).await;
            if !matches!(outcome, Err(TableError::Invalid { .. })) {
                together.finish(&outcome);
                continue;
            }
            for mut alone in together.apart() {
                let outcome = self.write(&mut last, &mut alone).await;
                alone.finish(&outcome);
            }
        }
    }

    async fn write(
        &self,
        last: &mut Option<(String, ChainHead)>,
        together: &mut Together,
    ) -> Result<(), TableError> {
        let mut outcome = Ok(());
        for _ in 0..MAX_ATTEMPTS {
            let Some(day) = together.day() else { return Ok(()) };
            let key = records::audit_head_key(&day);
            // Removed first, so that a cancelled call does not leave a stale head.
            let mut head = match last.take().filter(|(known, _)| *known == day) {
                Some((_, head)) => head,
                None => self.head(&key, &day).await?,
            };
            let before = head.number;
            let changes = together.writes();
            let batch = chained(&changes, &together.events(), &key, &day, &mut head)?;
            outcome = self.table.write(batch).await;
            match &outcome {
                Ok(()) => {
                    let appended = Appended { day: &day, before, after: head.number };
                    self.index.record(&changes, Some(&appended));
                    *last = Some((day.clone(), head));
                    break;
                }
                // Another process wrote to the log; it may have added a section.
                Err(TableError::Conflict { key: failed }) if is_log_key(failed, &key, &day) => {
                    self.cache.clear_sections();
                }
                Err(TableError::Conflict { key: failed }) if together.refuse(failed) => {}
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

fn is_log_key(key: &Key, head: &Key, day: &str) -> bool {
    key == head || key.partition == records::audit_partition(day)
}

/// Returns the changes, then the records, then the new head of the chain.
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
        let record = head.link(event.clone());
        let key = records::audit_record_key(day, record.number);
        batch.push(Write::create(Item::new(key, &record)?));
    }
    let item = Item::new(key.clone(), head)?.version(head.number);
    batch.push(match before {
        0 => Write::create(item),
        before => Write::replace(item, before),
    });
    Ok(batch)
}
