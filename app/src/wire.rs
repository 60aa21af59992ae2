//! What stands in JSON: the shapes that programs rely on.

use gazette_domain::{Cursor, Status, Story, StoryPage, Teaser};
use jiff::Timestamp;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// One story of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryItem {
    /// A UUIDv7.
    pub id: String,
    /// The last part of its address.
    pub slug: String,
    /// Its absolute address.
    pub url: String,
    /// One line of plain text.
    pub headline: String,
    /// Plain text; may be empty.
    pub summary: String,
    /// The section's name.
    pub section: String,
    /// The tags' names.
    pub tags: Vec<String>,
    /// Who wrote it.
    pub author: Author,
    /// RFC 3339, UTC.
    pub published_at: Timestamp,
    /// RFC 3339, UTC.
    pub updated_at: Timestamp,
    /// At least 1.
    pub reading_minutes: u32,
    /// Its picture.
    pub image: Option<Picture>,
}

/// Who wrote a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// As it is written.
    pub name: String,
}

/// The picture of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its absolute address.
    pub url: String,
    /// What it shows.
    pub alt: String,
    /// In CSS pixels.
    pub width: u32,
    /// In CSS pixels.
    pub height: u32,
}

/// A page of news, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryList {
    /// At most as many as asked for.
    pub items: Vec<StoryItem>,
    /// Give it back as `cursor` to get the next page; null on the last one.
    pub next_cursor: Option<String>,
}

/// A whole story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryDetail {
    /// What listings say of it.
    #[serde(flatten)]
    pub item: StoryItem,
    /// The text, in Markdown.
    pub body: String,
    /// The text, as clean HTML.
    pub html: String,
    /// Counts the changes, from 1.
    pub version: u64,
}

/// A story as whoever writes it sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewsroomStory {
    /// What readers will see of it.
    #[serde(flatten)]
    pub story: StoryDetail,
    /// `draft`, `scheduled` or `published`.
    pub status: String,
}

/// How many stories went to the trash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// Zero when there was nothing to delete.
    pub deleted: usize,
}

impl StoryItem {
    /// The wire form of a teaser on the site at `public_url` (no trailing slash).
    pub fn new(teaser: &Teaser, public_url: &str) -> Self {
        Self {
            id: teaser.id.to_string(),
            slug: teaser.slug.to_string(),
            url: format!("{public_url}{}", teaser.path()),
            headline: teaser.headline.clone(),
            summary: teaser.summary.clone(),
            section: teaser.section.name.clone(),
            tags: teaser.tags.iter().map(|tag| tag.name.clone()).collect(),
            author: Author { name: teaser.author.name.clone() },
            published_at: teaser.published_at,
            updated_at: teaser.updated_at,
            reading_minutes: teaser.reading_minutes,
            image: teaser.image.as_ref().map(|image| Picture {
                url: format!("{public_url}{}", image.url),
                alt: image.alt.clone(),
                width: image.width,
                height: image.height,
            }),
        }
    }
}

impl StoryList {
    /// The wire form of a page.
    pub fn new(page: &StoryPage, public_url: &str) -> Self {
        Self {
            items: page.items.iter().map(|teaser| StoryItem::new(teaser, public_url)).collect(),
            next_cursor: page.next.as_ref().map(Cursor::to_string),
        }
    }
}

impl StoryDetail {
    /// The wire form of a story whose body was rendered to `html`.
    pub fn new(story: &Story, html: String, public_url: &str) -> Self {
        let item = StoryItem::new(&story.teaser, public_url);
        Self { item, body: story.body.clone(), html, version: story.version }
    }
}

impl NewsroomStory {
    /// The wire form of a story at the time `now`.
    pub fn new(story: &Story, html: String, public_url: &str, now: Timestamp) -> Self {
        let ahead = story.status == Status::Published && story.teaser.published_at > now;
        let status = if ahead { "scheduled" } else { story.status.as_str() };
        let status = status.to_owned();
        Self { story: StoryDetail::new(story, html, public_url), status }
    }
}

/// Error of a server function as its client reads it: `{"message": "…"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct WireError {
    /// Text that is safe to show.
    pub message: String,
}

impl WireError {
    /// Makes an error of a text that is safe to show.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl FromServerFnError for WireError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_) => Self::new("The query cannot be read."),
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_)
            | ServerFnErrorErr::Request(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Serialization(_)
            | ServerFnErrorErr::Response(_) => Self::new("Internal Server Error"),
        }
    }
}
