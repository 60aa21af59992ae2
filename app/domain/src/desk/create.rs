//! The first version of a story, and what every version is written to.

use gazette_table::{Key, TableError, Write};
use jiff::Timestamp;

use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::records;
use crate::slug::Slug;
use crate::story::{Story, StoryId, Teaser};
use crate::story_input::ValidStory;

/// The highest number that is appended to a slug which is taken; after it the story's id is used.
const MAX_SLUG_SUFFIX: usize = 50;
/// Tries of a slug while other writers take the free ones.
const MAX_ATTEMPTS: usize = MAX_SLUG_SUFFIX + 1;
const WORDS_PER_MINUTE: usize = 230;

impl Newsroom {
    /// Writes a new story under the first free slug. `answer` is written in the same batch.
    pub(super) async fn create(
        &self,
        actor: &Actor,
        id: StoryId,
        input: ValidStory,
        answer: Option<Write>,
    ) -> Result<Story, DeskError> {
        let now = self.now();
        let wanted = input.slug.clone();
        let mut story = story_of(input, id);
        let mut outcome = Ok(());
        for _ in 0..MAX_ATTEMPTS {
            let mut batch = vec![records::create_slug(&story.teaser.slug, id)?];
            batch.extend(answer.clone());
            batch.extend(version_writes(&story, None)?);
            let action = AuditAction::of_writing(None, story.status);
            let event = AuditEvent::of(now, actor, action, &story);
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
        let slugs: Vec<Slug> =
            (2..=MAX_SLUG_SUFFIX).map(|number| wanted.numbered(number)).collect();
        let keys: Vec<Key> = slugs.iter().map(records::slug_key).collect();
        let taken = self.table.get_many(&keys).await?;
        let free = slugs.into_iter().zip(taken).find(|(_, taken)| taken.is_none());
        let free = free.map(|(slug, _)| slug).or_else(|| Slug::from_text(&id.to_string()));
        Ok(free.unwrap_or_else(|| wanted.clone()))
    }
}

/// Returns the writes of a version of a story. The version before it is kept as a revision.
pub(super) fn version_writes(
    story: &Story,
    before: Option<&Story>,
) -> Result<Vec<Write>, TableError> {
    let mut writes = records::change(before, story)?;
    if let Some(before) = before {
        writes.push(records::keep_revision(before)?);
    }
    if let Some(source) = &story.source {
        writes.push(records::put_source(source, story.teaser.id)?);
    }
    Ok(writes)
}

/// Makes version 1 of a story.
pub(super) fn story_of(valid: ValidStory, id: StoryId) -> Story {
    let ValidStory { input, slug, section, tags, author } = valid;
    let words = input.body.split_whitespace().count();
    let reading_minutes =
        u32::try_from(words.div_ceil(WORDS_PER_MINUTE)).unwrap_or(u32::MAX).max(1);
    let teaser = Teaser {
        id,
        slug,
        headline: input.headline,
        summary: input.summary,
        section,
        tags,
        author,
        published_at: whole_seconds(input.published_at),
        updated_at: whole_seconds(input.published_at),
        reading_minutes,
        image: input.image,
    };
    let (source, status) = (input.source, input.status);
    Story { teaser, body: input.body, version: 1, source, status, trashed: None, was_public: false }
}

/// Truncates to seconds.
pub(super) fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
