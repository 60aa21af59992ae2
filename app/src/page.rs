//! The page type: content and document metadata.

use gazette_domain::Endpoint;
use jiff::Timestamp;
use serde_json::Value;

use crate::markup::Markup;

pub use crate::shared_picture::SharedPicture;

/// A page without the document around it.
pub struct Page {
    /// Title without the site's name.
    pub title: String,
    /// Text of the `description` meta tag.
    pub description: Option<String>,
    /// Path of the canonical URL; `None` for private pages.
    pub canonical: Option<String>,
    /// Allows search engines to list the page.
    pub indexed: bool,
    /// Feeds of the stories on the page.
    pub feeds: Option<FeedLinks>,
    /// Open Graph and JSON-LD data; stories only.
    pub sharing: Option<Sharing>,
    /// The content is the interface in English; else it is that of the site, in its language.
    pub is_interface: bool,
    /// Parts of the document around the content.
    pub layout: Layout,
    /// Content of the `main` element; with [`Layout::Editor`], of the whole document.
    pub content: Markup,
}

/// The document around the content of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Masthead with the sections, and footer.
    Site,
    /// The newsroom's navigation, in which this page is the current one.
    Newsroom(Endpoint),
    /// Nothing: the content has its own bar, and its own `main` with the id `main` and
    /// `tabindex="-1"`.
    Editor,
}

/// Feeds with the stories of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedLinks {
    /// Name of the list; `None` for the whole site.
    pub title: Option<String>,
    /// Path of the list; empty for the whole site.
    pub list: String,
}

impl FeedLinks {
    /// Returns the feeds of the whole site.
    pub fn site() -> Self {
        Self { title: None, list: String::new() }
    }
}

/// Metadata that other sites show when a story is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// Language and region, such as `pt_BR`.
    pub locale: Option<String>,
    /// Its picture.
    pub image: Option<SharedPicture>,
    /// Time of publication.
    pub published_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// Name of the section.
    pub section: String,
    /// URLs of the pages of the authors.
    pub authors: Vec<String>,
    /// Names of the tags.
    pub tags: Vec<String>,
    /// JSON-LD, made by `json_ld`.
    pub structured_data: Vec<String>,
}

/// Returns JSON as it can be in a script element: only `<` can end the element or open a comment.
pub fn json_ld(data: &Value) -> String {
    data.to_string().replace('<', "\\u003c")
}

impl Page {
    /// Returns whether the page belongs to the newsroom.
    pub fn is_newsroom(&self) -> bool {
        !matches!(self.layout, Layout::Site)
    }

    /// Makes a page for readers and search engines.
    pub fn public(title: impl Into<String>, path: &str, content: Markup) -> Self {
        Self {
            title: title.into(),
            description: None,
            canonical: Some(path.to_owned()),
            indexed: true,
            feeds: None,
            sharing: None,
            is_interface: false,
            layout: Layout::Site,
            content,
        }
    }

    /// Makes a page that search engines must not list.
    pub fn private(title: impl Into<String>, content: Markup) -> Self {
        Self {
            canonical: None,
            indexed: false,
            is_interface: true,
            ..Self::public(title, "", content)
        }
    }

    /// Makes a page of the newsroom. `current` is its entry in the navigation.
    pub fn newsroom(title: impl Into<String>, current: Endpoint, content: Markup) -> Self {
        Self { layout: Layout::Newsroom(current), ..Self::private(title, content) }
    }

    /// Makes a page of the newsroom that fills the window. See [`Layout::Editor`].
    pub fn editor(title: impl Into<String>, content: Markup) -> Self {
        Self { layout: Layout::Editor, ..Self::private(title, content) }
    }
}
