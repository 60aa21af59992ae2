//! JSON types of the public API.

mod error;
mod found_stories;

use gazette_domain::{Correction, Cursor, ImageRecord, Label, Status, Story, StoryPage, Teaser};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::frame::Site;

pub use error::WireError;
pub use found_stories::{FoundStories, FoundStory};

/// Story in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryItem {
    /// Permanent id (UUIDv7).
    pub id: String,
    /// Last segment of the URL.
    pub slug: String,
    /// Absolute URL.
    pub url: String,
    /// Headline, plain text on one line.
    pub headline: String,
    /// Summary, plain text; may be empty.
    pub summary: String,
    /// Name of the section.
    pub section: String,
    /// Names of the tags.
    pub tags: Vec<String>,
    /// Authors of the story, at least one.
    pub authors: Vec<Author>,
    /// Time of publication (RFC 3339, UTC).
    pub published_at: Timestamp,
    /// Time of the last update (RFC 3339, UTC).
    pub updated_at: Timestamp,
    /// Estimated reading time in minutes, at least 1.
    pub reading_minutes: u32,
    /// Picture, if any.
    pub image: Option<Picture>,
    /// Language tag of the story, or else of the site (BCP 47).
    pub language: String,
}

/// Author of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Display name.
    pub name: String,
    /// Last segment of the URL of the author's page, `/author/{slug}`.
    pub slug: String,
}

/// The picture of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Absolute URL.
    pub url: String,
    /// Alternative text.
    pub alt: String,
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
    /// Words below the picture, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Maker and provider, if known.
    pub credit: Option<String>,
}

/// An uploaded picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadedImage {
    /// Absolute URL of the largest size; stories and Markdown name it.
    pub url: String,
    /// Width of the largest size in pixels.
    pub width: u32,
    /// Height of the largest size in pixels.
    pub height: u32,
    /// Id of the picture: the same file has the same one.
    pub id: String,
}

/// Page of stories, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryList {
    /// Stories, at most `limit`.
    pub items: Vec<StoryItem>,
    /// Value of `cursor` for the next page; null on the last page.
    pub next_cursor: Option<String>,
}

/// A whole story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryDetail {
    /// Fields that lists contain, too.
    #[serde(flatten)]
    pub item: StoryItem,
    /// Body in Markdown.
    pub body: String,
    /// Body as clean HTML.
    pub html: String,
    /// Version number, starting at 1.
    pub version: u64,
    /// Corrections, oldest first.
    pub corrections: Vec<CorrectionItem>,
}

/// A dated correction of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionItem {
    /// Time of the correction (RFC 3339, UTC).
    pub at: Timestamp,
    /// Plain text.
    pub text: String,
}

/// Corrections of a story, as returned after adding one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryCorrections {
    /// Permanent id of the story.
    pub id: String,
    /// Absolute URL of the story.
    pub url: String,
    /// Version of the story.
    pub version: u64,
    /// Corrections, oldest first.
    pub corrections: Vec<CorrectionItem>,
}

/// Story as returned to editors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewsroomStory {
    /// Fields that readers see.
    #[serde(flatten)]
    pub story: StoryDetail,
    /// `draft`, `scheduled` or `published`.
    pub status: String,
    /// Time from which readers no longer see the story, if any (RFC 3339, UTC).
    pub unpublish_at: Option<Timestamp>,
    /// Time until which the front page shows the story first, if any (RFC 3339, UTC).
    pub pin_until: Option<Timestamp>,
}

/// Result of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// Number of stories moved to the trash.
    pub deleted: usize,
}

impl StoryItem {
    /// The wire form of a teaser on a site.
    pub fn new(teaser: &Teaser, site: &Site) -> Self {
        let public_url = &site.public_url;
        Self {
            id: teaser.id.to_string(),
            slug: teaser.slug.to_string(),
            url: format!("{public_url}{}", teaser.path()),
            headline: teaser.headline.clone(),
            summary: teaser.summary.clone(),
            section: teaser.section.name.clone(),
            tags: teaser.tags.iter().map(|tag| tag.name.clone()).collect(),
            authors: teaser.authors.iter().map(Author::new).collect(),
            published_at: teaser.published_at,
            updated_at: teaser.updated_for_readers(),
            reading_minutes: teaser.reading_minutes,
            image: teaser.image.as_ref().map(|image| Picture {
                url: format!("{public_url}{}", image.url),
                alt: image.alt.clone(),
                width: image.width,
                height: image.height,
                caption: image.caption.clone(),
                credit: image.credit.clone(),
            }),
            language: site.language_of(teaser).to_string(),
        }
    }
}

impl Author {
    fn new(author: &Label) -> Self {
        Self { name: author.name.clone(), slug: author.slug.to_string() }
    }
}

impl UploadedImage {
    /// The wire form of a picture on the site at `public_url` (no trailing slash).
    pub fn new(image: &ImageRecord, public_url: &str) -> Self {
        Self {
            url: format!("{public_url}{}", image.name().path()),
            width: image.width,
            height: image.height,
            id: image.id.to_string(),
        }
    }
}

impl StoryList {
    /// The wire form of a page.
    pub fn new(page: &StoryPage, site: &Site) -> Self {
        Self {
            items: page.items.iter().map(|teaser| StoryItem::new(teaser, site)).collect(),
            next_cursor: page.next.as_ref().map(Cursor::to_string),
        }
    }
}

impl StoryDetail {
    /// The wire form of a story whose body was rendered to `html`.
    pub fn new(story: &Story, html: String, site: &Site) -> Self {
        let item = StoryItem::new(&story.teaser, site);
        let corrections = story.corrections.iter().map(CorrectionItem::new).collect();
        Self { item, body: story.body.clone(), html, version: story.version, corrections }
    }
}

impl CorrectionItem {
    fn new(correction: &Correction) -> Self {
        Self { at: correction.at, text: correction.text.clone() }
    }
}

impl StoryCorrections {
    /// The wire form of a story's corrections on a site.
    pub fn new(story: &Story, site: &Site) -> Self {
        Self {
            id: story.teaser.id.to_string(),
            url: format!("{}{}", site.public_url, story.teaser.path()),
            version: story.version,
            corrections: story.corrections.iter().map(CorrectionItem::new).collect(),
        }
    }
}

impl NewsroomStory {
    /// The wire form of a story at the time `now`.
    pub fn new(story: &Story, html: String, site: &Site, now: Timestamp) -> Self {
        let ahead = story.status == Status::Published && story.teaser.published_at > now;
        let status = match story.status {
            _ if story.has_ended(now) => Status::Draft.as_str(),
            _ if ahead => "scheduled",
            status => status.as_str(),
        };
        Self {
            story: StoryDetail::new(story, html, site),
            status: status.to_owned(),
            unpublish_at: story.teaser.unpublish_at,
            pin_until: story.pin_until,
        }
    }
}
