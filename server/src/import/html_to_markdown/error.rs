//! HTML that cannot be converted.

/// The reason HTML cannot become Markdown; its text is for the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HtmlError {
    /// The HTML is too long.
    #[error("the HTML has {0} bytes; at most 2 MiB are read")]
    TooLong(usize),
    /// The HTML takes too much work.
    #[error("the HTML is too complex; simplify its tables, lists and formatting")]
    TooComplex,
}
