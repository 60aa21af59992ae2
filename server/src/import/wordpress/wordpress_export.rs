//! A WXR file and its stories.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use crate::import::source_story::{Refused, SourceStory};
use crate::import::wordpress::index::{Index, skipped_kind};
use crate::import::wordpress::items::{Entry, Items};
use crate::import::wordpress::story::story_of;

/// An export of WordPress (WXR 1.0 to 1.2).
#[derive(Debug)]
pub(crate) struct WordPress {
    path: PathBuf,
    time_zone: TimeZone,
    index: Index,
}

impl WordPress {
    /// Opens an export and reads it once, for what its posts refer to. Dates without their time in
    /// UTC are read in `time_zone`.
    ///
    /// # Errors
    /// The error of the system when the file cannot be opened.
    pub(crate) fn open(path: &Path, time_zone: TimeZone) -> std::io::Result<Self> {
        let index = Index::read(BufReader::new(File::open(path)?));
        Ok(Self { path: path.to_owned(), time_zone, index })
    }

    /// Returns the number of stories.
    pub(crate) fn len(&self) -> usize {
        self.index.posts
    }

    /// Returns the URL of the site, which absolute links between its stories begin with.
    pub(crate) fn site_url(&self) -> &str {
        &self.index.blog_url
    }

    /// Returns what is not imported: kinds and their numbers.
    pub(crate) fn summary(&self) -> Vec<(String, usize)> {
        self.index.skipped.iter().map(|(kind, count)| (kind.clone(), *count)).collect()
    }

    /// Returns the stories in the order of the file. XML that cannot be read ends them.
    ///
    /// # Errors
    /// The error of the system when the file cannot be opened.
    pub(crate) fn stories(
        &self,
    ) -> std::io::Result<impl Iterator<Item = Result<SourceStory, Refused>>> {
        let mut items = Items::new(BufReader::new(File::open(&self.path)?));
        let mut is_over = false;
        Ok(std::iter::from_fn(move || {
            while !is_over {
                match items.next_entry() {
                    Ok(Some(Entry::Item(item))) if skipped_kind(&item).is_none() => {
                        return Some(story_of(&item, &self.index, &self.time_zone));
                    }
                    Ok(Some(_)) => {}
                    Ok(None) => is_over = true,
                    Err(error) => {
                        is_over = true;
                        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
                        let reason = format!("{error}; what comes after it was not read");
                        return Some(Err(Refused { key: name.into_owned(), reason }));
                    }
                }
            }
            None
        }))
    }
}
