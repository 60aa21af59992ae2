//! Publication of imported and sample stories.

use crate::audit::{Actor, AuditEvent};
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::story::{Story, StoryId, Teaser};
use crate::story_input::{StoryInput, ValidStory};
use crate::story_writes;

/// The result of publishing a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// A new story.
    Created(Teaser),
    /// A new version of the story with the same source.
    Updated(Teaser),
    /// The story with the same source has the same content.
    Unchanged(Teaser),
    /// The story with the same source is in the trash and stays there.
    InTrash(Teaser),
}

impl Published {
    /// Returns the teaser of the story.
    pub fn teaser(&self) -> &Teaser {
        match self {
            Self::Created(teaser)
            | Self::Updated(teaser)
            | Self::Unchanged(teaser)
            | Self::InTrash(teaser) => teaser,
        }
    }
}

impl Newsroom {
    pub(super) async fn publish(
        &self,
        actor: &Actor,
        input: StoryInput,
    ) -> Result<Published, DeskError> {
        let valid = input.check().map_err(DeskError::Unacceptable)?;
        let existing = match &valid.input.source {
            Some(source) => self.story_of_source(source).await?,
            None => None,
        };
        match existing {
            Some(story) if story.trashed.is_some() => Ok(Published::InTrash(story.teaser)),
            Some(story) => self.update(actor, &story, valid).await,
            None => {
                let id = StoryId::new(self.new_id());
                let story = self.create(actor, id, valid, None).await?;
                Ok(Published::Created(story.teaser))
            }
        }
    }

    async fn update(
        &self,
        actor: &Actor,
        current: &Story,
        valid: ValidStory,
    ) -> Result<Published, DeskError> {
        let mut story = valid.into_version_of(current);
        let mut batch = self.register_labels(&mut story).await?;
        if story == *current {
            return Ok(Published::Unchanged(story.teaser));
        }
        let now = self.now();
        self.advance(&mut story, current, now).await?;
        let event = AuditEvent::of_version(now, actor, Some(current), &story);
        let event = event.replacing(current.version);
        batch.extend(story_writes::new_version(Some(current), &story)?);
        self.audit.commit(batch, vec![event]).await?;
        Ok(Published::Updated(story.teaser))
    }
}
