//! A post, page or attachment, as a WXR file describes it.

use std::collections::HashMap;

/// Keys of the fields of posts that are used.
pub(super) const META_KEYS: [&str; 5] =
    ["_thumbnail_id", "_wp_attachment_image_alt", "_wp_old_slug", "footnotes", "_wp_attached_file"];

/// A category or tag of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Term {
    /// Kind, such as `category` and `post_tag`.
    pub(super) domain: String,
    /// Short name.
    pub(super) nicename: String,
    /// Name.
    pub(super) name: String,
}

/// An item: a post, a page, an attachment and so on.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    /// Texts of elements.
    pub(super) fields: HashMap<&'static str, String>,
    /// Categories and tags.
    pub(super) terms: Vec<Term>,
    /// Keys and values of further fields.
    pub(super) meta: Vec<(String, String)>,
    /// Number of comments.
    pub(super) comments: usize,
}

impl Item {
    /// Returns the text of an element, without space around it; empty if it is missing.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", |text| text.trim())
    }

    /// Returns the first value of a further field.
    pub(super) fn meta(&self, key: &str) -> Option<&str> {
        let found = self.meta.iter().find(|(name, _)| name == key)?;
        Some(found.1.trim()).filter(|value| !value.is_empty())
    }
}

/// Elements of items that are kept, by their documented names.
pub(super) const FIELDS: [&str; 16] = [
    "title",
    "link",
    "pubDate",
    "dc:creator",
    "content:encoded",
    "excerpt:encoded",
    "wp:post_id",
    "wp:post_date",
    "wp:post_date_gmt",
    "wp:post_name",
    "wp:status",
    "wp:post_parent",
    "wp:post_type",
    "wp:post_password",
    "wp:attachment_url",
    "guid",
];
