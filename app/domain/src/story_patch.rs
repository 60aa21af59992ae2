//! What an editor's client sends of a story, and the key that makes sending it again safe.

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::audit::hex;
use crate::slug::Slug;
use crate::story::{Status, Story};
use crate::story_input::StoryInput;

/// The section of a story that names none.
const DEFAULT_SECTION: &str = "News";

/// A story as it is sent; what is left away takes its default, or stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoryPatch {
    /// 1 to 200 characters on one event; a new story needs one.
    pub headline: Option<String>,
    /// Markdown; a new story needs some.
    pub body: Option<String>,
    /// At most 500 characters; empty by default.
    pub summary: Option<String>,
    /// The section's name; `News` by default.
    pub section: Option<String>,
    /// The tags' names; none by default.
    pub tags: Option<Vec<String>>,
    /// From when on it is news; the moment of publishing by default.
    pub publish_at: Option<Timestamp>,
    /// For readers by default.
    pub status: Option<Status>,
    /// The place under `/news/`; made of the headline by default.
    pub slug: Option<Slug>,
}

impl StoryPatch {
    /// The input of a new story.
    pub(crate) fn into_input(self, author: &str, now: Timestamp) -> StoryInput {
        StoryInput {
            headline: self.headline.unwrap_or_default(),
            summary: self.summary.unwrap_or_default(),
            body: self.body.unwrap_or_default(),
            section: self.section.unwrap_or_else(|| DEFAULT_SECTION.to_owned()),
            tags: self.tags.unwrap_or_default(),
            author: author.to_owned(),
            image: None,
            published_at: self.publish_at.unwrap_or(now),
            status: self.status.unwrap_or_default(),
            slug: self.slug,
            source: None,
        }
    }

    /// The input of the next version of a story.
    pub(crate) fn onto(self, current: &Story, now: Timestamp) -> StoryInput {
        let teaser = &current.teaser;
        let names = || teaser.tags.iter().map(|tag| tag.name.clone()).collect();
        let status = self.status.unwrap_or(current.status);
        let planned = match (current.status, status) {
            // What was dated when it was begun becomes news now, unless it was planned for later.
            (Status::Draft, Status::Published) => teaser.published_at.max(now),
            (Status::Draft, Status::Draft) | (Status::Published, _) => teaser.published_at,
        };
        StoryInput {
            headline: self.headline.unwrap_or_else(|| teaser.headline.clone()),
            summary: self.summary.unwrap_or_else(|| teaser.summary.clone()),
            body: self.body.unwrap_or_else(|| current.body.clone()),
            section: self.section.unwrap_or_else(|| teaser.section.name.clone()),
            tags: self.tags.unwrap_or_else(names),
            author: teaser.author.name.clone(),
            image: teaser.image.clone(),
            published_at: self.publish_at.unwrap_or(planned),
            status,
            slug: self.slug,
            source: current.source.clone(),
        }
    }

    /// What makes two patches the same to an idempotency key.
    pub(crate) fn digest(&self) -> String {
        // Of text and numbers alone, so it cannot fail; if it did, all patches would differ.
        let said = serde_json::to_vec(self).unwrap_or_default();
        hex(Sha256::digest(said).as_slice())
    }
}

/// A client's name for one request to make a story (input-ietf-httpapi-idempotency-key-header).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// The text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an Idempotency-Key has 1 to 255 visible ASCII characters")]
pub struct IdempotencyKeyError;

impl IdempotencyKey {
    /// Takes what the client chose.
    pub fn new(text: &str) -> Result<Self, IdempotencyKeyError> {
        let is_key = (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if is_key { Ok(Self(text.to_owned())) } else { Err(IdempotencyKeyError) }
    }

    /// The name under which it is remembered for whoever used it.
    pub(crate) fn hash(&self, sub: &str) -> String {
        hex(Sha256::digest(format!("{sub}\0{}", self.0)).as_slice())
    }
}
