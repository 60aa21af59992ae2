//! The input of a new story, and the rules it must satisfy.

use jiff::Timestamp;

use crate::characters::with_line_feeds;
use crate::field_errors::{FieldError, FieldErrors};
use crate::label::{Label, LabelKind};
use crate::language::Language;
use crate::reading_time::reading_minutes;
use crate::slug::Slug;
use crate::story::{Image, Status, Story, StoryId, Teaser, whole_seconds};

/// A story as submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryInput {
    /// Headline: 1 to 200 characters on one line.
    pub headline: String,
    /// Summary: at most 500 characters.
    pub summary: String,
    /// `true` if the summary is an excerpt of the text, because its author left it empty.
    pub is_summary_made: bool,
    /// Text: Markdown, at most 256 KiB.
    pub body: String,
    /// Name of the section: at most 60 characters.
    pub section: String,
    /// Names of the tags: at most 20 of at most 60 characters.
    pub tags: Vec<String>,
    /// Names of the authors: 1 to 8 of at most 120 characters.
    pub authors: Vec<String>,
    /// Picture.
    pub image: Option<Image>,
    /// Language of the text; `None` if it is not known.
    pub language: Option<Language>,
    /// Time of publication.
    pub published_at: Timestamp,
    /// Time from which readers can no longer see the story.
    pub unpublish_at: Option<Timestamp>,
    /// Time until which the front page shows the story first.
    pub pin_until: Option<Timestamp>,
    /// Draft, in review or published.
    pub status: Status,
    /// Wanted slug under `/news/`. When `None`, a new story gets one from its headline or id.
    pub slug: Option<Slug>,
    /// File it was imported from.
    pub source: Option<String>,
}

/// An input that satisfies all rules, with its names turned into labels.
#[derive(Clone, Debug)]
pub(crate) struct ValidStory {
    pub(crate) input: StoryInput,
    /// Names of the fields whose spaces or names were normalized.
    pub(crate) not_normal: Vec<&'static str>,
    /// The wanted slug, or that of the headline; `None` if the headline has no letter or digit.
    pub(crate) slug: Option<Slug>,
    pub(crate) section: Label,
    pub(crate) tags: Vec<Label>,
    pub(crate) authors: Vec<Label>,
}

/// Section of a story without one.
pub const DEFAULT_SECTION: &str = "News";
/// Author of a story without one.
pub const DEFAULT_AUTHOR: &str = "Staff";
/// Maximum length of the headline in characters, as of the other texts below.
const MAX_HEADLINE_LENGTH: usize = 200;
const MAX_SUMMARY_LENGTH: usize = 500;
const MAX_SECTION_LENGTH: usize = 60;
const MAX_TAG_LENGTH: usize = 60;
const MAX_AUTHOR_LENGTH: usize = 120;
/// Maximum number of tags. With this and [`MAX_AUTHORS`], a version that changes all labels and
/// lists fits into one batch of 100 writes.
pub const MAX_TAGS: usize = 20;
/// Maximum number of authors.
pub const MAX_AUTHORS: usize = 8;

/// Returns the maximum length of the name of a label, in characters.
pub(crate) fn max_label_length(kind: LabelKind) -> usize {
    match kind {
        LabelKind::Section => MAX_SECTION_LENGTH,
        LabelKind::Tag => MAX_TAG_LENGTH,
        LabelKind::Author => MAX_AUTHOR_LENGTH,
    }
}

impl StoryInput {
    /// Returns the input of a published story with the default of every other field.
    pub fn new(
        headline: impl Into<String>,
        body: impl Into<String>,
        published_at: Timestamp,
    ) -> Self {
        Self {
            headline: headline.into(),
            summary: String::new(),
            is_summary_made: false,
            body: body.into(),
            section: DEFAULT_SECTION.to_owned(),
            tags: Vec::new(),
            authors: vec![DEFAULT_AUTHOR.to_owned()],
            image: None,
            language: None,
            published_at,
            unpublish_at: None,
            pin_until: None,
            status: Status::Published,
            slug: None,
            source: None,
        }
    }

    /// Returns the input that makes this story.
    pub(crate) fn of(story: &Story) -> Self {
        let teaser = &story.teaser;
        Self {
            headline: teaser.headline.clone(),
            summary: teaser.summary.clone(),
            is_summary_made: story.is_summary_made,
            body: story.body.clone(),
            section: teaser.section.name.clone(),
            tags: teaser.tags.iter().map(|tag| tag.name.clone()).collect(),
            authors: teaser.authors.iter().map(|author| author.name.clone()).collect(),
            image: teaser.image.clone(),
            language: teaser.language.clone(),
            published_at: teaser.published_at,
            unpublish_at: teaser.unpublish_at,
            pin_until: story.pin_until,
            status: story.status,
            slug: Some(teaser.slug.clone()),
            source: story.source.clone(),
        }
    }

    /// Checks whether the story satisfies all rules.
    pub fn validate(&self) -> Result<(), Vec<FieldError>> {
        self.clone().check().map(drop)
    }

    /// Checks all rules and returns every broken one.
    pub(crate) fn check(self) -> Result<ValidStory, Vec<FieldError>> {
        self.checked(true)
    }

    /// Checks the rules of a draft, which may have no text yet.
    pub(crate) fn check_draft(self) -> Result<ValidStory, Vec<FieldError>> {
        let has_text = !self.body.trim().is_empty();
        self.checked(has_text)
    }

    fn checked(mut self, needs_body: bool) -> Result<ValidStory, Vec<FieldError>> {
        let mut errors = FieldErrors::default();
        self.body = with_line_feeds(self.body);
        errors.text("headline", &mut self.headline, 1, MAX_HEADLINE_LENGTH);
        errors.text("summary", &mut self.summary, 0, MAX_SUMMARY_LENGTH);
        if needs_body {
            errors.body(&self.body);
        }
        errors.image(self.image.as_ref());
        errors.date("publish_at", self.published_at);
        errors.end("unpublish_at", self.unpublish_at, self.published_at);
        errors.end("pin_until", self.pin_until, self.published_at);
        errors.source(self.source.as_deref());
        let section = errors.label("section", &mut self.section, MAX_SECTION_LENGTH);
        let authors = errors.labels("authors", &mut self.authors, MAX_AUTHORS, MAX_AUTHOR_LENGTH);
        if self.authors.is_empty() {
            errors.add("authors", "needs at least one name");
        }
        let tags = errors.labels("tags", &mut self.tags, MAX_TAGS, MAX_TAG_LENGTH);
        let slug = self.slug.clone().or_else(|| Slug::from_text(&self.headline));
        let FieldErrors { errors, not_normal } = errors;
        match (section, errors.is_empty()) {
            (Some(section), true) => {
                Ok(ValidStory { input: self, not_normal, slug, section, tags, authors })
            }
            _ => Err(errors),
        }
    }
}

impl ValidStory {
    /// Builds the story, as version 1. Without another slug, its id is the slug.
    pub(crate) fn into_story(self, id: StoryId) -> Story {
        let Self { input, slug, section, tags, authors, .. } = self;
        let reading_minutes = reading_minutes(&input.body);
        let teaser = Teaser {
            id,
            slug: slug.unwrap_or_else(|| id.slug()),
            headline: input.headline,
            summary: input.summary,
            section,
            tags,
            authors,
            published_at: whole_seconds(input.published_at),
            unpublish_at: input.unpublish_at.map(whole_seconds),
            updated_at: whole_seconds(input.published_at),
            reading_minutes,
            image: input.image,
            language: input.language,
        };
        let (source, status) = (input.source, input.status);
        Story {
            teaser,
            is_summary_made: input.is_summary_made,
            body: input.body,
            version: 1,
            source,
            status,
            owner: None,
            pin_until: input.pin_until.map(whole_seconds),
            pinned_at: None,
            corrections: Vec::new(),
            trashed: None,
            was_public: false,
            public_since: None,
            is_sent_back: false,
            origin: None,
        }
    }

    /// Builds the story with the id, slug, version and history of `current`: it is equal to
    /// `current` if nothing changed.
    pub(crate) fn into_version_of(self, current: &Story) -> Story {
        let mut story = self.into_story(current.teaser.id);
        story.teaser.slug = current.teaser.slug.clone();
        story.teaser.updated_at = current.teaser.updated_at;
        story.version = current.version;
        story.was_public = current.was_public;
        story.public_since = current.public_since;
        story.is_sent_back = current.is_sent_back && story.status == Status::Draft;
        story.origin.clone_from(&current.origin);
        story.owner.clone_from(&current.owner);
        story.pinned_at = current.pinned_at.filter(|_| story.pin_until.is_some());
        story.corrections.clone_from(&current.corrections);
        story
    }
}
