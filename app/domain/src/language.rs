//! Languages of stories and of the site.

mod right_to_left;

use std::fmt;
use std::str::FromStr;

use oxilangtag::LanguageTag;
use serde::{Deserialize, Serialize};

use right_to_left::is_right_to_left;

/// Length that every tag in use fits into (RFC 5646 §4.4.1).
const MAX_LENGTH: usize = 35;

/// A well-formed language tag in its usual case, such as `en`, `pt-BR` or `zh-Hant` (BCP 47).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Language(LanguageTag<String>);

/// The text is not a well-formed language tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a language is a tag of at most 35 characters, such as en, pt-BR or zh-Hant")]
pub struct LanguageError;

impl Language {
    /// Returns English, the language of the interface.
    pub fn english() -> Option<Self> {
        "en".parse().ok()
    }

    /// Returns the tag.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Returns the language without script, region and the rest, such as `pt`.
    pub fn primary(&self) -> &str {
        self.0.primary_language()
    }

    /// Returns the region, such as `BR`.
    pub fn region(&self) -> Option<&str> {
        self.0.region()
    }

    /// Returns the direction in which the language is written: that of the tag's script, or else of
    /// the script in which the language is usually written there.
    pub fn direction(&self) -> Direction {
        let names_no_language = matches!(self.primary(), "und" | "mul" | "mis" | "zxx");
        if names_no_language && self.0.script().is_none() {
            return Direction::Auto;
        }
        if is_right_to_left(self.primary(), self.0.script(), self.region()) {
            Direction::RightToLeft
        } else {
            Direction::LeftToRight
        }
    }
}

/// A direction of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// As Latin.
    LeftToRight,
    /// As Arabic.
    RightToLeft,
    /// Not known: that of the first letter.
    Auto,
}

impl Direction {
    /// Returns the value of the `dir` attribute in HTML.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
            Self::Auto => "auto",
        }
    }
}

/// A change of a story's language; in JSON a tag, or empty text to remove it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum LanguageChange {
    /// The language is this one.
    Set(Language),
    /// The language is not known.
    Remove,
}

impl LanguageChange {
    /// Returns the language after the change.
    pub fn into_language(self) -> Option<Language> {
        match self {
            Self::Set(language) => Some(language),
            Self::Remove => None,
        }
    }
}

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, LanguageError> {
        if text.len() > MAX_LENGTH {
            return Err(LanguageError);
        }
        LanguageTag::parse_and_normalize(text).map(Self).map_err(|_| LanguageError)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0.into_inner()
    }
}

impl TryFrom<String> for Language {
    type Error = LanguageError;

    fn try_from(text: String) -> Result<Self, LanguageError> {
        text.parse()
    }
}

impl From<LanguageChange> for String {
    fn from(change: LanguageChange) -> Self {
        change.into_language().map(Self::from).unwrap_or_default()
    }
}

impl TryFrom<String> for LanguageChange {
    type Error = LanguageError;

    fn try_from(text: String) -> Result<Self, LanguageError> {
        if text.is_empty() { Ok(Self::Remove) } else { text.parse().map(Self::Set) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn language(text: &str) -> Language {
        text.parse().expect("a language")
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in ".{0,40}") {
            let _ = text.parse::<Language>().map(|language| language.direction());
        }

        #[test]
        fn a_tag_is_short_ascii_and_parsed_from_its_own_text(
            text in "[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[a-z0-9]{5,8}){0,2}"
        ) {
            let Ok(tag) = text.parse::<Language>() else {
                prop_assert!(text.len() > MAX_LENGTH || text.matches('-').count() > 1);
                return Ok(());
            };
            prop_assert!(tag.as_str().eq_ignore_ascii_case(&text));
            prop_assert_eq!(language(tag.as_str()), tag.clone());
            prop_assert_eq!(text.to_ascii_uppercase().parse(), Ok(tag));
        }
    }

    #[test]
    fn a_tag_gets_its_usual_case() {
        for (given, tag) in [
            ("EN", "en"),
            ("pt-br", "pt-BR"),
            ("ZH-hANT-tw", "zh-Hant-TW"),
            ("sl-ROZAJ", "sl-rozaj"),
            ("es-419", "es-419"),
            ("zh-yue", "zh-yue"),
        ] {
            assert_eq!(language(given).as_str(), tag);
        }
    }

    #[test]
    fn other_text_is_refused() {
        let long = format!("en-{}", ["abcdefgh"; 4].join("-"));
        let bad =
            ["", " ", "e", "en_US", "english language", "en-", "-en", "日本語", "en\n", "en--US"];
        for text in bad.into_iter().chain([long.as_str()]) {
            assert_eq!(text.parse::<Language>(), Err(LanguageError), "{text:?}");
        }
    }

    #[test]
    fn the_script_gives_the_direction() {
        use Direction::{Auto, LeftToRight, RightToLeft};
        for (tag, direction) in [
            ("ar", RightToLeft),
            ("ar-EG", RightToLeft),
            ("arz", RightToLeft),
            ("ckb", RightToLeft),
            ("dv", RightToLeft),
            ("fa-AF", RightToLeft),
            ("he", RightToLeft),
            ("iw", RightToLeft),
            ("ks-Arab", RightToLeft),
            ("ku-Arab", RightToLeft),
            ("nqo", RightToLeft),
            ("pa-PK", RightToLeft),
            ("ps", RightToLeft),
            ("sd", RightToLeft),
            ("syr", RightToLeft),
            ("ug", RightToLeft),
            ("ur", RightToLeft),
            ("uz-Arab", RightToLeft),
            ("yi", RightToLeft),
            ("ff-Adlm", RightToLeft),
            ("ar-Latn", LeftToRight),
            ("he-Latn-IL", LeftToRight),
            ("ks-Deva", LeftToRight),
            ("sd-IN", LeftToRight),
            ("ku", LeftToRight),
            ("ff", LeftToRight),
            ("pa", LeftToRight),
            ("en", LeftToRight),
            ("ja", LeftToRight),
            ("und-Hebr", RightToLeft),
            ("und", Auto),
            ("mul", Auto),
        ] {
            assert_eq!(language(tag).direction(), direction, "{tag}");
        }
    }

    #[test]
    fn json_is_the_tag_and_empty_text_removes_it() {
        assert_eq!(serde_json::to_value(language("pt-br")).expect("JSON"), json!("pt-BR"));
        let change = |value| serde_json::from_value::<LanguageChange>(value);
        assert_eq!(change(json!("")).expect("valid").into_language(), None);
        assert_eq!(change(json!("PT")).expect("valid").into_language(), Some(language("pt")));
        assert!(change(json!("en_US")).is_err() && change(json!(7)).is_err());
    }
}
