//! Stories, and their short form in lists.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::image_name::{ImageId, ImageName};
use crate::label::{self, Label, LabelKind};
use crate::language::Language;
use crate::routes::Endpoint;
use crate::slug::Slug;
pub use crate::story_id::{JobId, StoryId, StoryIdError};

/// A story's picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Path on this site.
    pub url: String,
    /// Text alternative.
    pub alt: String,
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
    /// Words below the picture. Older stored pictures lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Maker and provider. Older stored pictures lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
}

/// The short form of a story in lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Teaser {
    /// Permanent id.
    pub id: StoryId,
    /// Slug under `/news/`.
    pub slug: Slug,
    /// Headline: 1 to 200 characters.
    pub headline: String,
    /// Summary: at most 500 characters; may be empty.
    pub summary: String,
    /// Section.
    pub section: Label,
    /// Tags: at most 20.
    pub tags: Vec<Label>,
    /// Authors: 1 to 8.
    // Stored stories had one author under this name.
    #[serde(alias = "author", deserialize_with = "label::one_or_more")]
    pub authors: Vec<Label>,
    /// Time of publication.
    pub published_at: Timestamp,
    /// Time from which readers can no longer see the story.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unpublish_at: Option<Timestamp>,
    /// Time of the last change; see [`Teaser::updated_for_readers`].
    pub updated_at: Timestamp,
    /// Estimated reading time in minutes; at least 1.
    pub reading_minutes: u32,
    /// Picture.
    pub image: Option<Image>,
    /// Language of the text; `None` if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

impl Teaser {
    /// Returns the path of the story's page.
    pub fn path(&self) -> String {
        Endpoint::ReadStory.path_with(&self.slug)
    }

    /// Returns the time of the last change that readers can notice: one before the publication is
    /// none for them.
    pub fn updated_for_readers(&self) -> Timestamp {
        self.updated_at.max(self.published_at)
    }

    /// Checks whether `now` is in the time for which the story is published.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.published_at <= now && self.unpublish_at.is_none_or(|end| now < end)
    }

    /// Returns the labels of one kind.
    pub fn labels(&self, kind: LabelKind) -> &[Label] {
        match kind {
            LabelKind::Section => std::slice::from_ref(&self.section),
            LabelKind::Tag => &self.tags,
            LabelKind::Author => &self.authors,
        }
    }
}

/// A whole story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// The short form in lists.
    // Stored stories use this name.
    #[serde(rename = "card")]
    pub teaser: Teaser,
    /// `true` if the summary is an excerpt of the text, because its author left it empty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_summary_made: bool,
    /// Text, in Markdown.
    pub body: String,
    /// Version: 1, plus 1 for every change.
    pub version: u64,
    /// The file it was imported from; a second import updates the story of the same file.
    pub source: Option<String>,
    /// Draft, in review or published.
    #[serde(default)]
    pub status: Status,
    /// Subject of the person who created it; `None` for the system and older stories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Time until which the front page shows the story first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin_until: Option<Timestamp>,
    /// Time at which it was pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned_at: Option<Timestamp>,
    /// Corrections, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// Set while the story is in the trash.
    pub trashed: Option<Trashed>,
    /// `true` if readers could see an earlier version. Older stored stories lack it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_public: bool,
    /// Time of publication of the last version that readers could see, for the draft that it
    /// became: published again, it keeps this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_since: Option<Timestamp>,
    /// An editor sent the draft back to its author, who has not handed it in again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_sent_back: bool,
    /// The import that made this version or an earlier one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// A correction that readers see with the story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// Time of the correction.
    pub at: Timestamp,
    /// Plain text.
    pub text: String,
}

/// The last import that wrote a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Number of the import.
    pub import: u64,
    /// The version that it made: if the story has another one, it was changed here since.
    pub version: u64,
    /// Hash of what the source had.
    pub digest: String,
}

impl Story {
    /// Returns the uploaded pictures that the story uses, each once.
    pub(crate) fn images(&self) -> Vec<ImageId> {
        let mut images = ImageId::all_in(&self.body);
        let image = self.teaser.image.as_ref().and_then(|image| ImageName::of_path(&image.url));
        images.extend(image.map(|name| name.id).filter(|id| !images.contains(id)));
        images
    }

    /// Checks whether readers can see the story at `now`. A published story is scheduled before its
    /// time of publication.
    pub fn is_public(&self, now: Timestamp) -> bool {
        self.is_published() && self.teaser.is_due(now)
    }

    /// Checks whether readers see the story in the time that it gives for that.
    pub fn is_published(&self) -> bool {
        self.trashed.is_none() && self.status == Status::Published
    }

    /// Checks whether readers no longer see the published story at `now`.
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.trashed.is_none()
            && self.status == Status::Published
            && self.teaser.unpublish_at.is_some_and(|end| end <= now)
    }

    /// Checks whether readers could see this version or an earlier one at any time until `now`.
    pub fn was_public_until(&self, now: Timestamp) -> bool {
        let end = self.trashed.as_ref().map_or(now, |trashed| trashed.at.min(now));
        self.was_public || (self.status == Status::Published && self.teaser.published_at <= end)
    }

    /// Checks whether the story has the time at which readers first saw it.
    pub(crate) fn keeps_publication_time(&self) -> bool {
        self.public_since == Some(self.teaser.published_at)
    }

    /// Sets the time of the last change.
    pub(crate) fn set_updated_at(&mut self, now: Timestamp) {
        self.teaser.updated_at = whole_seconds(now);
    }

    /// Sets the time of the last change of a new story. A published one is as old as it says: an
    /// import is not an update for readers.
    pub(crate) fn set_created_at(&mut self, now: Timestamp) {
        if self.status != Status::Published || self.teaser.published_at > now {
            self.set_updated_at(now);
        }
    }

    /// Makes a changed story the version after `current`.
    pub(crate) fn advance(&mut self, current: &Self, now: Timestamp) {
        self.set_updated_at(now);
        self.version = current.version + 1;
        self.was_public = current.was_public_until(now);
        let is_seen = current.status == Status::Published && current.teaser.published_at <= now;
        let since = Some(current.teaser.published_at).filter(|_| is_seen);
        self.public_since = since.or(current.public_since);
        let is_pinned = current.pin_until.is_some_and(|end| now < end);
        let pinned_at = current.pinned_at.filter(|_| is_pinned).unwrap_or(now);
        self.pinned_at = self.pin_until.map(|_| pinned_at);
    }
}

/// The status of a story.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Visible to the newsroom only.
    Draft,
    /// Handed in to the editors; visible to the newsroom only.
    Review,
    /// Visible to readers from `published_at` on, which may be in the future.
    #[default]
    Published,
}

impl Status {
    pub(crate) fn of_older_entry() -> Self {
        Self::Draft
    }

    /// Returns the stable name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Review => "review",
            Self::Published => "published",
        }
    }
}

/// Seconds for which a deleted story can be restored: 30 days.
pub const TRASH_SECONDS: i64 = 30 * 24 * 60 * 60;

/// The deletion of a story that is in the trash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trashed {
    /// Time of the deletion.
    pub at: Timestamp,
    /// Display name of the caller.
    pub by: String,
    /// Reason that readers are told: at most 300 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The deletion of all stories that it was part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobId>,
    /// The import that was undone. Its next one brings the story back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<u64>,
    /// `true` once the story is being erased and cannot be restored.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erasing: bool,
}

impl Trashed {
    /// Returns the time from which the story cannot be restored.
    pub fn gone_at(&self) -> Timestamp {
        Timestamp::from_second(self.at.as_second() + TRASH_SECONDS).unwrap_or(Timestamp::MAX)
    }
}

/// Truncates to seconds.
pub(crate) fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
