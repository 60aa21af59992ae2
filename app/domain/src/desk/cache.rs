//! Values that one process keeps in memory, and how long each of them is valid.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::desk::counts::{MonthSummary, SectionCount, TrashSummary};
use crate::desk::transitions::{Transition, Transitions};
use crate::label::{Label, LabelKind};
use crate::slug::Slug;

/// Labels whose months are kept. The months of more are counted anew.
const MAX_LABELS: usize = 500;

type MonthsByLabel = HashMap<(LabelKind, Slug), Arc<Vec<MonthSummary>>>;

/// The content version, and what was read at it.
#[derive(Default)]
pub(super) struct DeskCache {
    content_version: AtomicU64,
    /// The content version after the last change that may have removed something.
    last_removal: AtomicU64,
    sections: Mutex<Option<CachedSections>>,
    transitions: Mutex<Transitions>,
    /// The content version it was read at, and the number of published stories of each section.
    section_counts: Mutex<Option<(u64, Arc<Vec<SectionCount>>)>>,
    /// The content version it was read at, and the months with public stories.
    months: Mutex<Option<(u64, Arc<Vec<MonthSummary>>)>>,
    /// The content version they were read at, and the months with public stories of labels.
    label_months: Mutex<(u64, MonthsByLabel)>,
    /// The content version it was read at, and the contents of the trash in numbers.
    trash_summary: Mutex<Option<(u64, Arc<TrashSummary>)>>,
    /// The time from which the next sync looks for transitions.
    last_sync: Mutex<Option<Timestamp>>,
    running_jobs: AtomicUsize,
}

/// A change of the news, as far as the values in memory depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NewsChange {
    /// Something may be gone from what readers see.
    pub(super) may_remove: bool,
    /// A section may be new, renamed or gone.
    pub(super) may_change_sections: bool,
}

impl NewsChange {
    /// A change that may be of any kind.
    pub(super) const ANY: Self = Self { may_remove: true, may_change_sections: true };
}

/// The sections with a public story.
pub(super) struct CachedSections {
    pub(super) labels: Vec<Label>,
    /// The time at which a scheduled story adds a section, or one that ends may remove it.
    pub(super) valid_until: Timestamp,
}

/// Marks a job as running in this process until it is dropped.
pub(super) struct RunningJob<'a>(&'a AtomicUsize);

impl Drop for RunningJob<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl DeskCache {
    /// Returns the number of changes that this process knows of.
    pub(super) fn content_version(&self) -> u64 {
        self.content_version.load(Ordering::SeqCst)
    }

    /// Records a change of the news, after it was written. Most changes keep the sections.
    pub(super) fn record(&self, change: NewsChange) {
        // Held for both: at the new content version, no reader finds the sections of before.
        let mut sections = lock(&self.sections);
        let content_version = self.content_version.fetch_add(1, Ordering::SeqCst) + 1;
        if change.may_remove {
            self.last_removal.fetch_max(content_version, Ordering::SeqCst);
        }
        if change.may_change_sections {
            *sections = None;
        }
    }

    /// Returns the oldest content version since which nothing was removed.
    pub(super) fn last_removal(&self) -> u64 {
        self.last_removal.load(Ordering::SeqCst)
    }

    /// Counts a job as running until the returned guard is dropped.
    pub(super) fn start_job(&self) -> RunningJob<'_> {
        self.running_jobs.fetch_add(1, Ordering::SeqCst);
        RunningJob(&self.running_jobs)
    }

    /// Checks whether a job runs in this process.
    pub(super) fn is_job_running(&self) -> bool {
        self.running_jobs.load(Ordering::SeqCst) > 0
    }

    /// Returns the time of the last successful sync; before one, the time at which the first sync
    /// began.
    pub(super) fn begin_sync(&self, now: Timestamp) -> Timestamp {
        *lock(&self.last_sync).get_or_insert(now)
    }

    /// Records the time at which a successful sync began.
    pub(super) fn end_sync(&self, began_at: Timestamp) {
        *lock(&self.last_sync) = Some(began_at);
    }

    /// Checks whether a sync has read the log before, even if it failed later.
    pub(super) fn has_synced(&self) -> bool {
        lock(&self.last_sync).is_some()
    }

    /// Returns the sections, if they are cached and valid at `now`.
    pub(super) fn sections(&self, now: Timestamp) -> Option<Vec<Label>> {
        let cached = lock(&self.sections);
        let valid = cached.as_ref().filter(|sections| now < sections.valid_until);
        valid.map(|sections| sections.labels.clone())
    }

    /// Checks whether a section is cached as one with a public story.
    pub(super) fn has_section(&self, label: &Label) -> bool {
        let cached = lock(&self.sections);
        cached.as_ref().is_some_and(|sections| sections.labels.contains(label))
    }

    /// Caches the sections that were read at a content version, if it is still the current one.
    pub(super) fn store_sections(&self, content_version: u64, read: CachedSections) {
        let mut sections = lock(&self.sections);
        *sections = (self.content_version() == content_version).then_some(read);
    }

    /// Drops the cached sections.
    pub(super) fn clear_sections(&self) {
        *lock(&self.sections) = None;
    }

    /// Checks whether the next transitions are known for the current content version.
    pub(super) fn knows_transitions(&self) -> bool {
        lock(&self.transitions).are_of(self.content_version())
    }

    /// Stores the next transitions, as read at a content version.
    pub(super) fn store_transitions(&self, content_version: u64, read: Vec<Transition>) {
        lock(&self.transitions).replace(content_version, read);
    }

    /// Adds transitions that a change of this process makes.
    pub(super) fn add_transitions(&self, new: impl IntoIterator<Item = Transition>) {
        lock(&self.transitions).extend(new);
    }

    /// Records the transitions until `now` as changes of the news. Needs no table: what readers must
    /// no longer see is not shown while the store is unavailable, either.
    pub(super) fn pass_transitions(&self, now: Timestamp) {
        let passed = lock(&self.transitions).pass(now);
        if let Some(may_remove) = passed {
            // A story may have another name for its section, or be its last one.
            self.record(NewsChange { may_remove, may_change_sections: true });
        }
    }

    /// Returns the published stories of each section, if known for the current content version.
    pub(super) fn section_counts(&self) -> Option<Arc<Vec<SectionCount>>> {
        let cached = lock(&self.section_counts);
        let current = cached.as_ref().filter(|(version, _)| *version == self.content_version());
        current.map(|(_, counts)| Arc::clone(counts))
    }

    /// Caches the published stories of each section, as read at a content version.
    pub(super) fn store_section_counts(
        &self,
        content_version: u64,
        counts: &Arc<Vec<SectionCount>>,
    ) {
        *lock(&self.section_counts) = Some((content_version, Arc::clone(counts)));
    }

    /// Returns the months with public stories, if known for the current content version.
    pub(super) fn months(&self) -> Option<Arc<Vec<MonthSummary>>> {
        let cached = lock(&self.months);
        let current = cached.as_ref().filter(|(version, _)| *version == self.content_version());
        current.map(|(_, months)| Arc::clone(months))
    }

    /// Caches the months with public stories, as read at a content version.
    pub(super) fn store_months(&self, content_version: u64, months: &Arc<Vec<MonthSummary>>) {
        *lock(&self.months) = Some((content_version, Arc::clone(months)));
    }

    /// Returns the months with public stories of a label, if known for the current content version.
    pub(super) fn label_months(
        &self,
        kind: LabelKind,
        slug: &Slug,
    ) -> Option<Arc<Vec<MonthSummary>>> {
        let (version, months) = &*lock(&self.label_months);
        let is_current = *version == self.content_version();
        months.get(&(kind, slug.clone())).filter(|_| is_current).map(Arc::clone)
    }

    /// Caches the months with public stories of a label, as read at a content version.
    pub(super) fn store_label_months(
        &self,
        content_version: u64,
        kind: LabelKind,
        slug: &Slug,
        new: &Arc<Vec<MonthSummary>>,
    ) {
        let (version, months) = &mut *lock(&self.label_months);
        if *version != content_version || months.len() >= MAX_LABELS {
            months.clear();
            *version = content_version;
        }
        months.insert((kind, slug.clone()), Arc::clone(new));
    }

    /// Returns the contents of the trash at `now`, if known for the current content version.
    pub(super) fn trash_summary(&self, now: Timestamp) -> Option<Arc<TrashSummary>> {
        let cached = lock(&self.trash_summary);
        let current = cached.as_ref().filter(|(version, summary)| {
            *version == self.content_version() && now < summary.valid_until
        });
        current.map(|(_, summary)| Arc::clone(summary))
    }

    /// Caches the contents of the trash, as read at a content version.
    pub(super) fn store_trash_summary(&self, content_version: u64, summary: &Arc<TrashSummary>) {
        *lock(&self.trash_summary) = Some((content_version, Arc::clone(summary)));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Values are replaced whole, so they are consistent even after a panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn no_reader_finds_sections_of_before_at_a_later_content_version() {
        const CHANGES: u64 = 50_000;
        let cache = DeskCache::default();
        let change = NewsChange { may_remove: false, may_change_sections: true };
        let named = |version: u64| Label::new(&format!("version {version}")).expect("a name");
        thread::scope(|scope| {
            scope.spawn(|| {
                for _ in 0..CHANGES {
                    cache.record(change);
                    let version = cache.content_version();
                    let labels = vec![named(version)];
                    let valid_until = Timestamp::MAX;
                    cache.store_sections(version, CachedSections { labels, valid_until });
                }
            });
            scope.spawn(|| {
                while cache.content_version() < CHANGES {
                    let version = cache.content_version();
                    let sections = cache.sections(Timestamp::MIN).unwrap_or_default();
                    let read_at = sections.first().and_then(|it| it.name.strip_prefix("version "));
                    let read_at = read_at.map_or(version, |text| text.parse().expect("a number"));
                    assert!(read_at >= version, "{read_at} at {version}");
                }
            });
        });
    }
}
