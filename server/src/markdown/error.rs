//! Bodies that cannot be rendered within the limits.

use std::time::Duration;

/// Maximum length of a body, in bytes.
pub(super) const MAX_BODY_BYTES: usize = 256 * 1024;
/// Maximum depth of quotes, lists, emphasis and HTML.
pub(super) const MAX_LEVELS: usize = 100;
/// Maximum length of one HTML tag or comment, in bytes.
pub(super) const MAX_TAG_BYTES: usize = 32 * 1024;
/// Maximum CPU time of one rendering.
///
/// Builds without optimization are about twenty times slower.
pub(super) const MAX_TIME: Duration =
    Duration::from_millis(if cfg!(debug_assertions) { 5_000 } else { 250 });

const MAX_HTML_BYTES: usize = 1024 * 1024;
/// Maximum growth from Markdown to HTML.
const MAX_GROWTH: usize = 8;
/// HTML size that any body may have: a short table or footnote grows by more than [`MAX_GROWTH`].
const MIN_HTML_LIMIT: usize = 64 * 1024;

/// Returns the maximum size of the HTML of a body, in bytes.
pub(super) fn max_html_bytes(body_bytes: usize) -> usize {
    body_bytes.saturating_mul(MAX_GROWTH).clamp(MIN_HTML_LIMIT, MAX_HTML_BYTES)
}

/// The reason a body cannot be rendered; its text is for the author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RenderError {
    /// The Markdown is too long.
    #[error("has {0} bytes; at most {MAX_BODY_BYTES} are allowed")]
    TooLong(usize),
    /// Blocks, emphasis or elements are nested too deeply.
    #[error("quotes, lists or HTML are nested more than {MAX_LEVELS} levels deep")]
    TooDeep,
    /// The HTML is too large.
    #[error("becomes more than {0} bytes of HTML; shorten it, or split it into several stories")]
    TooLarge(usize),
    /// An HTML tag or comment is too long.
    #[error("has an HTML tag or comment of more than {MAX_TAG_BYTES} bytes; shorten it")]
    TagTooLong,
    /// Rendering takes too much work.
    #[error("takes too long to render; simplify its HTML, tables and lists")]
    TooSlow,
    /// The system has no thread for the renderer.
    #[error("cannot be rendered right now; try again in a moment")]
    NoThread,
    /// The renderer failed.
    #[error("cannot be rendered; simplify its HTML")]
    Failed,
}
