//! The form of the editor: the fields of a story as text, exactly as typed.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::characters::with_line_feeds;
use crate::field_errors::FieldError;
use crate::image_name::ImageId;
use crate::local_time;
use crate::slug::Slug;
use crate::story::{Status, Story};

/// Headline of a draft that has none yet.
pub(crate) const UNTITLED: &str = "Untitled";
/// Maximum size of a form as JSON, in bytes: the working copy is one item of the table, which also
/// has what is known of the savings before.
pub(crate) const MAX_FORM_JSON_BYTES: usize = gazette_table::MAX_BODY_BYTES - 16 * 1024;
/// Highest number that [`StoryForm::of`] takes for one that was appended to a taken slug.
const MAX_SLUG_SUFFIX: usize = 50;

/// The fields of the editor, as typed. Nothing is checked but their size.
///
/// Times are local, in the zone of the site, such as `2026-11-27T06:00`. A form from a browser has
/// line feeds as its only line breaks after [`StoryForm::with_line_feeds`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct StoryForm {
    /// Headline.
    pub headline: String,
    /// Slug; empty to make it from the headline.
    pub slug: String,
    /// Summary.
    pub summary: String,
    /// Text, in Markdown.
    pub body: String,
    /// Name of the section.
    pub section: String,
    /// Names of the tags, separated by commas.
    pub tags: String,
    /// Names of the authors, separated by commas.
    pub authors: String,
    /// Language tag; empty if the language is not known.
    pub language: String,
    /// Path of the picture; empty for none.
    pub image: String,
    /// Text alternative of the picture.
    pub image_alt: String,
    /// Words below the picture.
    pub image_caption: String,
    /// Maker and provider of the picture.
    pub image_credit: String,
    /// Time of publication; empty for the moment of publishing.
    pub publish_at: String,
    /// Time at which readers no longer see the story; empty for never.
    pub unpublish_at: String,
    /// Time until which the story stays at the top of the front page; empty if it does not.
    pub pin_until: String,
}

impl StoryForm {
    /// The names of the fields, in the order of [`StoryForm::values`].
    pub const FIELDS: [&'static str; 15] = [
        "headline",
        "slug",
        "summary",
        "body",
        "section",
        "tags",
        "authors",
        "language",
        "image",
        "image_alt",
        "image_caption",
        "image_credit",
        "publish_at",
        "unpublish_at",
        "pin_until",
    ];

    /// Returns the texts of all fields, in the order of [`StoryForm::FIELDS`].
    pub fn values(&self) -> [&str; 15] {
        [
            &self.headline,
            &self.slug,
            &self.summary,
            &self.body,
            &self.section,
            &self.tags,
            &self.authors,
            &self.language,
            &self.image,
            &self.image_alt,
            &self.image_caption,
            &self.image_credit,
            &self.publish_at,
            &self.unpublish_at,
            &self.pin_until,
        ]
    }

    /// Returns the texts of all fields for a change, in the order of [`StoryForm::FIELDS`].
    pub fn values_mut(&mut self) -> [&mut String; 15] {
        [
            &mut self.headline,
            &mut self.slug,
            &mut self.summary,
            &mut self.body,
            &mut self.section,
            &mut self.tags,
            &mut self.authors,
            &mut self.language,
            &mut self.image,
            &mut self.image_alt,
            &mut self.image_caption,
            &mut self.image_credit,
            &mut self.publish_at,
            &mut self.unpublish_at,
            &mut self.pin_until,
        ]
    }

    /// Returns the text of a field; `None` if there is no field of this name.
    pub fn get(&self, field: &str) -> Option<&str> {
        let mut fields = Self::FIELDS.into_iter().zip(self.values());
        fields.find(|(name, _)| *name == field).map(|(_, value)| value)
    }

    /// Returns the names of the fields that differ.
    pub fn differing(&self, other: &Self) -> Vec<&'static str> {
        let values = self.values().into_iter().zip(other.values());
        let fields = Self::FIELDS.into_iter().zip(values);
        fields.filter(|(_, (one, other))| one != other).map(|(name, _)| name).collect()
    }

    /// Returns the form of a story.
    ///
    /// A draft that readers never saw has an empty slug while its slug is made from the headline. A
    /// summary that was made from the text is empty too. A story that is not published has a time
    /// only if that was later than its last change, or is the one under which readers saw it.
    pub fn of(story: &Story, zone: &TimeZone) -> Self {
        let teaser = &story.teaser;
        let names = |labels: &[crate::label::Label]| {
            labels.iter().map(|label| label.name.as_str()).collect::<Vec<_>>().join(", ")
        };
        let image = teaser.image.as_ref();
        let is_untitled = !is_published(story) && teaser.headline == UNTITLED;
        let local = |time| local_time::format(time, zone);
        let has_time =
            is_published(story) || is_chosen_time(story) || story.keeps_publication_time();
        Self {
            headline: if is_untitled { String::new() } else { teaser.headline.clone() },
            slug: if has_made_slug(story) { String::new() } else { teaser.slug.to_string() },
            summary: if story.is_summary_made { String::new() } else { teaser.summary.clone() },
            body: story.body.clone(),
            section: teaser.section.name.clone(),
            tags: names(&teaser.tags),
            authors: names(&teaser.authors),
            language: teaser.language.as_ref().map(ToString::to_string).unwrap_or_default(),
            image: image.map(|image| image.url.clone()).unwrap_or_default(),
            image_alt: image.map(|image| image.alt.clone()).unwrap_or_default(),
            image_caption: image.and_then(|image| image.caption.clone()).unwrap_or_default(),
            image_credit: image.and_then(|image| image.credit.clone()).unwrap_or_default(),
            publish_at: if has_time { local(teaser.published_at) } else { String::new() },
            unpublish_at: teaser.unpublish_at.map(local).unwrap_or_default(),
            pin_until: story.pin_until.map(local).unwrap_or_default(),
        }
    }

    /// Returns the form with line feeds as its only line breaks: browsers send others.
    #[must_use]
    pub fn with_line_feeds(mut self) -> Self {
        for value in self.values_mut() {
            *value = with_line_feeds(std::mem::take(value));
        }
        self
    }

    /// Returns the uploaded pictures that the form names, each once.
    pub(crate) fn images(&self) -> Vec<ImageId> {
        let mut images = ImageId::all_in(&self.body);
        for id in ImageId::all_in(&self.image) {
            if !images.contains(&id) {
                images.push(id);
            }
        }
        images
    }

    /// Checks the size, the only rule of a form that is saved.
    pub(crate) fn check_size(&self) -> Result<(), FieldError> {
        let size = serde_json::to_vec(self).map_or(usize::MAX, |json| json.len());
        if size <= MAX_FORM_JSON_BYTES {
            return Ok(());
        }
        let fields = Self::FIELDS.into_iter().zip(self.values());
        let longest = fields.max_by_key(|(_, value)| value.len()).map(|(name, _)| name);
        let (size, max) = (size.div_ceil(1024), MAX_FORM_JSON_BYTES / 1024);
        let message = format!(
            "is too long: all fields together take {size} KiB, and at most {max} KiB can be saved; shorten it, or move a part to another story"
        );
        Err(FieldError { field: longest.unwrap_or("body"), message })
    }
}

fn is_published(story: &Story) -> bool {
    story.status == Status::Published
}

/// Checks whether someone chose the time of a story that is not published: a draft has the time at
/// which it was made, and one that was withdrawn the time at which it was published.
fn is_chosen_time(story: &Story) -> bool {
    story.teaser.published_at > story.teaser.updated_at
}

/// Checks whether the slug of a story that readers never saw is made from its headline or its id.
fn has_made_slug(story: &Story) -> bool {
    let teaser = &story.teaser;
    let is_hidden = !is_published(story) && !story.was_public;
    is_hidden && (teaser.slug == teaser.id.slug() || is_made_slug(&teaser.slug, &teaser.headline))
}

/// Checks whether a slug is that of a headline, or that with a number.
pub(crate) fn is_made_slug(slug: &Slug, headline: &str) -> bool {
    let Some(made) = Slug::from_text(headline) else { return false };
    *slug == made || (2..=MAX_SLUG_SUFFIX).any(|number| made.numbered(number) == *slug)
}
