//! Stories that changed without a record in the audit log.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use gazette_table::Write;

use crate::records;
use crate::story::StoryId;

/// Stories that are remembered because their change has no record.
const MAX_UNLOGGED: usize = 100_000;

/// Stories that this process changed without a record in the log: an import of an export brings
/// its own.
#[derive(Default)]
pub(super) struct UnloggedChanges(Mutex<Unlogged>);

#[derive(Default)]
struct Unlogged {
    stories: BTreeSet<StoryId>,
    is_full: bool,
}

impl UnloggedChanges {
    pub(super) fn record(&self, changes: &[Write]) {
        self.add(changes.iter().filter_map(|change| records::story_of_key(change.key())));
    }

    pub(super) fn add(&self, stories: impl IntoIterator<Item = StoryId>) {
        let mut unlogged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for story in stories {
            if unlogged.stories.len() >= MAX_UNLOGGED {
                unlogged.is_full = true;
                return;
            }
            unlogged.stories.insert(story);
        }
    }

    /// Returns the stories since the last call; `None` if there are too many.
    pub(super) fn take(&self) -> Option<BTreeSet<StoryId>> {
        let mut unlogged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Unlogged { stories, is_full } = std::mem::take(&mut *unlogged);
        (!is_full).then_some(stories)
    }
}
