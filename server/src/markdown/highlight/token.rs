//! Kinds of parts of code, and writing them.

use std::fmt::{self, Write};

/// Kind of a part of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Neither of the others.
    Plain,
    Comment,
    Text,
    Number,
    Keyword,
    Type,
    Function,
    /// Attribute, key or variable.
    Name,
    Inserted,
    Deleted,
}

/// Classes of all kinds.
pub(in crate::markdown) const CLASSES: [&str; 9] =
    ["hl-c", "hl-s", "hl-n", "hl-k", "hl-t", "hl-f", "hl-a", "hl-i", "hl-d"];

impl Kind {
    fn class(self) -> Option<&'static str> {
        Some(match self {
            Self::Plain => return None,
            Self::Comment => "hl-c",
            Self::Text => "hl-s",
            Self::Number => "hl-n",
            Self::Keyword => "hl-k",
            Self::Type => "hl-t",
            Self::Function => "hl-f",
            Self::Name => "hl-a",
            Self::Inserted => "hl-i",
            Self::Deleted => "hl-d",
        })
    }
}

/// Writes a part of code.
pub(super) fn write_part(output: &mut dyn Write, kind: Kind, code: &str) -> fmt::Result {
    match kind.class().filter(|_| !code.trim().is_empty()) {
        Some(class) => {
            write!(output, "<span class=\"{class}\">")?;
            comrak::html::escape(output, code)?;
            output.write_str("</span>")
        }
        None => comrak::html::escape(output, code),
    }
}
