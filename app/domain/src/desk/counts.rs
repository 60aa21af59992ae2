//! Numbers of stories that pages show before something happens to all of them.

use jiff::Timestamp;

use crate::month::Month;
use crate::story::{JobId, Trashed};

/// The published stories of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionCount {
    /// Name of the section.
    pub section: String,
    /// Number of its published stories.
    pub stories: usize,
}

/// The contents of the trash in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrashSummary {
    /// Number of stories that can be restored.
    pub stories: usize,
    /// Deletions of all stories, latest first.
    pub batches: Vec<TrashBatch>,
    /// The time at which the first of the stories can no longer be restored.
    pub(super) valid_until: Timestamp,
}

/// The stories of one deletion of all stories that are still in the trash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrashBatch {
    /// Id of the deletion.
    pub job: JobId,
    /// Display name of the caller.
    pub by: String,
    /// Time of the last story that it moved.
    pub at: Timestamp,
    /// Number of its stories that are still in the trash.
    pub stories: usize,
}

impl TrashSummary {
    /// Counts stories that are added in the order of their deletions.
    pub(super) fn of(deletions: impl IntoIterator<Item = Trashed>) -> Self {
        let mut summary = Self { stories: 0, batches: Vec::new(), valid_until: Timestamp::MAX };
        for trashed in deletions {
            summary.add(trashed);
        }
        summary.batches.reverse();
        summary
    }

    fn add(&mut self, trashed: Trashed) {
        self.stories += 1;
        self.valid_until = self.valid_until.min(trashed.gone_at());
        let Trashed { job: Some(job), at, by, .. } = trashed else { return };
        // The latest batch is last, and two seldom overlap.
        match self.batches.iter_mut().rev().find(|batch| batch.job == job) {
            Some(batch) => {
                batch.stories += 1;
                batch.at = at;
            }
            None => self.batches.push(TrashBatch { job, by, at, stories: 1 }),
        }
    }
}

/// A month with public stories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthSummary {
    /// Month, in the time zone of the desk.
    pub month: Month,
    /// Number of its public stories. `None` for a month that the index leaves out.
    pub stories: Option<usize>,
    /// Time at which one of its stories was last changed.
    pub updated_at: Option<Timestamp>,
}
