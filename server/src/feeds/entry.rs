//! Data of a feed, the same for every format.

use gazette_domain::{FeedFormat, Label, LabelKind, Language, Teaser};
use jiff::Timestamp;

use super::absolute_urls::absolute_urls;

/// Metadata of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Channel {
    /// Name of the feed.
    pub(crate) title: String,
    /// Description of the feed.
    pub(crate) description: String,
    /// Language of the site (BCP 47).
    pub(crate) language: String,
    /// Origin of the site, without a trailing slash.
    pub(crate) site_url: String,
    /// Path of the page with the same stories.
    pub(crate) page_path: String,
    /// Path by which feeds of this list are named; see [`FeedFormat::path`].
    pub(crate) list: String,
    /// Time of the newest change of a story in it.
    pub(crate) updated_at: Timestamp,
}

impl Channel {
    /// Returns the absolute URL of a path on this site.
    pub(super) fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.site_url)
    }

    pub(super) fn page_url(&self) -> String {
        self.absolute(&self.page_path)
    }

    /// Returns the URL of the feed itself.
    pub(super) fn feed_url(&self, format: FeedFormat) -> String {
        self.absolute(&format.path(&self.list))
    }

    /// Returns the URL of the page of a label.
    pub(super) fn label_url(&self, kind: LabelKind, label: &Label) -> String {
        self.absolute(&kind.endpoint().path_with(&label.slug))
    }

    /// Returns the URL that distinguishes categories of one kind from those of others.
    pub(super) fn scheme(&self, kind: LabelKind) -> String {
        let path = kind.endpoint().path();
        self.absolute(path.split("/{").next().unwrap_or(path))
    }
}

/// A story in a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The short form.
    pub(super) story: Teaser,
    /// The text as HTML with absolute URLs; `None` if the feed has the summary only.
    pub(super) html: Option<String>,
}

impl Entry {
    /// Makes an entry with the summary only.
    pub(crate) fn summary(story: Teaser) -> Self {
        Self { story, html: None }
    }

    /// Makes an entry with the full text, given as clean HTML.
    pub(crate) fn full(story: Teaser, html: &str, channel: &Channel) -> Self {
        let page_url = channel.absolute(&story.path());
        let html = absolute_urls(html, &channel.site_url, &page_url);
        Self { story, html: Some(html) }
    }

    /// Returns the size of the full text in bytes.
    pub(crate) fn html_bytes(&self) -> usize {
        self.html.as_ref().map_or(0, String::len)
    }

    /// Returns the id, which never changes.
    pub(super) fn id(&self) -> String {
        format!("urn:uuid:{}", self.story.id)
    }

    pub(super) fn url(&self, channel: &Channel) -> String {
        channel.absolute(&self.story.path())
    }

    /// Returns the language of the story (BCP 47), if it is known.
    pub(super) fn language(&self) -> Option<&str> {
        self.story.language.as_ref().map(Language::as_str)
    }

    /// Returns section and tags.
    pub(super) fn categories(&self) -> impl Iterator<Item = (LabelKind, &Label)> {
        let kinds = [LabelKind::Section, LabelKind::Tag].into_iter();
        kinds.flat_map(|kind| self.story.labels(kind).iter().map(move |label| (kind, label)))
    }
}

/// Returns the URL of the site's icon.
pub(super) fn icon_url(channel: &Channel) -> String {
    channel.absolute("/apple-touch-icon.png")
}
