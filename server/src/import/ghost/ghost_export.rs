//! A JSON export of Ghost and its stories.

use std::fs::File;
use std::io::{BufReader, Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};

use crate::import::ghost::index::{Index, skipped_kind};
use crate::import::ghost::story::story_of;
use crate::import::ghost::walk::rows;
use crate::import::source_story::{Refused, SourceStory};

/// Maximum size of an export, in bytes.
const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// An export of Ghost.
#[derive(Debug)]
pub(crate) struct Ghost {
    path: PathBuf,
    index: Arc<Index>,
}

impl Ghost {
    /// Opens an export and reads it once, for what its posts refer to.
    ///
    /// # Errors
    /// The error of the system when the file cannot be opened, or is too large.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        if bytes > MAX_BYTES {
            return Err(Error::other(format!("it has {bytes} bytes; at most 512 MiB are read")));
        }
        let index = Arc::new(Index::read(BufReader::new(file)));
        Ok(Self { path: path.to_owned(), index })
    }

    /// Returns the number of stories.
    pub(crate) fn len(&self) -> usize {
        self.index.posts
    }

    /// Returns what is not imported: kinds and their numbers.
    pub(crate) fn summary(&self) -> Vec<(String, usize)> {
        self.index.skipped.iter().map(|(kind, count)| (kind.clone(), *count)).collect()
    }

    /// Returns the stories in the order of the file. JSON that cannot be read ends them.
    ///
    /// # Errors
    /// The error of the system when the file cannot be opened.
    pub(crate) fn stories(&self) -> Result<impl Iterator<Item = StoryResult>> {
        let file = BufReader::new(File::open(&self.path)?);
        let index = Arc::clone(&self.index);
        let name = self.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (sender, stories) = sync_channel(1);
        // The parser calls back for each post; it waits on its own thread until the post is taken.
        std::thread::Builder::new().spawn(move || send_stories(file, &name, &index, &sender))?;
        Ok(stories.into_iter())
    }
}

/// A story, or the reason it was not imported.
type StoryResult = std::result::Result<SourceStory, Refused>;

fn send_stories(
    file: BufReader<File>,
    name: &str,
    index: &Index,
    sender: &SyncSender<StoryResult>,
) {
    let mut is_wanted = true;
    let read = rows(file, &["posts"], |_, row| {
        if skipped_kind(&row).is_none() {
            is_wanted = sender.send(story_of(&row, index)).is_ok();
        }
        is_wanted
    });
    if let (true, Err(error)) = (is_wanted, read) {
        let reason = format!("the JSON cannot be read: {error}; what comes after it was not read");
        let _ = sender.send(Err(Refused { key: name.to_owned(), reason }));
    }
}
