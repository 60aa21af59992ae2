//! The change that an import makes to one story.

use gazette_table::{Item, Key, Write};

use crate::audit::{AuditAction, AuditEvent};
use crate::desk::group::Change;
use crate::desk::imports::Member;
use crate::desk::story_import::{ImportStory, OldPaths, StoryImport, StoryOutcome, Subject};
use crate::error::DeskError;
use crate::records;
use crate::story::{Origin, Story, StoryId};
use crate::story_input::{StoryInput, ValidStory};
use crate::story_writes;

impl StoryImport<'_> {
    /// Prepares the change of a story; the outcome if there is nothing to change.
    pub(super) async fn change(
        &mut self,
        story: ImportStory,
    ) -> Result<Result<Change<Subject>, StoryOutcome>, DeskError> {
        let ImportStory { key, digest, mut input, old_paths } = story;
        let existing = match self.stories(&[&key]).await?.into_iter().next().flatten() {
            Some(existing) => Some(existing),
            None => self.former(&key, &input).await?,
        };
        input.source = Some(self.source_of(&key));
        let valid = match input.check() {
            Ok(valid) => valid,
            Err(errors) => return Ok(Err(StoryOutcome::Refused(DeskError::Unacceptable(errors)))),
        };
        let Some(existing) = existing else {
            let mut change = self.creation(key, digest, valid).await?;
            change.subject.old_paths.paths = old_paths;
            return Ok(Ok(change));
        };
        let mut known = old_paths_of(key.clone(), &existing);
        known.paths = old_paths;
        Ok(match self.update(key, digest, valid, existing).await? {
            Ok(mut change) => {
                change.subject.old_paths.paths = known.paths;
                Ok(change)
            }
            Err(outcome) => {
                let is_here = matches!(outcome, StoryOutcome::Unchanged | StoryOutcome::Kept);
                if is_here && known.import != 0 {
                    self.keep_old_paths(known);
                }
                Err(outcome)
            }
        })
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
    ) -> Result<Change<Subject>, DeskError> {
        let id = StoryId::new(self.newsroom.new_id());
        let mut story = valid.into_story(id);
        story.set_created_at(self.newsroom.now());
        self.register_labels(&mut story).await?;
        let wanted = story.teaser.slug.clone();
        if let Some(slug) = self.newsroom.planned_slug(&wanted, &self.planned).await? {
            story.teaser.slug = slug;
        } else {
            story.teaser.slug = id.slug();
        }
        self.planned.insert(story.teaser.slug.clone());
        let import = self.number().await?;
        story.origin = Some(Origin { import, version: story.version, digest });
        let mut writes = vec![story_writes::create_slug(&story.teaser.slug, id)?];
        writes.extend(story_writes::new_version(None, &story)?);
        self.finished(key, None, &story, writes)
    }

    async fn update(
        &mut self,
        key: String,
        digest: String,
        valid: ValidStory,
        current: Story,
    ) -> Result<Result<Change<Subject>, StoryOutcome>, DeskError> {
        let was_undone = current.trashed.as_ref().is_some_and(|trashed| trashed.import.is_some());
        if current.trashed.is_some() && !was_undone {
            return Ok(Err(StoryOutcome::InTrash));
        }
        let former_source = current.source.clone();
        let mut story = valid.into_version_of(&current);
        // A time in the source is that of a new story: here, editors decide.
        story.teaser.unpublish_at = current.teaser.unpublish_at;
        story.pin_until = current.pin_until;
        story.pinned_at = current.pinned_at;
        self.register_labels(&mut story).await?;
        let is_same = Story { source: former_source.clone(), ..story.clone() } == current;
        let is_former = current.origin.is_none();
        match &current.origin {
            _ if was_undone => {}
            Some(origin)
                if origin.digest == digest
                    && (origin.version == current.version || !self.overwrites) =>
            {
                return Ok(Err(StoryOutcome::Unchanged));
            }
            Some(origin) if origin.version == current.version || self.overwrites => {}
            None if is_same || self.overwrites => {}
            _ => return Ok(Err(StoryOutcome::Kept)),
        }
        if is_same && !is_former && !was_undone {
            return Ok(Err(StoryOutcome::Unchanged));
        }
        let now = self.newsroom.now();
        let has_same_text = story.teaser == current.teaser && story.body == current.body;
        self.newsroom.advance(&mut story, &current, now).await?;
        if has_same_text {
            // It comes back after an undo: not an update for readers.
            story.teaser.updated_at = current.teaser.updated_at;
        }
        let import = self.number().await?;
        story.origin = Some(Origin { import, version: story.version, digest });
        let mut writes = story_writes::new_version(Some(&current), &story)?;
        if is_former && let Some(former) = &former_source {
            writes.push(Write::delete(records::source_key(former)));
        }
        self.finished(key, Some(&current), &story, writes).map(Ok)
    }

    /// Returns the change with the story that it was made of.
    pub(super) fn with_source(
        change: Change<Subject>,
        source: ImportStory,
    ) -> Change<Option<Subject>> {
        let Change { subject, writes, event, text_bytes } = change;
        let subject = Some(Subject { source: Some(source), ..subject });
        Change { subject, writes, event, text_bytes }
    }

    /// Gives the story its registered labels. New ones are registered at once, since the stories
    /// of a group must agree on their spelling.
    async fn register_labels(&self, story: &mut Story) -> Result<(), DeskError> {
        let writes = self.newsroom.register_labels(story).await?;
        if !writes.is_empty() {
            self.newsroom.table.write(writes).await?;
        }
        Ok(())
    }

    /// Adds what every imported story needs: the entry of the import, and the audit record.
    fn finished(
        &self,
        key: String,
        before: Option<&Story>,
        story: &Story,
        mut writes: Vec<Write>,
    ) -> Result<Change<Subject>, DeskError> {
        let import = story.origin.as_ref().map_or(0, |origin| origin.import);
        let member = Member { before: before.map(|story| story.version) };
        let entry = Key::new(records::member_partition(import), story.teaser.id.to_string());
        writes.push(Write::put(Item::new(entry, &member)?));
        let was_trashed = before.is_some_and(|before| before.trashed.is_some());
        let now = self.newsroom.now();
        let mut event = if was_trashed {
            AuditEvent::of(now, &self.actor, AuditAction::Restored, story)
        } else {
            AuditEvent::of_version(now, &self.actor, before, story)
        };
        event.version_before = before.map(|before| before.version);
        let text_bytes = story.body.len();
        let is_new = before.is_none() || was_trashed;
        let subject = Subject { is_new, old_paths: old_paths_of(key, story), source: None };
        Ok(Change { subject, writes, event: Some(event), text_bytes })
    }
}

/// Returns the entry for the old addresses of a story, without them.
fn old_paths_of(key: String, story: &Story) -> OldPaths {
    OldPaths {
        key,
        story: story.teaser.id,
        slug: story.teaser.slug.clone(),
        import: story.origin.as_ref().map_or(0, |origin| origin.import),
        paths: Vec::new(),
    }
}
