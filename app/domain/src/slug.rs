//! Slugs: the last part of a URL.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The last part of a URL: 1 to 100 characters of `a-z`, `0-9` and single inner hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

/// The text is not a valid slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a slug has 1 to 100 characters of a-z, 0-9 and single hyphens between them")]
pub struct SlugError;

impl Slug {
    /// Maximum number of characters.
    pub const MAX_LENGTH: usize = 100;

    /// Makes a slug from any text: Latin letters lose their accents, everything else becomes
    /// hyphens.
    ///
    /// Returns `None` when the text has no Latin letter or digit.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut slug = String::new();
        for character in text.chars().flat_map(char::to_lowercase) {
            match ascii_spelling(character) {
                Some(ascii) if slug.len() + ascii.len() <= Self::MAX_LENGTH => slug.push_str(ascii),
                Some(_) => break,
                None if character == '\'' || character == '\u{2019}' => {}
                None if slug.ends_with('-') || slug.is_empty() => {}
                None => slug.push('-'),
            }
        }
        slug.truncate(slug.trim_end_matches('-').len());
        slug.truncate(Self::MAX_LENGTH);
        (!slug.is_empty()).then_some(Self(slug))
    }

    /// Makes a slug from an id, whose hyphenated form is a valid one.
    pub(crate) fn from_id(id: Uuid) -> Self {
        Self(id.hyphenated().to_string())
    }

    /// Returns the slug with a number appended.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Self {
        let suffix = format!("-{number}");
        let mut slug = self.0.clone();
        slug.truncate(Self::MAX_LENGTH.saturating_sub(suffix.len()));
        slug.truncate(slug.trim_end_matches('-').len());
        Self(slug + &suffix)
    }

    /// Returns the slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns the ASCII spelling of a lower-case letter or digit.
fn ascii_spelling(character: char) -> Option<&'static str> {
    const ASCII: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
    if let Some(at) = ASCII.find(character) {
        return ASCII.get(at..=at);
    }
    Some(match character {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'č' | 'ć' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ě' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ł' => "l",
        'ñ' | 'ń' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' => "o",
        'ö' | 'œ' => "oe",
        'š' | 'ś' => "s",
        'ß' => "ss",
        'ù' | 'ú' | 'û' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' => "y",
        'ž' | 'ź' | 'ż' => "z",
        _ => return None,
    })
}

impl FromStr for Slug {
    type Err = SlugError;

    fn from_str(text: &str) -> Result<Self, SlugError> {
        let characters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let well_formed = (1..=Self::MAX_LENGTH).contains(&text.len())
            && text.chars().all(characters)
            && !text.starts_with('-')
            && !text.ends_with('-')
            && !text.contains("--");
        if well_formed { Ok(Self(text.to_owned())) } else { Err(SlugError) }
    }
}

impl TryFrom<String> for Slug {
    type Error = SlugError;

    fn try_from(text: String) -> Result<Self, SlugError> {
        text.parse()
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn headlines_become_readable_slugs() {
        let slug = |text| Slug::from_text(text).map(String::from);
        assert_eq!(slug("Announcing Rust 1.43.1").as_deref(), Some("announcing-rust-1-43-1"));
        assert_eq!(slug("  The mayor’s \u{2014} “plan”!").as_deref(), Some("the-mayors-plan"));
        assert_eq!(slug("Überfluß à Genève").as_deref(), Some("ueberfluss-a-geneve"));
        assert_eq!(slug("\u{4f60}\u{597d}"), None);
    }

    proptest! {
        #[test]
        fn generated_slugs_are_valid(text in ".*", number in 2..10_000_usize) {
            if let Some(slug) = Slug::from_text(&text) {
                prop_assert_eq!(slug.as_str().parse::<Slug>(), Ok(slug.clone()));
                let numbered = slug.numbered(number);
                prop_assert_eq!(numbered.as_str().parse::<Slug>(), Ok(numbered.clone()));
            }
        }

        #[test]
        fn ids_are_valid_slugs(id: u128) {
            let slug = Slug::from_id(Uuid::from_u128(id));
            prop_assert_eq!(slug.as_str().parse::<Slug>(), Ok(slug.clone()));
        }

        #[test]
        fn valid_slugs_are_parsed_unchanged(text in "[a-z0-9-]{0,110}") {
            if let Ok(slug) = text.parse::<Slug>() {
                prop_assert_eq!(slug.as_str(), text.as_str());
                prop_assert_eq!(Slug::from_text(&text), Some(slug));
            }
        }
    }
}
