//! Lexical rules of a programming language.

/// Rules of a programming language or a format of data.
#[derive(Clone, Copy)]
pub(super) struct Language {
    /// Names after the fence, in lower case.
    pub(super) names: &'static [&'static str],
    /// Keywords, between spaces.
    pub(super) keywords: &'static str,
    /// Starts of comments to the end of the line.
    pub(super) line_comments: &'static [&'static str],
    /// Starts and ends of other comments.
    pub(super) comments: &'static [(&'static str, &'static str)],
    /// Quotes, longer ones first.
    pub(super) quotes: &'static [&'static str],
    /// Quotes whose text may have several lines.
    pub(super) long_quotes: &'static [&'static str],
    /// Characters with which a name may begin, besides letters.
    pub(super) sigils: &'static str,
    /// Characters after a key of data, or empty.
    pub(super) after_key: &'static str,
    /// Names may contain hyphens.
    pub(super) has_hyphens: bool,
    /// Case makes no difference to keywords.
    pub(super) ignores_case: bool,
    /// A single quote may begin a lifetime.
    pub(super) has_lifetimes: bool,
}

/// A language with the comments and texts of C.
pub(super) const C_LIKE: Language = Language {
    names: &[],
    keywords: "",
    line_comments: &["//"],
    comments: &[("/*", "*/")],
    quotes: &["\"", "'"],
    long_quotes: &[],
    sigils: "_",
    after_key: "",
    has_hyphens: false,
    ignores_case: false,
    has_lifetimes: false,
};

/// A language with the comments of a shell.
pub(super) const HASH_LIKE: Language = Language { line_comments: &["#"], comments: &[], ..C_LIKE };
