//! The acknowledged changes, and those whose result is unknown.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

/// The known state of a story. Headlines are unique.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Known {
    /// Id, once acknowledged.
    pub(crate) id: Option<String>,
    /// Number of acknowledged changes.
    pub(crate) changes: u64,
    /// `true` when the last of them was the deletion.
    pub(crate) trashed: bool,
    /// `true` when its publication had no answer.
    pub(crate) unanswered_post: bool,
    /// `true` when another change had no answer.
    pub(crate) unanswered: bool,
}

/// The ledger of a soak test. Its file has a line for every update.
pub(crate) struct Ledger {
    stories: Mutex<HashMap<String, Known>>,
    file: Mutex<File>,
}

impl Ledger {
    pub(crate) fn open(path: &Path) -> Self {
        let file = Mutex::new(File::create(path).expect("a file"));
        Self { stories: Mutex::default(), file }
    }

    /// Updates the state of a story.
    pub(crate) fn update(&self, headline: &str, update: impl FnOnce(&mut Known)) {
        let mut stories = self.stories();
        let known = stories.entry(headline.to_owned()).or_default();
        update(known);
        writeln!(self.file.lock().expect("no panic"), "{headline}: {known:?}").expect("written");
    }

    /// Returns a story whose publication had no answer, to send it again.
    pub(crate) fn unanswered(&self) -> Option<String> {
        let mut stories = self.stories();
        let (headline, known) = stories.iter_mut().find(|(_, known)| known.unanswered_post)?;
        known.unanswered_post = false;
        Some(headline.clone())
    }

    /// Returns the number of acknowledged changes.
    pub(crate) fn acknowledged(&self) -> u64 {
        self.stories().values().map(|known| known.changes).sum()
    }

    pub(crate) fn stories(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.stories.lock().expect("no panic")
    }
}
