//! The input of a new story, and the rules it must satisfy.

use gazette_table::MAX_BODY_BYTES as MAX_ITEM_BODY_BYTES;
use jiff::Timestamp;

use crate::characters::{forbidden_in_body, forbidden_in_line, with_line_feeds};
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

/// A broken rule of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field in JSON.
    pub field: &'static str,
    /// Description for the author.
    pub message: String,
}

/// Describes the broken rules for the author of a story.
pub(crate) fn broken_rules(errors: &[FieldError]) -> String {
    let rules = errors.iter().map(|error| format!("{}: {}", error.field, error.message));
    format!("the story breaks rules: {}", rules.collect::<Vec<_>>().join("; "))
}

/// An input that satisfies all rules, with its names turned into labels.
#[derive(Clone, Debug)]
pub(crate) struct ValidStory {
    pub(crate) input: StoryInput,
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
const MAX_TAG_LENGTH: usize = 60;
const MAX_AUTHOR_LENGTH: usize = 120;
const MAX_ALT_LENGTH: usize = 500;
const MAX_BODY_BYTES: usize = 256 * 1024;
/// Maximum size of the body as a JSON string. The other fields of a story take less than 20 KiB of
/// its item in the table.
const MAX_BODY_JSON_BYTES: usize = MAX_ITEM_BODY_BYTES - 20 * 1024;
const MAX_TAGS: usize = 10;
const MAX_IMAGE_URL_BYTES: usize = 2_000;
const MAX_SOURCE_BYTES: usize = 1_000;

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

    /// Checks all rules and returns every broken one.
    pub(crate) fn check(mut self) -> Result<ValidStory, Vec<FieldError>> {
        let mut errors = FieldErrors::default();
        self.body = with_line_feeds(self.body);
        errors.line("headline", &self.headline);
        errors.line("summary", &self.summary);
        self.headline = self.headline.split_whitespace().collect::<Vec<_>>().join(" ");
        self.summary = self.summary.split_whitespace().collect::<Vec<_>>().join(" ");
        errors.length("headline", &self.headline, 1, MAX_HEADLINE_LENGTH);
        errors.length("summary", &self.summary, 0, MAX_SUMMARY_LENGTH);
        errors.body(&self.body);
        errors.image(self.image.as_ref());
        errors.date("published_at", self.published_at);
        errors.source(self.source.as_deref());
        let section = errors.label("section", &self.section, MAX_SECTION_LENGTH);
        let author = errors.label("author", &self.author, MAX_AUTHOR_LENGTH);
        let tags = errors.tags(&self.tags);
        let slug = self.slug.clone().or_else(|| Slug::from_text(&self.headline));
        match (section, author, errors.0.is_empty()) {
            (Some(section), Some(author), true) => {
                Ok(ValidStory { input: self, slug, section, tags, author })
            }
            _ => Err(errors.0),
        }
    }
}

impl ValidStory {
    /// Builds the story, as version 1. Without another slug, its id is the slug.
    pub(crate) fn into_story(self, id: StoryId) -> Story {
        let Self { input, slug, section, tags, author } = self;
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
        story
    }
}

/// Collects the broken rules.
#[derive(Default)]
pub(crate) struct FieldErrors(pub(crate) Vec<FieldError>);

impl FieldErrors {
    pub(crate) fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.push(FieldError { field, message: message.into() });
    }

    /// Checks the characters of a field of one line.
    pub(crate) fn line(&mut self, field: &'static str, text: &str) {
        self.character(field, forbidden_in_line(text));
    }

    fn character(&mut self, field: &'static str, forbidden: Option<char>) {
        if let Some(character) = forbidden {
            let code = u32::from(character);
            self.add(field, format!("has the invisible character U+{code:04X}; remove it"));
        }
    }

    pub(crate) fn length(&mut self, field: &'static str, text: &str, min: usize, max: usize) {
        let length = text.chars().count();
        if length < min {
            self.add(field, "must not be empty");
        } else if length > max {
            self.add(field, format!("has {length} characters; at most {max} are allowed"));
        }
    }

    fn body(&mut self, body: &str) {
        if body.trim().is_empty() {
            self.add("body", "must not be empty");
        } else if body.len() > MAX_BODY_BYTES {
            let size = body.len();
            self.add("body", format!("has {size} bytes; at most {MAX_BODY_BYTES} are allowed"));
        } else {
            self.character("body", forbidden_in_body(body));
            self.stored_size(body);
        }
    }

    /// Checks that the body fits into the table, where some characters take two bytes.
    fn stored_size(&mut self, body: &str) {
        let escaped =
            body.bytes().filter(|byte| matches!(byte, b'"' | b'\\' | b'\n' | b'\t')).count();
        let size = body.len() + escaped + "\"\"".len();
        if size > MAX_BODY_JSON_BYTES {
            self.add("body", format!("takes {size} bytes in the store, where quotes, backslashes, tabs and line breaks count twice; at most {MAX_BODY_JSON_BYTES} are allowed"));
        }
    }

    fn source(&mut self, source: Option<&str>) {
        let Some(source) = source else { return };
        self.line("source", source);
        if source.is_empty() || source.len() > MAX_SOURCE_BYTES {
            self.add("source", format!("must have 1 to {MAX_SOURCE_BYTES} bytes"));
        }
    }

    fn image(&mut self, image: Option<&Image>) {
        let Some(image) = image else { return };
        let is_forbidden = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
        let url = &image.url;
        if !url.starts_with('/') || url.starts_with("//") || url.contains(is_forbidden) {
            self.add("image", "must be a path on this site");
        } else if url.starts_with("/auth/") {
            self.add("image", "must not be a path of the sign-in");
        }
        if url.len() > MAX_IMAGE_URL_BYTES {
            self.add("image", format!("has a path of more than {MAX_IMAGE_URL_BYTES} bytes"));
        }
        self.line("image", &image.alt);
        self.length("image", &image.alt, 1, MAX_ALT_LENGTH);
    }

    pub(crate) fn date(&mut self, field: &'static str, time: Timestamp) {
        // Positions sort as text, which needs years of four digits.
        let year = time.to_zoned(jiff::tz::TimeZone::UTC).year();
        if !(1..=9_999).contains(&year) {
            self.add(field, "must be in the years 1 to 9999");
        }
    }

    pub(crate) fn label(&mut self, field: &'static str, name: &str, max: usize) -> Option<Label> {
        self.line(field, name);
        self.length(field, name.trim(), 1, max);
        let label = Label::new(name);
        if label.is_none() && !name.trim().is_empty() {
            self.add(field, "needs at least one Latin letter or digit");
        }
        label
    }

    fn tags(&mut self, names: &[String]) -> Vec<Label> {
        if names.len() > MAX_TAGS {
            self.add("tags", format!("{} tags; at most {MAX_TAGS} are allowed", names.len()));
            return Vec::new();
        }
        let mut tags: Vec<Label> = Vec::new();
        for name in names {
            if let Some(tag) = self.label("tags", name, MAX_TAG_LENGTH)
                && !tags.iter().any(|other| other.slug == tag.slug)
            {
                tags.push(tag);
            }
        }
        tags
    }
}
