//! Stories as a source describes them.

use jiff::Timestamp;

/// A story as its source describes it: before links, pictures and names are checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SourceStory {
    /// Path or id within the source, the same in every export of it.
    pub key: String,
    /// Headline, plain text.
    pub headline: String,
    /// Summary, plain text.
    pub summary: Option<String>,
    /// Body in Markdown.
    pub body: String,
    /// Name of the section.
    pub section: Option<String>,
    /// Names of the tags.
    pub tags: Vec<String>,
    /// Names of the authors.
    pub authors: Vec<String>,
    /// Language (BCP 47).
    pub language: Option<String>,
    /// Wanted slug, as text.
    pub slug: Option<String>,
    /// Time of publication; a draft may have none.
    pub published_at: Option<Timestamp>,
    /// Time from which the source no longer shows it, if that is known and to be kept.
    pub unpublish_at: Option<Timestamp>,
    /// `true` if readers of the source could not see the story. A public story is scheduled while
    /// `published_at` is in the future.
    pub is_draft: bool,
    /// Picture.
    pub image: Option<SourceImage>,
    /// Addresses at the old site: paths that begin with a slash, with their query if it names the
    /// story, as in `/?p=12`.
    pub old_paths: Vec<String>,
    /// Values that could not be used, a line each.
    pub notes: Vec<String>,
}

/// A story's picture at its source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SourceImage {
    /// URL, or path within the source.
    pub url: String,
    /// Text alternative.
    pub alt: Option<String>,
    /// Words below the picture.
    pub caption: Option<String>,
    /// Credit.
    pub credit: Option<String>,
}

/// A file or record that was not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Path or id within the source.
    pub key: String,
    /// The reason, on one line.
    pub reason: String,
}
