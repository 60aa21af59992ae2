//! The fields an editor submits, and the key that makes repeating a request safe.

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::audit::hex;
use crate::slug::Slug;
use crate::story::{Status, Story};
use crate::story_input::StoryInput;

/// The section of a new story without one.
const DEFAULT_SECTION: &str = "News";

/// The submitted fields of a story. An omitted field takes its default in a new story and stays
/// unchanged in an existing one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoryPatch {
    /// Headline: 1 to 200 characters on one line; required for a new story.
    pub headline: Option<String>,
    /// Text in Markdown; required for a new story.
    pub body: Option<String>,
    /// Summary: at most 500 characters; empty by default.
    pub summary: Option<String>,
    /// Name of the section; `News` by default.
    pub section: Option<String>,
    /// Names of the tags; none by default.
    pub tags: Option<Vec<String>>,
    /// Time of publication; now by default.
    pub publish_at: Option<Timestamp>,
    /// Status; published by default.
    pub status: Option<Status>,
    /// Slug under `/news/`; made from the headline by default.
    pub slug: Option<Slug>,
}

impl StoryPatch {
    /// Returns the input of a new story.
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

    /// Returns the input of the next version of a story.
    pub(crate) fn onto(self, current: &Story, now: Timestamp) -> StoryInput {
        let teaser = &current.teaser;
        let names = || teaser.tags.iter().map(|tag| tag.name.clone()).collect();
        let status = self.status.unwrap_or(current.status);
        let published_at = match (current.status, status) {
            // A draft has the time of its creation: publish it now, unless it has a later time.
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
            published_at: self.publish_at.unwrap_or(published_at),
            status,
            slug: self.slug,
            source: current.source.clone(),
        }
    }

    /// Returns a hash that is equal for equal patches, for comparing repeated requests.
    pub(crate) fn digest(&self) -> String {
        // Text and numbers always serialize.
        let json = serde_json::to_vec(self).unwrap_or_default();
        hex(Sha256::digest(json).as_slice())
    }
}

/// A client's key for one request that creates a story
/// (draft-ietf-httpapi-idempotency-key-header).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// The text is not a valid key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an Idempotency-Key has 1 to 255 visible ASCII characters")]
pub struct IdempotencyKeyError;

impl IdempotencyKey {
    /// Checks the key that a client sent.
    pub fn new(text: &str) -> Result<Self, IdempotencyKeyError> {
        let is_key = (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if is_key { Ok(Self(text.to_owned())) } else { Err(IdempotencyKeyError) }
    }

    /// Returns the hash under which the key of this subject is stored.
    pub(crate) fn hash(&self, sub: &str) -> String {
        hex(Sha256::digest(format!("{sub}\0{}", self.0)).as_slice())
    }
}
