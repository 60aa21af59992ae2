//! What a page hands to the frame around it.

use jiff::Timestamp;
use leptos::prelude::*;

use crate::components::address;

/// A page without its frame.
pub struct Page {
    /// For the title bar.
    pub title: String,
    /// For search engines.
    pub description: Option<String>,
    /// The path under which it is known, when it has one.
    pub canonical: Option<String>,
    /// Whether search engines should list it.
    pub indexed: bool,
    /// Whether anything on it runs in the browser.
    pub has_islands: bool,
    /// What others show when a story is shared.
    pub sharing: Option<Sharing>,
    /// What stands in `main`.
    pub content: AnyView,
}

/// What a shared link shows of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// The story's path.
    pub path: String,
    /// The path of its picture.
    pub image: Option<String>,
    /// When it became news.
    pub published_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// JSON-LD, with every `<` escaped.
    pub structured_data: String,
}

impl Page {
    /// A page for readers and search engines.
    pub fn public(title: impl Into<String>, path: &str, content: AnyView) -> Self {
        Self {
            title: title.into(),
            description: None,
            canonical: Some(path.to_owned()),
            indexed: true,
            has_islands: false,
            sharing: None,
            content,
        }
    }

    /// A page that is nobody else's business.
    pub fn private(title: impl Into<String>, content: AnyView) -> Self {
        Self { canonical: None, indexed: false, ..Self::public(title, "", content) }
    }
}

/// The address that signs in and comes back to `path`.
pub fn sign_in_href(path: &str) -> String {
    address("/auth/login", &[("return_to", path.to_owned())])
}
