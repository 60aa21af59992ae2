//! What was acknowledged, and what nobody knows the outcome of.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

/// What is known of a story, by its headline, which no other story has.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Known {
    /// Its id, once that was acknowledged.
    pub(crate) id: Option<String>,
    /// How many of its changes were acknowledged.
    pub(crate) changes: u64,
    /// Whether the last of these put it into the trash.
    pub(crate) trashed: bool,
    /// Whether the answer to its publication never came.
    pub(crate) unanswered_post: bool,
    /// Whether the answer to another change never came.
    pub(crate) unanswered: bool,
}

/// The ledger of a soak; every line of its file is one thing that became known.
pub(crate) struct Ledger {
    stories: Mutex<HashMap<String, Known>>,
    file: Mutex<File>,
}

impl Ledger {
    pub(crate) fn open(path: &Path) -> Self {
        let file = Mutex::new(File::create(path).expect("a file"));
        Self { stories: Mutex::default(), file }
    }

    /// Notes what became known of a story.
    pub(crate) fn note(&self, headline: &str, what: impl FnOnce(&mut Known)) {
        let mut stories = self.stories();
        let known = stories.entry(headline.to_owned()).or_default();
        what(known);
        writeln!(self.file.lock().expect("no panic"), "{headline}: {known:?}").expect("noted");
    }

    /// Takes out a story whose publication nobody answered, to ask again.
    pub(crate) fn unanswered(&self) -> Option<String> {
        let mut stories = self.stories();
        let (headline, known) = stories.iter_mut().find(|(_, known)| known.unanswered_post)?;
        known.unanswered_post = false;
        Some(headline.clone())
    }

    /// How many changes were acknowledged.
    pub(crate) fn acknowledged(&self) -> u64 {
        self.stories().values().map(|known| known.changes).sum()
    }

    pub(crate) fn stories(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.stories.lock().expect("no panic")
    }
}
