//! An import of stories from elsewhere, which knows them by their source.

use std::collections::HashSet;

use gazette_table::{Item, Key, MAX_KEYS, TableError, Write};

use crate::audit::{Actor, AuditAction, AuditEvent, SystemTask};
use crate::desk::group::{Change, Group};
use crate::desk::imports::{ImportRecord, Member};
use crate::desk::newsroom::Newsroom;
use crate::desk::operator_desk::OperatorDesk;
use crate::error::DeskError;
use crate::records::{self, Pointer};
use crate::slug::Slug;
use crate::story::{Origin, Story, StoryId};
use crate::story_input::{StoryInput, ValidStory};

/// Maximum length of the name of a source, in bytes.
const MAX_NAME_BYTES: usize = 300;

/// A story as an import brings it.
#[derive(Clone, Debug)]
pub struct ImportStory {
    /// Path or id within the source.
    pub key: String,
    /// Hash of what the source has.
    pub digest: String,
    /// The story, without its source.
    pub input: StoryInput,
}

/// What became of an imported story.
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
    newsroom: &'a Newsroom,
    actor: Actor,
    source: String,
    /// Replaces what was changed here.
    overwrites: bool,
    /// The record of this import, once something is written.
    record: Option<ImportRecord>,
    group: Group<(String, bool)>,
    /// Slugs of the stories of this import.
    planned: HashSet<Slug>,
    outcomes: Vec<(String, StoryOutcome)>,
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
            group: Group::default(),
            planned: HashSet::new(),
            outcomes: Vec::new(),
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
        let key = story.key.clone();
        match self.change(story).await? {
            Ok(change) => {
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
        let group = std::mem::take(&mut self.group);
        if group.is_empty() {
            return Ok(());
        }
        for ((key, is_new), outcome) in group.commit(self.newsroom).await? {
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
        Ok(())
    }

    /// Returns what became of the stories since the last call.
    pub fn take_outcomes(&mut self) -> Vec<(String, StoryOutcome)> {
        std::mem::take(&mut self.outcomes)
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
    async fn number(&mut self) -> Result<u64, DeskError> {
        if let Some(record) = &self.record {
            return Ok(record.number);
        }
        let record = self.newsroom.new_import(&self.source).await?;
        let number = record.number;
        self.record = Some(record);
        Ok(number)
    }

    /// Reads the stories that were imported from these keys.
    async fn stories(&self, keys: &[&str]) -> Result<Vec<Option<Story>>, DeskError> {
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

    fn source_of(&self, key: &str) -> String {
        format!("{}#{key}", self.source)
    }

    /// Prepares the change of a story; the outcome if there is nothing to change.
    async fn change(
        &mut self,
        story: ImportStory,
    ) -> Result<Result<Change<(String, bool)>, StoryOutcome>, DeskError> {
        let ImportStory { key, digest, mut input } = story;
        let existing = match self.stories(&[&key]).await?.into_iter().next().flatten() {
            Some(existing) => Some(existing),
            None => self.former(&key, &input).await?,
        };
        input.source = Some(self.source_of(&key));
        let valid = match input.check() {
            Ok(valid) => valid,
            Err(errors) => return Ok(Err(StoryOutcome::Refused(DeskError::Unacceptable(errors)))),
        };
        match existing {
            None => self.creation(key, digest, valid).await.map(Ok),
            Some(existing) => self.update(key, digest, valid, existing).await,
        }
    }

    /// Finds the story that an earlier release imported from the same path, which did not know the
    /// source. It must be the same story: another folder may have the same path.
    async fn former(&self, key: &str, input: &StoryInput) -> Result<Option<Story>, DeskError> {
        let story = self.newsroom.story_of_source(key).await?;
        Ok(story.filter(|story| story.origin.is_none() && story.teaser.headline == input.headline))
    }

    async fn creation(
        &mut self,
        key: String,
        digest: String,
        valid: ValidStory,
    ) -> Result<Change<(String, bool)>, DeskError> {
        let id = StoryId::new(self.newsroom.new_id());
        let mut story = valid.into_story(id);
        let wanted = story.teaser.slug.clone();
        if let Some(slug) = self.newsroom.planned_slug(&wanted, &self.planned).await? {
            story.teaser.slug = slug;
        } else {
            story.teaser.slug = id.slug();
        }
        self.planned.insert(story.teaser.slug.clone());
        let import = self.number().await?;
        story.origin = Some(Origin { import, version: story.version, digest });
        let mut writes = vec![records::create_slug(&story.teaser.slug, id)?];
        writes.extend(records::new_version(None, &story)?);
        self.finished(key, None, story, writes)
    }

    async fn update(
        &mut self,
        key: String,
        digest: String,
        valid: ValidStory,
        current: Story,
    ) -> Result<Result<Change<(String, bool)>, StoryOutcome>, DeskError> {
        let was_undone = current.trashed.as_ref().is_some_and(|trashed| trashed.import.is_some());
        if current.trashed.is_some() && !was_undone {
            return Ok(Err(StoryOutcome::InTrash));
        }
        let former_source = current.source.clone();
        let mut story = valid.into_version_of(&current);
        let is_same = Story { source: former_source.clone(), ..story.clone() } == current;
        let is_former = current.origin.is_none();
        match &current.origin {
            _ if was_undone => {}
            Some(origin) if origin.digest == digest => return Ok(Err(StoryOutcome::Unchanged)),
            Some(origin) if origin.version == current.version || self.overwrites => {}
            None if is_same || self.overwrites => {}
            _ => return Ok(Err(StoryOutcome::Kept)),
        }
        if is_same && !is_former && !was_undone {
            return Ok(Err(StoryOutcome::Unchanged));
        }
        let now = self.newsroom.now();
        story.advance(&current, now);
        let import = self.number().await?;
        story.origin = Some(Origin { import, version: story.version, digest });
        let mut writes = records::new_version(Some(&current), &story)?;
        if is_former && let Some(former) = &former_source {
            writes.push(Write::delete(records::source_key(former)));
        }
        self.finished(key, Some(&current), story, writes).map(Ok)
    }

    /// Adds what every imported story needs: the entry of the import, and the audit record.
    fn finished(
        &self,
        key: String,
        before: Option<&Story>,
        story: Story,
        mut writes: Vec<Write>,
    ) -> Result<Change<(String, bool)>, DeskError> {
        let import = story.origin.as_ref().map_or(0, |origin| origin.import);
        let member = Member { before: before.map(|story| story.version) };
        let entry = Key::new(records::member_partition(import), story.teaser.id.to_string());
        writes.push(Write::put(Item::new(entry, &member)?));
        let was_trashed = before.is_some_and(|before| before.trashed.is_some());
        let action = match before {
            Some(_) if was_trashed => AuditAction::Restored,
            before => AuditAction::of_writing(before.map(|story| story.status), story.status),
        };
        let event = AuditEvent::of(self.newsroom.now(), &self.actor, action, &story);
        let text_bytes = story.body.len();
        let is_new = before.is_none() || was_trashed;
        Ok(Change { subject: (key, is_new), writes, event: Some(event), text_bytes })
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
