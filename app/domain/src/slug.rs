//! Slugs: the last part of a URL.

mod fold;
mod legacy;

pub(crate) use fold::words as folded;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

/// The last part of a URL: 1 to 100 characters, which are lower-case letters and digits of any
/// script and single hyphens between them. Latin letters have no accents.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// The text is not a valid slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a slug has 1 to 100 lower-case letters and digits, with single hyphens between them")]
pub struct SlugError;

impl Slug {
    /// Maximum number of characters.
    pub const MAX_LENGTH: usize = 100;

    /// Makes a slug from any text.
    ///
    /// Letters and digits of every script are kept, in lower case and composed (NFC). Latin letters
    /// lose their accents by the canonical decomposition (UAX #15). Everything else becomes hyphens.
    ///
    /// Returns `None` when the text has no letter or digit.
    pub fn from_text(text: &str) -> Option<Self> {
        let slug = first_characters(&fold::words(text), Self::MAX_LENGTH);
        (!slug.is_empty()).then_some(Self(slug))
    }

    /// Makes the slug of a label, so that `C`, `C++` and `C#` are three labels: a plus, and a sharp
    /// sign after a letter, become words. Names of other symbols alone get one of their code points.
    ///
    /// Returns `None` for a blank name.
    pub fn from_label(name: &str) -> Option<Self> {
        let mut text = String::new();
        let mut before = ' ';
        for character in name.chars() {
            match character {
                '+' => text.push_str(" plus "),
                '#' | '\u{266f}' if before.is_alphanumeric() => text.push_str(" sharp "),
                _ => text.push(character),
            }
            before = character;
        }
        Self::from_text(&text).or_else(|| Self::of_symbols(name))
    }

    /// Returns the slug that a label had before every script was kept, if it is another one.
    pub(crate) fn legacy(name: &str) -> Option<Self> {
        if name.is_ascii() {
            // `C++` shared the slug of `C`, which it must not keep.
            return None;
        }
        let slug = legacy::words(name).map(Self);
        slug.filter(|slug| Self::from_label(name).as_ref() != Some(slug))
    }

    fn of_symbols(name: &str) -> Option<Self> {
        let symbols = name.chars().filter(|c| !c.is_whitespace() && !c.is_control());
        let codes: Vec<String> = symbols.map(|c| format!("u{:x}", u32::from(c))).collect();
        Self::from_text(&codes.join(" "))
    }

    /// Makes a slug from an id, whose hyphenated form is a valid one.
    pub(crate) fn from_id(id: Uuid) -> Self {
        Self(id.hyphenated().to_string())
    }

    /// Reads a slug in another spelling: in capitals, or with its letters decomposed.
    pub fn from_other_spelling(text: &str) -> Option<Self> {
        text.to_lowercase().nfc().collect::<String>().parse().ok()
    }

    /// Returns the slug with a number appended.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Self {
        let suffix = format!("-{number}");
        let length = Self::MAX_LENGTH.saturating_sub(suffix.len());
        Self(first_characters(&self.0, length) + &suffix)
    }

    /// Returns the slug as text, which may need percent-encoding in a URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns whether a text is a slug of ASCII letters and digits, as most are: those need no table
/// of Unicode.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_word = |word: &[u8]| {
        !word.is_empty()
            && word.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    bytes.len() <= Slug::MAX_LENGTH && bytes.split(|byte| *byte == b'-').all(is_word)
}

/// Returns at most so many characters, without a hyphen at the end.
fn first_characters(slug: &str, length: usize) -> String {
    let cut: String = slug.chars().take(length).collect();
    // A mark without its letter composes with nothing, so the cut text stays composed.
    cut.trim_end_matches('-').to_owned()
}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, SlugError> {
        if is_plain(text) {
            return Ok(Self(text.to_owned()));
        }
        // Checked first, because the longest URL is much longer than a slug.
        let is_short = text.len() <= Self::MAX_LENGTH * char::MAX_LEN_UTF8;
        match Self::from_text(text) {
            Some(slug) if is_short && slug.0 == text => Ok(slug),
            _ => Err(SlugError),
        }
    }
}

impl TryFrom<String> for Slug {
    type Error = SlugError;

    fn try_from(text: String) -> Result<Self, SlugError> {
        if is_plain(&text) { Ok(Self(text)) } else { text.parse() }
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests;
