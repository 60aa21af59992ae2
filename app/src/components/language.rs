//! Language and direction of text on pages.
//!
//! The document has the language and the direction of the site. Text of a story has its own, names
//! have the direction of their first letter, and the interface is English.

use gazette_domain::{Direction, Language, Teaser};

use crate::frame::Frame;

/// Values of the attributes `lang` and `dir` of an element; an absent one is inherited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextLanguage {
    /// Value of `lang`.
    pub lang: Option<String>,
    /// Value of `dir`.
    pub dir: Option<&'static str>,
}

impl TextLanguage {
    /// Returns the attributes for the text of a story. Without a known language, its first letter
    /// gives the direction.
    pub fn of_story(story: &Teaser) -> Self {
        match &story.language {
            Some(language) => Self::of(language),
            None => Self { lang: None, dir: Some(Direction::Auto.as_str()) },
        }
    }

    /// Returns the attributes for the text of a language.
    pub fn of(language: &Language) -> Self {
        Self { lang: Some(language.to_string()), dir: Some(language.direction().as_str()) }
    }

    /// Returns the attributes for English text of the interface inside a page of the site.
    pub fn interface(frame: &Frame) -> Self {
        Self::interface_inside(&frame.site.language)
    }

    /// Returns the attributes for English text of the interface inside text of a language.
    pub fn interface_inside(language: &Language) -> Self {
        let is_english = language.primary() == "en";
        let is_left_to_right = language.direction() == Direction::LeftToRight;
        Self {
            lang: (!is_english).then(|| "en".to_owned()),
            dir: (!is_left_to_right).then_some(Direction::LeftToRight.as_str()),
        }
    }
}
