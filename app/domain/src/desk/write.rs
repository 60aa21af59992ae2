//! New stories of an editor, and idempotency keys.

use gazette_table::{Item, TableError, Write};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::caller::Caller;
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::idempotency_key::IdempotencyKey;
use crate::records;
use crate::story::{Status, Story, StoryId};
use crate::story_patch::StoryPatch;

/// Seconds for which an idempotency key is remembered: a day.
const KEY_SECONDS: i64 = 24 * 60 * 60;

/// Result of a request with an idempotency key.
#[derive(Serialize, Deserialize)]
struct IdempotencyRecord {
    // Stored name of this field.
    #[serde(rename = "article")]
    story: StoryId,
    digest: String,
}

impl NewsDesk {
    /// Writes a new story. With a key, a repeated request returns the story of the first one.
    pub async fn write(
        &self,
        caller: &Caller,
        patch: StoryPatch,
        key: Option<&IdempotencyKey>,
    ) -> Result<Story, DeskError> {
        let actor = self.authorize(caller, action_of(patch.status))?;
        let newsroom = &self.newsroom;
        let hash = key.map(|key| key.hash(actor.sub.as_deref().unwrap_or_default()));
        let digest = patch.digest();
        if let Some(story) = newsroom.answered_story(hash.as_deref(), &digest).await? {
            return Ok(story);
        }
        let now = newsroom.now();
        patch.check_end(None, now).map_err(DeskError::Unacceptable)?;
        let valid = patch.into_input(&actor.name, now).check().map_err(DeskError::Unacceptable)?;
        let id = StoryId::new(newsroom.new_id());
        let record = hash.as_deref().map(|hash| key_record(hash, id, &digest, now));
        match newsroom.create(&actor, id, valid, record.transpose()?).await {
            // Another process may have completed the same request in the meantime.
            Err(DeskError::Table(TableError::Conflict { key })) => {
                let story = newsroom.answered_story(hash.as_deref(), &digest).await?;
                story.ok_or(DeskError::Table(TableError::Conflict { key }))
            }
            outcome => outcome,
        }
    }
}

/// Returns the write that remembers which story a request with this key changed.
pub(super) fn key_record(
    hash: &str,
    story: StoryId,
    digest: &str,
    now: Timestamp,
) -> Result<Write, TableError> {
    let record = IdempotencyRecord { story, digest: digest.to_owned() };
    let item = Item::new(records::idempotency_key(hash), &record)?;
    Ok(Write::create(item.expires_at(now.as_second() + KEY_SECONDS)))
}

/// Returns the action of writing a story with this status.
fn action_of(status: Option<Status>) -> Action {
    match status {
        Some(Status::Draft | Status::Review) => Action::DraftNews,
        Some(Status::Published) | None => Action::WriteNews,
    }
}

impl Newsroom {
    /// Returns the story that an earlier request with this key created.
    pub(super) async fn answered_story(
        &self,
        hash: Option<&str>,
        digest: &str,
    ) -> Result<Option<Story>, DeskError> {
        let Some(hash) = hash else { return Ok(None) };
        let item = self.table.get(&records::idempotency_key(hash)).await?;
        let Some(item) = item else { return Ok(None) };
        let record: IdempotencyRecord = item.parse()?;
        if record.digest != digest {
            return Err(DeskError::KeyReused);
        }
        let story = self.story(record.story).await?.filter(|story| story.trashed.is_none());
        story.map(Some).ok_or(DeskError::KeyOfDeleted)
    }
}
