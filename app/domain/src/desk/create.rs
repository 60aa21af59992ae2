//! Creation of stories.

use std::collections::HashSet;

use gazette_table::{Key, TableError, Write};

use crate::audit::{Actor, AuditEvent};
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::records;
use crate::slug::Slug;
use crate::story::{Story, StoryId};
use crate::story_input::ValidStory;
use crate::story_writes;

/// Highest number appended to a taken slug. After it, the story's id is the slug.
const MAX_SLUG_SUFFIX: usize = 50;
/// Numbers that are looked up at a time. Most slugs are free with one of the first.
const SLUGS_PER_READ: usize = 10;
/// Maximum number of slugs to try when concurrent writers take the free ones.
const MAX_ATTEMPTS: usize = MAX_SLUG_SUFFIX + 1;

impl Newsroom {
    /// Writes a new story under the first free slug. `key_record` is written in the same batch.
    pub(super) async fn create(
        &self,
        actor: &Actor,
        id: StoryId,
        input: ValidStory,
        key_record: Option<Write>,
    ) -> Result<Story, DeskError> {
        let now = self.now();
        let mut story = input.into_story(id);
        story.owner.clone_from(&actor.sub);
        story.pinned_at = story.pin_until.map(|_| now);
        story.set_created_at(now);
        let labels = self.register_labels(&mut story).await?;
        let wanted = story.teaser.slug.clone();
        let mut outcome = Ok(());
        for _ in 0..MAX_ATTEMPTS {
            let mut batch = vec![story_writes::create_slug(&story.teaser.slug, id)?];
            batch.extend(labels.clone());
            batch.extend(key_record.clone());
            batch.extend(story_writes::new_version(None, &story)?);
            let event = AuditEvent::of_version(now, actor, None, &story);
            outcome = self.audit.commit(batch, vec![event]).await;
            match &outcome {
                Err(TableError::Conflict { key })
                    if *key == records::slug_key(&story.teaser.slug) =>
                {
                    story.teaser.slug = self.free_slug(&wanted, id).await?;
                }
                Ok(()) | Err(_) => break,
            }
        }
        outcome.map(|()| story).map_err(DeskError::from)
    }

    /// Returns the wanted slug with the lowest free number.
    async fn free_slug(&self, wanted: &Slug, id: StoryId) -> Result<Slug, TableError> {
        let free = self.numbered_slug(wanted, &HashSet::new()).await?;
        Ok(free.unwrap_or_else(|| id.slug()))
    }

    /// Returns the wanted slug if it is free, or else the one with the lowest free number; `None`
    /// if there is none. Those in `reserved` are not free.
    pub(super) async fn planned_slug(
        &self,
        wanted: &Slug,
        reserved: &HashSet<Slug>,
    ) -> Result<Option<Slug>, TableError> {
        if !reserved.contains(wanted) && self.table.get(&records::slug_key(wanted)).await?.is_none()
        {
            return Ok(Some(wanted.clone()));
        }
        self.numbered_slug(wanted, reserved).await
    }

    async fn numbered_slug(
        &self,
        wanted: &Slug,
        reserved: &HashSet<Slug>,
    ) -> Result<Option<Slug>, TableError> {
        for first in (2..=MAX_SLUG_SUFFIX).step_by(SLUGS_PER_READ) {
            let last = MAX_SLUG_SUFFIX.min(first + SLUGS_PER_READ - 1);
            let slugs: Vec<Slug> = (first..=last).map(|number| wanted.numbered(number)).collect();
            let keys: Vec<Key> = slugs.iter().map(records::slug_key).collect();
            let taken = self.table.get_many(&keys).await?;
            let mut slugs = slugs.into_iter().zip(taken);
            let free = slugs.find(|(slug, taken)| taken.is_none() && !reserved.contains(slug));
            if let Some((slug, _)) = free {
                return Ok(Some(slug));
            }
        }
        Ok(None)
    }
}
