//! The input of a new story, and the rules it must satisfy.

use jiff::Timestamp;

use crate::characters::with_line_feeds;
use crate::field_errors::{FieldError, FieldErrors};
use crate::slug::Slug;
use crate::story::{Image, Label, Status, Story, StoryId, Teaser, whole_seconds};

/// A story as submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryInput {
    /// Headline: 1 to 200 characters on one line.
    pub headline: String,
    /// Summary: at most 500 characters.
    pub summary: String,
    /// Text: Markdown, at most 256 KiB.
    pub body: String,
    /// Name of the section: at most 60 characters.
    pub section: String,
    /// Names of the tags: at most 10 of at most 60 characters.
    pub tags: Vec<String>,
    /// Name of the author: at most 120 characters.
    pub author: String,
    /// Picture.
    pub image: Option<Image>,
    /// Time of publication.
    pub published_at: Timestamp,
    /// Draft or published.
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
    /// The wanted slug, or that of the headline; `None` if the headline has no Latin letter or
    /// digit.
    pub(crate) slug: Option<Slug>,
    pub(crate) section: Label,
    pub(crate) tags: Vec<Label>,
    pub(crate) author: Label,
}

/// Section of a story without one.
pub(crate) const DEFAULT_SECTION: &str = "News";
/// Author of a story without one.
const DEFAULT_AUTHOR: &str = "Staff";
/// Reading speed for `reading_minutes`.
const WORDS_PER_MINUTE: usize = 230;
/// Maximum length of the headline in characters, as of the other texts below.
const MAX_HEADLINE_LENGTH: usize = 200;
const MAX_SUMMARY_LENGTH: usize = 500;
pub(crate) const MAX_SECTION_LENGTH: usize = 60;
const MAX_AUTHOR_LENGTH: usize = 120;

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
            body: body.into(),
            section: DEFAULT_SECTION.to_owned(),
            tags: Vec::new(),
            author: DEFAULT_AUTHOR.to_owned(),
            image: None,
            published_at,
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
            body: story.body.clone(),
            section: teaser.section.name.clone(),
            tags: teaser.tags.iter().map(|tag| tag.name.clone()).collect(),
            author: teaser.author.name.clone(),
            image: teaser.image.clone(),
            published_at: teaser.published_at,
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
    pub(crate) fn check(mut self) -> Result<ValidStory, Vec<FieldError>> {
        let mut errors = FieldErrors::default();
        self.body = with_line_feeds(self.body);
        errors.text("headline", &mut self.headline, 1, MAX_HEADLINE_LENGTH);
        errors.text("summary", &mut self.summary, 0, MAX_SUMMARY_LENGTH);
        errors.body(&self.body);
        errors.image(self.image.as_ref());
        errors.date("published_at", self.published_at);
        errors.source(self.source.as_deref());
        let section = errors.label("section", &mut self.section, MAX_SECTION_LENGTH);
        let author = errors.label("author", &mut self.author, MAX_AUTHOR_LENGTH);
        let tags = errors.tags(&mut self.tags);
        let slug = self.slug.clone().or_else(|| Slug::from_text(&self.headline));
        let FieldErrors { errors, not_normal } = errors;
        match (section, author, errors.is_empty()) {
            (Some(section), Some(author), true) => {
                Ok(ValidStory { input: self, not_normal, slug, section, tags, author })
            }
            _ => Err(errors),
        }
    }
}

impl ValidStory {
    /// Builds the story, as version 1. Without another slug, its id is the slug.
    pub(crate) fn into_story(self, id: StoryId) -> Story {
        let Self { input, slug, section, tags, author, .. } = self;
        let words = input.body.split_whitespace().count();
        let reading_minutes =
            u32::try_from(words.div_ceil(WORDS_PER_MINUTE)).unwrap_or(u32::MAX).max(1);
        let teaser = Teaser {
            id,
            slug: slug.unwrap_or_else(|| id.slug()),
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
        Story {
            teaser,
            body: input.body,
            version: 1,
            source,
            status,
            trashed: None,
            was_public: false,
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
        story.origin.clone_from(&current.origin);
        story
    }
}
