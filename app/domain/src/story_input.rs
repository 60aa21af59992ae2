//! What is handed in to be published, and the rules it must keep.

use jiff::Timestamp;

use crate::slug::Slug;
use crate::story::{Image, Label, Status};

/// A story as it is handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoryInput {
    /// 1 to 200 characters on one event.
    pub headline: String,
    /// At most 500 characters.
    pub summary: String,
    /// Markdown, at most 256 KiB.
    pub body: String,
    /// The section's name, at most 60 characters.
    pub section: String,
    /// At most 10 names of at most 60 characters.
    pub tags: Vec<String>,
    /// The author's name, at most 120 characters.
    pub author: String,
    /// The picture.
    pub image: Option<Image>,
    /// From when on it is news.
    pub published_at: Timestamp,
    /// Whether it is meant for readers.
    pub status: Status,
    /// The wished place under `/news/`; made of the headline when absent.
    pub slug: Option<Slug>,
    /// The file it comes from, when it is imported.
    pub source: Option<String>,
}

/// A rule that a field of a input breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name in JSON.
    pub field: &'static str,
    /// What to do about it.
    pub message: String,
}

/// A input that keeps the rules, with the names turned into labels.
#[derive(Clone, Debug)]
pub(crate) struct ValidStory {
    pub(crate) input: StoryInput,
    pub(crate) slug: Slug,
    pub(crate) section: Label,
    pub(crate) tags: Vec<Label>,
    pub(crate) author: Label,
}

const MAX_BODY_BYTES: usize = 256 * 1024;
const MAX_TAGS: usize = 10;

impl StoryInput {
    /// Checks every rule and reports all that are broken.
    pub(crate) fn check(mut self) -> Result<ValidStory, Vec<FieldError>> {
        let mut errors = FieldErrors::default();
        self.headline = self.headline.split_whitespace().collect::<Vec<_>>().join(" ");
        self.summary = self.summary.split_whitespace().collect::<Vec<_>>().join(" ");
        errors.length("headline", &self.headline, 1, 200);
        errors.length("summary", &self.summary, 0, 500);
        errors.body(&self.body);
        errors.image(self.image.as_ref());
        errors.date(self.published_at);
        let section = errors.label("section", &self.section, 60);
        let author = errors.label("author", &self.author, 120);
        let tags = errors.tags(&self.tags);
        let slug = self.slug.clone().or_else(|| Slug::from_text(&self.headline));
        if slug.is_none() {
            errors
                .add("headline", "needs at least one Latin letter or digit to make an address of");
        }
        match (slug, section, author, errors.0.is_empty()) {
            (Some(slug), Some(section), Some(author), true) => {
                Ok(ValidStory { input: self, slug, section, tags, author })
            }
            _ => Err(errors.0),
        }
    }
}

#[derive(Default)]
struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    fn add(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.push(FieldError { field, message: message.into() });
    }

    fn length(&mut self, field: &'static str, text: &str, least: usize, most: usize) {
        let length = text.chars().count();
        if length < least {
            self.add(field, "must not be empty");
        } else if length > most {
            self.add(field, format!("has {length} characters; at most {most} are allowed"));
        }
    }

    fn body(&mut self, body: &str) {
        if body.trim().is_empty() {
            self.add("body", "must not be empty");
        } else if body.len() > MAX_BODY_BYTES {
            let size = body.len();
            self.add("body", format!("has {size} bytes; at most {MAX_BODY_BYTES} are allowed"));
        }
    }

    fn image(&mut self, image: Option<&Image>) {
        let Some(image) = image else { return };
        let odd = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
        let url = &image.url;
        if !url.starts_with('/') || url.starts_with("//") || url.contains(odd) {
            self.add("image", "must be a path on this site");
        }
        self.length("image", &image.alt, 1, 500);
    }

    fn date(&mut self, published_at: Timestamp) {
        // Times are ordered as text, which needs four digits of a year.
        let year = published_at.to_zoned(jiff::tz::TimeZone::UTC).year();
        if !(1..=9_999).contains(&year) {
            self.add("published_at", "must lie in the years 1 to 9999");
        }
    }

    fn label(&mut self, field: &'static str, name: &str, most: usize) -> Option<Label> {
        self.length(field, name.trim(), 1, most);
        let label = Label::new(name);
        if label.is_none() && !name.trim().is_empty() {
            self.add(field, "needs at least one Latin letter or digit");
        }
        label
    }

    fn tags(&mut self, names: &[String]) -> Vec<Label> {
        if names.len() > MAX_TAGS {
            self.add("tags", format!("{} tags; at most {MAX_TAGS} are allowed", names.len()));
        }
        let mut tags: Vec<Label> = Vec::new();
        for name in names {
            if let Some(tag) = self.label("tags", name, 60)
                && !tags.iter().any(|other| other.slug == tag.slug)
            {
                tags.push(tag);
            }
        }
        tags
    }
}
