//! The fields an editor submits.

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::audit::hex;
use crate::field_errors::FieldError;
use crate::language::LanguageChange;
use crate::slug::Slug;
use crate::story::{Image, Status, Story};
use crate::story_input::{DEFAULT_SECTION, StoryInput};

/// The submitted fields of a story. An omitted field takes its default in a new story and stays
/// unchanged in an existing one.
///
/// Absent fields are not serialized, so that a new field does not change the digests of requests
/// that an older version answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StoryPatch {
    /// Headline: 1 to 200 characters on one line; required for a new story.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// Text in Markdown; required for a new story.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Summary: at most 500 characters; empty by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// `true` if the summary is an excerpt of the text, because its author left it empty.
    #[serde(skip)]
    pub is_summary_made: bool,
    /// Name of the section; `News` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Names of the tags; none by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// Names of the authors; the caller by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authors: Option<Vec<String>>,
    /// Picture; none by default. `null` removes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<ImagePatch>,
    /// Time of publication; now by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish_at: Option<Timestamp>,
    /// Time from which readers can no longer see the story; none by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unpublish_at: Option<TimePatch>,
    /// Time until which the front page shows the story first; none by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin_until: Option<TimePatch>,
    /// Status; published by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// Slug under `/news/`. By default that of the headline, or the id if the headline has no letter
    /// or digit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<Slug>,
    /// Language; unknown by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageChange>,
}

/// The submitted picture of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ImagePatch {
    /// The story has no picture.
    Remove,
    /// The story has this one. Its size is 0 until it is looked up; the desk refuses such a
    /// picture.
    Set(Image),
}

impl ImagePatch {
    fn into_image(self) -> Option<Image> {
        match self {
            Self::Remove => None,
            Self::Set(image) => Some(image),
        }
    }
}

/// A submitted time that a story may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum TimePatch {
    /// The story has no such time.
    Remove,
    /// The story has this one.
    Set(Timestamp),
}

impl TimePatch {
    fn into_time(self) -> Option<Timestamp> {
        match self {
            Self::Remove => None,
            Self::Set(time) => Some(time),
        }
    }
}

impl StoryPatch {
    /// Returns the input of a new story.
    pub(crate) fn into_input(self, author: &str, now: Timestamp) -> StoryInput {
        StoryInput {
            headline: self.headline.unwrap_or_default(),
            summary: self.summary.unwrap_or_default(),
            is_summary_made: self.is_summary_made,
            body: self.body.unwrap_or_default(),
            section: self.section.unwrap_or_else(|| DEFAULT_SECTION.to_owned()),
            tags: self.tags.unwrap_or_default(),
            authors: self.authors.unwrap_or_else(|| vec![author.to_owned()]),
            language: self.language.and_then(LanguageChange::into_language),
            image: self.image.and_then(ImagePatch::into_image),
            published_at: self.publish_at.unwrap_or(now),
            unpublish_at: self.unpublish_at.and_then(TimePatch::into_time),
            pin_until: self.pin_until.and_then(TimePatch::into_time),
            status: self.status.unwrap_or_default(),
            slug: self.slug,
            source: None,
        }
    }

    /// Returns the input of the next version of a story.
    pub(crate) fn onto(self, current: &Story, now: Timestamp) -> StoryInput {
        let base = StoryInput::of(current);
        let status = self.status.unwrap_or(base.status);
        let published_at = match (base.status, status) {
            // A draft has the time of its creation: publish it now, unless it has a later time, or
            // readers saw it before.
            (Status::Draft | Status::Review, Status::Published)
                if !current.keeps_publication_time() =>
            {
                base.published_at.max(now)
            }
            (Status::Draft | Status::Review | Status::Published, _) => base.published_at,
        };
        let published_at = self.publish_at.unwrap_or(published_at);
        StoryInput {
            headline: self.headline.unwrap_or(base.headline),
            is_summary_made: match self.summary {
                Some(_) => self.is_summary_made,
                None => base.is_summary_made,
            },
            summary: self.summary.unwrap_or(base.summary),
            body: self.body.unwrap_or(base.body),
            section: self.section.unwrap_or(base.section),
            tags: self.tags.unwrap_or(base.tags),
            authors: self.authors.unwrap_or(base.authors),
            language: self.language.map_or(base.language, LanguageChange::into_language),
            image: self.image.map_or(base.image, ImagePatch::into_image),
            published_at,
            unpublish_at: self.unpublish_at.map_or(base.unpublish_at, TimePatch::into_time),
            // A pin that has ended does not keep a draft from being published.
            pin_until: self.pin_until.map_or_else(
                || base.pin_until.filter(|end| *end > published_at),
                TimePatch::into_time,
            ),
            status,
            slug: self.slug,
            source: base.source,
        }
    }

    /// Checks that the patch does not end a story in the past, which would hide it at once without
    /// saying so.
    pub(crate) fn check_end(
        &self,
        current: Option<&Story>,
        now: Timestamp,
    ) -> Result<(), Vec<FieldError>> {
        let Some(TimePatch::Set(end)) = self.unpublish_at else { return Ok(()) };
        let known = current.and_then(|story| story.teaser.unpublish_at);
        if end > now || known == Some(end) {
            return Ok(());
        }
        let message = "must be in the future; to unpublish now, set the status to draft";
        Err(vec![FieldError { field: "unpublish_at", message: message.to_owned() }])
    }

    /// Returns a hash that is equal for equal patches, for comparing repeated requests.
    pub(crate) fn digest(&self) -> String {
        // Text and numbers always serialize.
        let json = serde_json::to_vec(self).unwrap_or_default();
        hex(Sha256::digest(json).as_slice())
    }
}
