//! JSON Feed 1.1.

use gazette_domain::{FeedFormat, LabelKind};
use jiff::Timestamp;
use serde::Serialize;

use super::entry::{Channel, Entry, icon_url};
use super::text::allowed;

#[derive(Serialize)]
struct Document<'a> {
    version: &'static str,
    title: String,
    home_page_url: String,
    feed_url: String,
    description: String,
    icon: String,
    language: &'a str,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    id: String,
    url: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<String>,
    /// In place of the full text: an item must have one of both.
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    date_published: Timestamp,
    date_modified: Timestamp,
    authors: Vec<Author>,
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

#[derive(Serialize)]
struct Author {
    name: String,
    url: String,
}

pub(super) fn write(channel: &Channel, entries: &[Entry]) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(&Document {
        version: "https://jsonfeed.org/version/1.1",
        title: owned(&channel.title),
        home_page_url: channel.page_url(),
        feed_url: channel.feed_url(FeedFormat::Json),
        description: owned(&channel.description),
        icon: icon_url(channel),
        language: &channel.language,
        items: entries.iter().map(|entry| item(channel, entry)).collect(),
    })
}

fn item<'a>(channel: &Channel, entry: &'a Entry) -> Item<'a> {
    let story = &entry.story;
    let shortest = if story.summary.is_empty() { &story.headline } else { &story.summary };
    let author = |author: &gazette_domain::Label| Author {
        name: owned(&author.name),
        url: channel.label_url(LabelKind::Author, author),
    };
    Item {
        id: entry.id(),
        url: entry.url(channel),
        title: owned(&story.headline),
        content_html: entry.html.as_deref().map(owned),
        content_text: entry.html.is_none().then(|| owned(shortest)),
        summary: owned(&story.summary),
        image: story.image.as_ref().map(|image| channel.absolute(&image.url)),
        date_published: story.published_at,
        date_modified: story.updated_for_readers(),
        authors: story.authors.iter().map(author).collect(),
        tags: entry.categories().map(|(_, label)| owned(&label.name)).collect(),
        language: entry.language(),
    }
}

/// Returns the same text as the other formats have.
fn owned(text: &str) -> String {
    allowed(text).into_owned()
}
