//! A story, and the teaser that stands for it in lists.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::slug::Slug;

/// Names a story for ever: a UUIDv7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StoryId(Uuid);

/// The text is not the id of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id is a UUID in its hyphenated lower-case form")]
pub struct StoryIdError;

impl StoryId {
    /// Takes a fresh UUIDv7.
    pub fn new(id: Uuid) -> Self {
        Self(id)
    }
}

impl FromStr for StoryId {
    type Err = StoryIdError;

    /// Reads exactly what `Display` writes, so one story has one address.
    fn from_str(text: &str) -> Result<Self, StoryIdError> {
        let id = Self(Uuid::try_parse(text).map_err(|_| StoryIdError)?);
        if id.to_string() == text { Ok(id) } else { Err(StoryIdError) }
    }
}

impl fmt::Display for StoryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(formatter)
    }
}

/// A section, tag or author: the name people read and the slug of its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// As it is written.
    pub name: String,
    /// As it stands in addresses.
    pub slug: Slug,
}

impl Label {
    /// Makes the label of a name; `None` when no slug can be made of it.
    pub fn new(name: &str) -> Option<Self> {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        Slug::from_text(&name).map(|slug| Self { name, slug })
    }
}

/// The picture of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// A path on this site.
    pub url: String,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// In CSS pixels.
    pub width: u32,
    /// In CSS pixels.
    pub height: u32,
}

/// What a list shows of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Teaser {
    /// The story's name for ever.
    pub id: StoryId,
    /// The story's place under `/news/`.
    pub slug: Slug,
    /// 1 to 200 characters.
    pub headline: String,
    /// At most 500 characters; may be empty.
    pub summary: String,
    /// Where it belongs.
    pub section: Label,
    /// At most 10.
    pub tags: Vec<Label>,
    /// Who wrote it.
    pub author: Label,
    /// From when on it is news.
    pub published_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// How long a calm reader takes; at least 1.
    pub reading_minutes: u32,
    /// Its picture, if it has one.
    pub image: Option<Image>,
}

impl Teaser {
    /// Where the story is read.
    pub fn path(&self) -> String {
        format!("/news/{}", self.slug)
    }
}

/// A whole story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// What lists show of it.
    #[serde(rename = "card")]
    pub teaser: Teaser,
    /// The text, in Markdown.
    pub body: String,
    /// Counts the changes, from 1.
    pub version: u64,
    /// The file it was imported from, so that a second import finds it again.
    pub source: Option<String>,
    /// Whether it is meant for readers.
    #[serde(default)]
    pub status: Status,
    /// Set while it lies in the trash.
    pub trashed: Option<Trashed>,
}

impl Story {
    /// Whether readers see it at `now`: a published story is scheduled until its time has come.
    pub fn is_public(&self, now: Timestamp) -> bool {
        self.trashed.is_none()
            && self.status == Status::Published
            && self.teaser.published_at <= now
    }
}

/// Whether a story is meant for readers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being written; only the newsroom sees it.
    Draft,
    /// News from `published_at` on, which may lie ahead.
    #[default]
    Published,
}

impl Status {
    /// The stable name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published => "published",
        }
    }
}

/// When and by whom a story was moved to the trash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trashed {
    /// The moment.
    pub at: Timestamp,
    /// The name of who did it.
    pub by: String,
    /// The deletion of everything that it was part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobId>,
    /// Whether it is being erased, so that it cannot come back any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erasing: bool,
}

/// Names a deletion of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(Uuid);

impl JobId {
    /// Takes a fresh UUIDv7.
    pub fn new(id: Uuid) -> Self {
        Self(id)
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(formatter)
    }
}

impl FromStr for JobId {
    type Err = StoryIdError;

    fn from_str(text: &str) -> Result<Self, StoryIdError> {
        Uuid::try_parse(text).map(Self).map_err(|_| StoryIdError)
    }
}

/// A story in the trash, as its list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashEntry {
    /// The story.
    #[serde(rename = "card")]
    pub teaser: Teaser,
    /// Since when, and by whom.
    pub trashed: Trashed,
}
