//! From a input to a story that can be read.

use gazette_table::{Item, Key, TableError, Write};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::caller::Caller;
use crate::desk::NewsDesk;
use crate::error::DeskError;
use crate::policy::Action;
use crate::records;
use crate::slug::Slug;
use crate::story::{Story, StoryId, Teaser};
use crate::story_input::{StoryInput, ValidStory};
use crate::story_patch::{IdempotencyKey, StoryPatch};

/// What publishing a input came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// A new story.
    Created(Teaser),
    /// A new version of the story that came from the same source.
    Updated(Teaser),
    /// The story from the same source says this already.
    Unchanged(Teaser),
    /// The story from the same source lies in the trash and stays there.
    InTrash(Teaser),
}

impl Published {
    /// The teaser of the story, whatever came of it.
    pub fn teaser(&self) -> &Teaser {
        match self {
            Self::Created(teaser)
            | Self::Updated(teaser)
            | Self::Unchanged(teaser)
            | Self::InTrash(teaser) => teaser,
        }
    }
}

/// Which story a request made, remembered for when it comes again.
#[derive(Serialize, Deserialize)]
struct Answered {
    #[serde(rename = "article")]
    story: StoryId,
    digest: String,
}

/// How many namesakes a slug is numbered for before the story's id is used instead.
const NAMESAKES: usize = 50;
/// How often a slug is looked for when others take what was free.
const ATTEMPTS: usize = NAMESAKES + 1;
/// Seconds an idempotency key is remembered: a day.
const KEY_SECONDS: i64 = 24 * 60 * 60;
const WORDS_A_MINUTE: usize = 230;

impl NewsDesk {
    /// The slug of the story that was imported from a file.
    pub async fn slug_of_source(&self, source: &str) -> Result<Option<Slug>, DeskError> {
        Ok(self.story_of_source(source).await?.map(|story| story.teaser.slug))
    }

    /// Publishes a input; one with a `source` updates the story of the same source.
    pub async fn publish(
        &self,
        caller: &Caller,
        input: StoryInput,
    ) -> Result<Published, DeskError> {
        let actor = self.authorize(caller, Action::WriteNews)?;
        let input = input.check().map_err(DeskError::Unacceptable)?;
        let known = match &input.input.source {
            Some(source) => self.story_of_source(source).await?,
            None => None,
        };
        match known {
            Some(story) if story.trashed.is_some() => Ok(Published::InTrash(story.teaser)),
            Some(story) => self.update(&actor, &story, input).await,
            None => {
                let id = StoryId::new((self.ports.new_id)());
                let story = self.create(&actor, id, input, None).await?;
                Ok(Published::Created(story.teaser))
            }
        }
    }

    /// Writes a new story; with a key, the same request again answers with the same story.
    pub async fn write(
        &self,
        caller: &Caller,
        patch: StoryPatch,
        key: Option<&IdempotencyKey>,
    ) -> Result<Story, DeskError> {
        let actor = self.authorize(caller, Action::WriteNews)?;
        let hash = key.map(|key| key.hash(actor.sub.as_deref().unwrap_or_default()));
        let digest = patch.digest();
        if let Some(story) = self.answered(hash.as_deref(), &digest).await? {
            return Ok(story);
        }
        let now = self.now();
        let input = patch.into_input(&actor.name, now).check().map_err(DeskError::Unacceptable)?;
        let id = StoryId::new((self.ports.new_id)());
        let remembered = hash.as_deref().map(|hash| {
            let answered = Answered { story: id, digest: digest.clone() };
            let item = Item::new(records::idempotency_key(hash), &answered)?;
            Ok::<_, TableError>(Write::create(item.expires_at(now.as_second() + KEY_SECONDS)))
        });
        match self.create(&actor, id, input, remembered.transpose()?).await {
            // The same request is being answered elsewhere at this moment.
            Err(DeskError::Table(TableError::Conflict { key })) => {
                let story = self.answered(hash.as_deref(), &digest).await?;
                story.ok_or(DeskError::Table(TableError::Conflict { key }))
            }
            outcome => outcome,
        }
    }

    /// The story that a request with this key made before.
    async fn answered(&self, hash: Option<&str>, digest: &str) -> Result<Option<Story>, DeskError> {
        let Some(hash) = hash else { return Ok(None) };
        let item = self.ports.table.get(&records::idempotency_key(hash)).await?;
        let Some(item) = item else { return Ok(None) };
        let answered: Answered = item.parse()?;
        if answered.digest != digest {
            return Err(DeskError::KeyReused);
        }
        self.stored_story(answered.story).await?.map(Some).ok_or(DeskError::Gone)
    }

    async fn create(
        &self,
        actor: &Actor,
        id: StoryId,
        input: ValidStory,
        remembered: Option<Write>,
    ) -> Result<Story, DeskError> {
        let now = self.now();
        let wished = input.slug.clone();
        let mut story = story_of(input, id);
        let mut outcome = Ok(());
        for _ in 0..ATTEMPTS {
            let mut batch = vec![records::create_slug(&story.teaser.slug, id)?];
            batch.extend(remembered.clone());
            batch.extend(publish_writes(&story, None)?);
            let action = AuditAction::of_writing(None, story.status);
            let event = AuditEvent::of(now, actor, action, &story);
            outcome = self.log.commit(batch, vec![event]).await;
            match &outcome {
                Err(TableError::Conflict { key })
                    if *key == records::slug_key(&story.teaser.slug) =>
                {
                    story.teaser.slug = self.free_slug(&wished, id).await?;
                }
                Ok(()) | Err(_) => break,
            }
        }
        outcome.map(|()| story).map_err(DeskError::from)
    }

    /// A slug like the one that was wished for, which no story has now.
    async fn free_slug(&self, wished: &Slug, id: StoryId) -> Result<Slug, TableError> {
        let namesakes: Vec<Slug> = (2..=NAMESAKES).map(|number| wished.numbered(number)).collect();
        let keys: Vec<Key> = namesakes.iter().map(records::slug_key).collect();
        let taken = self.ports.table.get_many(&keys).await?;
        let free = namesakes.into_iter().zip(taken).find(|(_, taken)| taken.is_none());
        let free = free.map(|(slug, _)| slug).or_else(|| Slug::from_text(&id.to_string()));
        Ok(free.unwrap_or_else(|| wished.clone()))
    }

    async fn update(
        &self,
        actor: &Actor,
        current: &Story,
        input: ValidStory,
    ) -> Result<Published, DeskError> {
        let mut story = story_of(input, current.teaser.id);
        story.teaser.slug = current.teaser.slug.clone();
        story.teaser.updated_at = current.teaser.updated_at;
        story.version = current.version;
        if story == *current {
            return Ok(Published::Unchanged(story.teaser));
        }
        let now = self.now();
        story.teaser.updated_at = whole_seconds(now);
        story.version += 1;
        let action = AuditAction::of_writing(Some(current.status), story.status);
        let event = AuditEvent::of(now, actor, action, &story);
        self.log.commit(publish_writes(&story, Some(current))?, vec![event]).await?;
        Ok(Published::Updated(story.teaser))
    }
}

/// Everything a version of a story is written to, with what its predecessor leaves behind.
pub(super) fn publish_writes(
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

pub(super) fn story_of(checked: ValidStory, id: StoryId) -> Story {
    let ValidStory { input, slug, section, tags, author } = checked;
    let words = input.body.split_whitespace().count();
    let reading_minutes = u32::try_from(words.div_ceil(WORDS_A_MINUTE)).unwrap_or(u32::MAX).max(1);
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
    Story { teaser, body: input.body, version: 1, source, status, trashed: None }
}

/// News is not told by the millisecond.
pub(super) fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
