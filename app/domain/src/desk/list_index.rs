//! The index of the newsroom's list: a short entry for each story, in the memory of each process.
//!
//! It is built when it is first needed. Then every change of this process updates it
//! ([`AuditWriter::commit`](crate::desk::audit_writer::AuditWriter::commit)), and before each use
//! the audit log tells which stories other processes have changed.

mod build;
mod entry;
mod labels;
mod order;
mod search;

use std::collections::{BTreeMap, HashMap};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use gazette_table::{TableError, Write};
use jiff::Timestamp;

use crate::desk::list_index::entry::{Entry, Place, Read};
use crate::desk::list_index::labels::Labels;
use crate::label::LabelKind;
use crate::records;
use crate::slug::Slug;
use crate::story::StoryId;
use crate::story_list::StoryState;

pub(super) use search::{Found, Viewpoint};

/// Stories that the index holds at most; of more, the oldest are left out.
const MAX_STORIES: usize = 200_000;

/// The index of one process.
#[derive(Default)]
pub(super) struct ListIndex {
    slots: RwLock<Slots>,
    /// Held while the index is built, so that only one request does it.
    building: async_lock::Mutex<()>,
}

/// The index, and the one that is being built in its place.
#[derive(Default)]
struct Slots {
    current: Option<Stories>,
    next: Option<Stories>,
}

/// The entries, and the part of the audit log that they contain.
#[derive(Default)]
pub(super) struct Stories {
    /// One after the other in memory, because every request visits all of them.
    entries: Vec<Entry>,
    /// Index of each story in `entries`.
    indices: HashMap<StoryId, usize>,
    names: Labels,
    /// For each of the last days, the number of the last record that the entries contain.
    log: BTreeMap<String, u64>,
    is_partial: bool,
    built_at: Timestamp,
}

/// Records that a batch appended to the log of a day.
pub(super) struct Appended<'a> {
    pub(super) day: &'a str,
    /// Number of the last record before.
    pub(super) before: u64,
    /// Number of the last record after.
    pub(super) after: u64,
}

impl ListIndex {
    /// Visits the state at a time, the publication and the last change of each story, or of those
    /// with a label. Returns `true` if the index leaves out the oldest ones.
    pub(super) fn each_story(
        &self,
        now: Timestamp,
        label: Option<(LabelKind, &Slug)>,
        mut visit: impl FnMut(StoryState, Timestamp, Timestamp),
    ) -> bool {
        let stories = self.read();
        let Some(stories) = stories.current.as_ref() else { return false };
        let number = label.map(|(kind, slug)| stories.names.find(kind, slug));
        for entry in &stories.entries {
            let has_label = number.is_none_or(|it| it.is_some_and(|it| entry.labels.contains(&it)));
            if has_label && let Some(state) = entry.state(now) {
                visit(state, entry.published_at, entry.updated_at);
            }
        }
        stories.is_partial
    }

    /// Takes over the stories of a batch that was written, and its records in the log.
    ///
    /// Calls for the same day have the order of their batches.
    pub(super) fn record(&self, changes: &[Write], appended: Option<&Appended<'_>>) {
        let mut slots = self.write();
        let Slots { current, next } = &mut *slots;
        for stories in [current, next].into_iter().flatten() {
            stories.record(changes, appended);
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Slots> {
        self.slots.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Slots> {
        self.slots.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stories {
    fn record(&mut self, changes: &[Write], appended: Option<&Appended<'_>>) {
        if changes.iter().try_for_each(|change| self.record_change(change)).is_err() {
            // Stays behind the log, so that the next use reads these stories.
            return;
        }
        let Some(Appended { day, before, after }) = appended else { return };
        if self.log.get(*day).copied().unwrap_or_default() == *before {
            self.log.insert((*day).to_owned(), *after);
        }
    }

    fn record_change(&mut self, change: &Write) -> Result<(), TableError> {
        let key = change.key();
        let Some(id) = records::story_of_key(key) else { return Ok(()) };
        match change {
            Write::Put { item, .. } => self.put(Read::story(item)?),
            Write::Delete { .. } => self.remove(id),
        }
        Ok(())
    }

    /// Takes over a story, unless a later version is known.
    fn put(&mut self, read: Read) {
        let id = read.listed.id;
        let Some(known) = self.indices.get(&id).and_then(|index| self.entries.get_mut(*index))
        else {
            self.indices.insert(id, self.entries.len());
            self.entries.push(read.into_entry(&mut self.names));
            return;
        };
        if known.version <= read.version {
            *known = read.into_entry(&mut self.names);
        }
    }

    fn remove(&mut self, id: StoryId) {
        if let Some(entry) = self.indices.get(&id).and_then(|index| self.entries.get_mut(*index)) {
            entry.place = Place::Gone;
            entry.version = u64::MAX;
        }
    }
}
