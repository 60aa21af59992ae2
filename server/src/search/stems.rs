//! Stems of words, by language.

use frostem::Stemmer;
use gazette_domain::Language;

use crate::search::words::{Word, folded};

/// Begins a stem in the index, so that it is never taken for a word.
pub(super) const STEM: char = '\u{1}';

/// Finds the stem of words of one language.
#[derive(Clone, Copy)]
pub(super) struct Stems(Option<Stemmer>);

impl Stems {
    /// Returns the stems of a language by the first part of its tag; none if it has no stemmer.
    pub(super) fn of(language: &str) -> Self {
        let name = match language {
            // One stemmer serves both written forms.
            "nb" | "nn" => "no",
            name => name,
        };
        // Names of algorithms are longer than a tag of a language.
        let is_tag = name.len() <= 3;
        Self(is_tag.then(|| Stemmer::try_from_name(name).ok()).flatten())
    }

    /// Returns the stems of the language of a story.
    pub(super) fn of_story(story: Option<&Language>, site: &Language) -> Self {
        Self::of(story.unwrap_or(site).primary())
    }

    /// Checks whether words of the language have stems.
    pub(super) fn exist(self) -> bool {
        self.0.is_some()
    }

    /// Returns the term of a word's stem.
    pub(super) fn term(self, word: &Word) -> Option<String> {
        if word.is_character() { None } else { self.of_lower(&word.lower) }
    }

    /// Returns the term of the stem of a word in lower case.
    pub(super) fn of_lower(self, lower: &str) -> Option<String> {
        let stem = self.0?.stem(lower);
        let stem = folded(&stem);
        (!stem.is_empty()).then(|| format!("{STEM}{stem}"))
    }
}

/// Checks for the term of a stem.
pub(super) fn is_stem(term: &str) -> bool {
    term.starts_with(STEM)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::words::words;

    #[test]
    fn a_stem_is_that_of_the_language() {
        let stem = |language: &str, word: &str| Stems::of(language).term(&words(word)[0]);
        assert_eq!(stem("en", "Bridges"), stem("en", "bridge"));
        assert_eq!(stem("de", "Häuser"), stem("de", "Haus"));
        assert_eq!(stem("nb", "bøkene"), stem("no", "bøkene"));
        assert_eq!(stem("fr", "actualités"), stem("fr", "actualité"));
        assert_eq!(stem("ja", "bridges"), None);
        assert_eq!(stem("english", "bridges"), None);
        assert_eq!(stem("en", "東京"), None);
    }
}
