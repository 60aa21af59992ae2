//! An import of stories from elsewhere, which knows them by their source.

use std::collections::HashSet;

use gazette_table::{Key, MAX_KEYS, TableError};

use crate::audit::{Actor, SystemTask};
use crate::desk::group::{Change, Group};
use crate::desk::imports::{ImportNumber, ImportRecord};
use crate::desk::newsroom::Newsroom;
use crate::desk::operator_desk::OperatorDesk;
use crate::error::DeskError;
use crate::records::{self, Pointer};
use crate::slug::Slug;
use crate::story::{Story, StoryId};
use crate::story_input::StoryInput;

/// Maximum length of the name of a source, in bytes.
const MAX_NAME_BYTES: usize = 300;
/// The number of times that a new story gets another slug, since another writer took its own.
const MAX_RETRIES: usize = 5;

/// A story as an import brings it.
#[derive(Clone, Debug)]
pub struct ImportStory {
    /// Path or id within the source.
    pub key: String,
    /// Hash of what the source has.
    pub digest: String,
    /// The story, without its source.
    pub input: StoryInput,
    /// Addresses that it had there.
    pub old_paths: Vec<String>,
}

/// The old addresses of a story that is here.
#[derive(Clone, Debug)]
pub struct OldPaths {
    /// Path or id within the source.
    pub key: String,
    /// The story.
    pub story: StoryId,
    /// Its address here.
    pub slug: Slug,
    /// Number of the import that wrote the story, to which its redirects belong.
    pub import: ImportNumber,
    /// Addresses that it had at the source.
    pub paths: Vec<String>,
}

/// Outcome of importing a story.
#[derive(Debug)]
pub enum StoryOutcome {
    /// A new story.
    Created,
    /// A new version.
    Updated,
    /// The source has what it had.
    Unchanged,
    /// The story was changed here since, and stays as it is.
    Kept,
    /// The story is in the trash and stays there.
    InTrash,
    /// The story breaks rules, or another writer was faster.
    Refused(DeskError),
}

/// An import in progress. Its stories are written in groups.
pub struct StoryImport<'a> {
    pub(super) newsroom: &'a Newsroom,
    pub(super) actor: Actor,
    source: String,
    /// Replaces what was changed here.
    pub(super) overwrites: bool,
    /// The record of this import, once something is written.
    record: Option<ImportRecord>,
    /// Subject of each change; `None` for that of the record.
    group: Group<Option<Subject>>,
    /// Slugs of the stories of this import.
    pub(super) planned: HashSet<Slug>,
    outcomes: Vec<(String, StoryOutcome)>,
    /// Old addresses of the stories that are here.
    old_paths: Vec<OldPaths>,
    /// The last import that wrote one of the stories.
    last_number: Option<ImportNumber>,
}

/// A story of a group.
pub(super) struct Subject {
    pub(super) is_new: bool,
    pub(super) old_paths: OldPaths,
    /// The story as it was added, for another try.
    pub(super) source: Option<ImportStory>,
}

impl OperatorDesk {
    /// Begins an import of the stories of a source. `overwrites` replaces what was changed here
    /// since.
    pub fn begin_story_import(&self, source: &str, overwrites: bool) -> StoryImport<'_> {
        StoryImport {
            newsroom: self.newsroom(),
            actor: Actor::system(SystemTask::Import),
            source: source_name(source),
            overwrites,
            record: None,
            // One is left for the record.
            group: Group::with_max_writes(self.newsroom().table.max_batch().saturating_sub(1)),
            planned: HashSet::new(),
            outcomes: Vec::new(),
            old_paths: Vec::new(),
            last_number: None,
        }
    }
}

impl StoryImport<'_> {
    /// Returns the slugs of the stories that were imported from these keys before.
    pub async fn slugs(&self, keys: &[&str]) -> Result<Vec<Option<Slug>>, DeskError> {
        let mut slugs = Vec::with_capacity(keys.len());
        for keys in keys.chunks(MAX_KEYS) {
            let stories = self.stories(keys).await?;
            slugs.extend(stories.into_iter().map(|story| Some(story?.teaser.slug)));
        }
        Ok(slugs)
    }

    /// Adds a story. It is written with those after it.
    pub async fn add(&mut self, story: ImportStory) -> Result<(), DeskError> {
        let (key, source) = (story.key.clone(), story.clone());
        match self.change(story).await? {
            Ok(change) => {
                let change = Self::with_source(change, source);
                if !self.group.has_room(&change) {
                    self.flush().await?;
                }
                self.group.push(change);
            }
            Err(outcome) => self.outcomes.push((key, outcome)),
        }
        Ok(())
    }

    /// Writes what is left of the group.
    pub async fn flush(&mut self) -> Result<(), DeskError> {
        let mut retries = 0;
        loop {
            let mut group = self.group.take();
            if group.is_empty() {
                return Ok(());
            }
            let expected = self.record_after(&group);
            if let Some(record) = &expected {
                let writes = vec![record.put()?];
                group.push(Change { subject: None, writes, event: None, text_bytes: 0 });
            }
            for (subject, outcome) in group.commit(self.newsroom).await? {
                let Some(subject) = subject else { continue };
                match (outcome, subject.source) {
                    (Err(TableError::Conflict { key }), Some(story))
                        if key == records::slug_key(&subject.old_paths.slug)
                            && retries < MAX_RETRIES =>
                    {
                        Box::pin(self.plan_again(story)).await?;
                    }
                    (outcome, _) => self.settle(subject.is_new, subject.old_paths, outcome),
                }
            }
            retries += 1;
            if let Some(record) = self.record.as_ref().filter(|it| expected.as_ref() != Some(*it)) {
                self.newsroom.table.write(vec![record.put()?]).await?;
            }
        }
    }

    /// Returns the record for the time after a group, which is written with it: an import that is
    /// interrupted has no end.
    fn record_after(&self, group: &Group<Option<Subject>>) -> Option<ImportRecord> {
        let mut record = self.record.clone()?;
        for subject in group.subjects().flatten() {
            let count = if subject.is_new { &mut record.created } else { &mut record.updated };
            *count += 1;
        }
        Some(record)
    }

    /// Adds a story again whose slug another writer took, with the next free one.
    async fn plan_again(&mut self, story: ImportStory) -> Result<(), DeskError> {
        let (key, source) = (story.key.clone(), story.clone());
        match self.change(story).await? {
            Ok(change) => {
                let change = Self::with_source(change, source);
                if self.group.has_room(&change) {
                    self.group.push(change);
                } else {
                    self.outcomes.push((key, StoryOutcome::Refused(DeskError::Stale)));
                }
            }
            Err(outcome) => self.outcomes.push((key, outcome)),
        }
        Ok(())
    }

    /// Counts what became of a story that was to be written.
    fn settle(&mut self, is_new: bool, old_paths: OldPaths, outcome: Result<(), TableError>) {
        let key = old_paths.key.clone();
        if outcome.is_ok() {
            self.keep_old_paths(old_paths);
        }
        let outcome = match outcome {
            Ok(()) if is_new => StoryOutcome::Created,
            Ok(()) => StoryOutcome::Updated,
            Err(TableError::Conflict { .. }) => StoryOutcome::Refused(DeskError::Stale),
            Err(error) => StoryOutcome::Refused(error.into()),
        };
        if let Some(record) = &mut self.record {
            match outcome {
                StoryOutcome::Created => record.created += 1,
                StoryOutcome::Updated => record.updated += 1,
                _ => {}
            }
        }
        self.outcomes.push((key, outcome));
    }

    /// Returns what became of the stories since the last call.
    pub fn take_outcomes(&mut self) -> Vec<(String, StoryOutcome)> {
        std::mem::take(&mut self.outcomes)
    }

    /// Returns the old addresses of the stories that were written since the last call, or found
    /// unchanged or changed here: an interrupted import may have left them without redirects.
    pub fn take_old_paths(&mut self) -> Vec<OldPaths> {
        std::mem::take(&mut self.old_paths)
    }

    /// Returns the number of this import, or of the last one that wrote one of its stories.
    pub fn last_number(&self) -> Option<ImportNumber> {
        self.record.as_ref().map(|record| record.number).or(self.last_number)
    }

    pub(super) fn keep_old_paths(&mut self, old_paths: OldPaths) {
        self.last_number = self.last_number.max(Some(old_paths.import));
        if !old_paths.paths.is_empty() {
            self.old_paths.push(old_paths);
        }
    }

    /// Ends the import after [`StoryImport::flush`], and returns its record unless nothing was
    /// written.
    pub async fn finish(self) -> Result<Option<ImportRecord>, DeskError> {
        if let Some(record) = &self.record {
            self.newsroom.table.write(vec![record.put()?]).await?;
        }
        Ok(self.record)
    }

    /// Returns the number of this import; the first call takes it.
    pub(super) async fn number(&mut self) -> Result<u64, DeskError> {
        if let Some(record) = &self.record {
            return Ok(record.number);
        }
        let record = self.newsroom.new_import(&self.source).await?;
        let number = record.number;
        self.record = Some(record);
        Ok(number)
    }

    /// Reads the stories that were imported from these keys.
    pub(super) async fn stories(&self, keys: &[&str]) -> Result<Vec<Option<Story>>, DeskError> {
        let own: Vec<Key> =
            keys.iter().map(|key| records::source_key(&self.source_of(key))).collect();
        let pointers = self.newsroom.table.get_many(&own).await?;
        let mut stories = Vec::with_capacity(keys.len());
        for pointer in pointers {
            let pointer = pointer.map(|item| item.parse::<Pointer>()).transpose()?;
            stories.push(match pointer {
                Some(pointer) => self.newsroom.story(pointer.story).await?,
                None => None,
            });
        }
        Ok(stories)
    }

    pub(super) fn source_of(&self, key: &str) -> String {
        format!("{}#{key}", self.source)
    }
}

/// Returns the name of a source as stories keep it: `#` ends it there.
fn source_name(source: &str) -> String {
    let name = source.replace('%', "%25").replace('#', "%23");
    let is_kept = |c: char| !c.is_control();
    let mut end = name.len().min(MAX_NAME_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.get(..end).unwrap_or_default().chars().filter(|c| is_kept(*c)).collect()
}
