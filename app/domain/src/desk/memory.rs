//! What one process remembers of the news, and for how long that holds.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::story::Label;

/// Remembered answers.
#[derive(Default)]
pub(super) struct Memory {
    content_version: AtomicU64,
    sections: Mutex<Option<Vec<Label>>>,
    due: Mutex<Option<(u64, Timestamp)>>,
    looked: Mutex<Option<Timestamp>>,
    working: AtomicUsize,
}

/// A job that this process works off.
pub(super) struct Working<'a>(&'a AtomicUsize);

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Memory {
    /// Counts the changes that this process knows of.
    pub(super) fn content_version(&self) -> u64 {
        self.content_version.load(Ordering::SeqCst)
    }

    /// Forgets everything: the news is not what it was.
    pub(super) fn forget(&self) {
        self.content_version.fetch_add(1, Ordering::SeqCst);
    }

    /// Says for as long as it is held that this process works off a job.
    pub(super) fn work(&self) -> Working<'_> {
        self.working.fetch_add(1, Ordering::SeqCst);
        Working(&self.working)
    }

    /// Whether this process works off a job.
    pub(super) fn is_working(&self) -> bool {
        self.working.load(Ordering::SeqCst) > 0
    }

    /// Notes that it was looked now what is due, and says when it was looked before.
    pub(super) fn look(&self, now: Timestamp) -> Timestamp {
        lock(&self.looked).replace(now).unwrap_or(now)
    }

    /// The sections, if they are known.
    pub(super) fn sections(&self) -> Option<Vec<Label>> {
        lock(&self.sections).clone()
    }

    /// Remembers the sections as they were read at a content_version, if it still is the present one.
    pub(super) fn keep_sections(&self, content_version: u64, labels: Vec<Label>) {
        let mut sections = lock(&self.sections);
        *sections = (self.content_version() == content_version).then_some(labels);
    }

    /// Forgets the sections: there may be others. They outlast most changes of the news.
    pub(super) fn forget_sections(&self) {
        *lock(&self.sections) = None;
    }

    /// When the next scheduled story becomes news, if that is known; at the end of time when there
    /// is none.
    pub(super) fn due(&self) -> Option<Timestamp> {
        let known = lock(&self.due);
        known.as_ref().filter(|(of, _)| *of == self.content_version()).map(|(_, due)| *due)
    }

    /// Remembers when the next scheduled story becomes news.
    pub(super) fn keep_due(&self, content_version: u64, due: Timestamp) {
        *lock(&self.due) = Some((content_version, due));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is kept is replaced whole, so it is good even after a panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
