//! First reading of a WXR file: what posts refer to, and what is left out.

use std::collections::{BTreeMap, HashMap};
use std::io::BufRead;

use crate::import::wordpress::item::Item;
use crate::import::wordpress::items::{Entry, Items};

/// Maximum number of attachments, and of authors, that are remembered.
const MAX_ENTRIES: usize = 300_000;
/// Maximum size of what is remembered, in bytes.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// A file that posts show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attachment {
    /// URL.
    pub(super) url: String,
    /// Text alternative.
    pub(super) alt: String,
    /// Caption, as HTML.
    pub(super) caption: String,
}

/// Data of a WXR file other than its posts.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// Attachments by their id.
    pub(super) attachments: HashMap<u64, Attachment>,
    /// Ids of attachments by the post that they belong to.
    pub(super) by_post: HashMap<u64, Vec<u64>>,
    /// Display names by login.
    pub(super) authors: HashMap<String, String>,
    /// Language of the site.
    pub(super) language: Option<String>,
    /// URL of the blog.
    pub(super) blog_url: String,
    /// Number of posts that are read.
    pub(super) posts: usize,
    /// Numbers of items that are left out, by kind.
    pub(super) skipped: BTreeMap<String, usize>,
    bytes: usize,
}

impl Index {
    /// Reads a file to its end, or as far as it can be read.
    pub(super) fn read(input: impl BufRead) -> Self {
        let mut index = Self::default();
        let mut items = Items::new(input);
        // The second reading reports the error.
        while let Ok(Some(entry)) = items.next_entry() {
            match entry {
                Entry::Item(item) => index.add(&item),
                Entry::Author(login, name) => index.add_author(&login, &name),
                Entry::Channel(name, text) => index.add_channel(&name, text.trim()),
            }
        }
        index
    }

    fn add(&mut self, item: &Item) {
        if item.comments > 0 {
            *self.skipped.entry("comment".to_owned()).or_default() += item.comments;
        }
        match skipped_kind(item) {
            None => self.posts += 1,
            Some(kind) => {
                if self.skipped.len() < 100 || self.skipped.contains_key(&kind) {
                    *self.skipped.entry(kind).or_default() += 1;
                }
            }
        }
        if item.field("wp:post_type") == "attachment" {
            self.add_attachment(item);
        }
    }

    fn add_attachment(&mut self, item: &Item) {
        let Ok(id) = item.field("wp:post_id").parse::<u64>() else { return };
        let url = item.field("wp:attachment_url");
        let url = if url.is_empty() { item.field("guid") } else { url };
        let alt = item.meta("_wp_attachment_image_alt").unwrap_or_default();
        let attachment = Attachment {
            url: short(url, 2_000),
            alt: short(alt, 2_000),
            caption: short(item.field("excerpt:encoded"), 4_000),
        };
        self.bytes += attachment.url.len() + attachment.alt.len() + attachment.caption.len();
        if self.bytes > MAX_BYTES || self.attachments.len() >= MAX_ENTRIES {
            return;
        }
        if let Ok(post) = item.field("wp:post_parent").parse::<u64>()
            && post != 0
        {
            self.by_post.entry(post).or_default().push(id);
        }
        self.attachments.insert(id, attachment);
    }

    fn add_author(&mut self, login: &str, name: &str) {
        let (login, name) = (login.trim().to_owned(), name.trim().to_owned());
        if !login.is_empty() && !name.is_empty() && self.authors.len() < MAX_ENTRIES {
            self.authors.insert(login, name);
        }
    }

    fn add_channel(&mut self, name: &str, text: &str) {
        match name {
            "language" if !text.is_empty() => self.language = Some(text.replace('_', "-")),
            "wp:base_blog_url" => text.clone_into(&mut self.blog_url),
            "link" if self.blog_url.is_empty() => text.clone_into(&mut self.blog_url),
            _ => {}
        }
    }
}

/// Returns the kind of an item that is no story.
pub(super) fn skipped_kind(item: &Item) -> Option<String> {
    let kind = item.field("wp:post_type");
    // Files before WXR 1.0 have posts only.
    if !matches!(kind, "post" | "") {
        return Some(short(kind, 40));
    }
    match item.field("wp:status") {
        "trash" => Some("post in the trash".to_owned()),
        "auto-draft" => Some("automatic draft".to_owned()),
        "inherit" => Some("revision".to_owned()),
        _ => None,
    }
}

/// Returns a copy that keeps no more memory than needed.
fn short(text: &str, max_bytes: usize) -> String {
    text.get(..text.floor_char_boundary(max_bytes)).unwrap_or_default().to_owned()
}
