//! Words of a text, in the form in which the index has them.

use std::ops::Range;

use gazette_domain::is_unspaced;
use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;

/// Characters of a longer word that count.
const MAX_WORD: usize = 64;

/// A word, or a character of a script that puts no spaces between words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Its place in the text, in bytes.
    pub(super) range: Range<usize>,
    /// The word without case and accents.
    pub(super) folded: String,
    /// The word in lower case, for stemmers; empty for a character of a script without spaces.
    pub(super) lower: String,
    /// The parts of a word with apostrophes, dots or underscores in it, as `avenir` in `l'avenir`.
    pub(super) parts: Vec<String>,
}

/// A word as it is written, or a character of a script that puts no spaces between words.
pub(super) enum Written<'a> {
    Word(WrittenWord<'a>),
    Character(Word),
}

/// A word as it is written.
pub(super) struct WrittenWord<'a> {
    start: usize,
    pub(super) text: &'a str,
    /// The signs after it that belong to it, as in C++.
    pub(super) sign: &'static str,
}

impl Word {
    /// Checks whether it is a character that forms words with its neighbours.
    pub(super) fn is_character(&self) -> bool {
        self.lower.is_empty()
    }

    /// Checks whether it follows another one without anything between them.
    pub(super) fn follows(&self, before: &Self) -> bool {
        before.range.end == self.range.start
    }
}

/// Splits a text into words (UAX #29).
pub(super) fn words(text: &str) -> Vec<Word> {
    words_if(text, |_| true)
}

/// Splits a text into words, and leaves out those that `is_wanted` refuses as they are written.
pub(super) fn words_if(text: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<Word> {
    let keep = |written| match written {
        Written::Word(word) => is_wanted(word.text).then(|| word.spelled()).flatten(),
        Written::Character(character) => Some(character),
    };
    written_words(text).into_iter().filter_map(keep).collect()
}

/// Splits a text into words as they are written.
pub(super) fn written_words(text: &str) -> Vec<Written<'_>> {
    let mut words = Vec::new();
    each_word(text, |start, word| {
        if !word.is_ascii() && word.chars().any(is_joined) {
            words.extend(characters(start, word).map(Written::Character));
        } else {
            let sign = sign_after(word, text.get(start + word.len()..).unwrap_or_default());
            words.push(Written::Word(WrittenWord { start, text: word, sign }));
        }
    });
    words
}

/// Calls `see` with each word and its place. No word goes on after a space, and most are ASCII
/// letters and digits, which need not be looked up in the tables of Unicode.
fn each_word<'a>(text: &'a str, mut see: impl FnMut(usize, &'a str)) {
    let mut start = 0;
    for run in text.split_inclusive(|c: char| c.is_ascii_whitespace()) {
        let from = run.trim_start_matches(is_edge);
        let word = from.trim_end_matches(is_edge);
        if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            see(start + run.len() - from.len(), word);
        } else {
            run.unicode_word_indices().for_each(|(at, word)| see(start + at, word));
        }
        start += run.len();
    }
}

/// Checks for a character that is not part of a word that begins or ends beside it.
const fn is_edge(character: char) -> bool {
    character.is_ascii_whitespace() || (character.is_ascii_punctuation() && character != '_')
}

/// Checks for a character whose words are not told by spaces, or not by them alone.
fn is_joined(character: char) -> bool {
    let is_wide_latin = matches!(character, '\u{ff01}'..='\u{ff5e}');
    (is_unspaced(character) && !is_wide_latin) || is_hangul(character)
}

fn is_hangul(character: char) -> bool {
    matches!(character, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}')
}

fn characters(start: usize, word: &str) -> impl Iterator<Item = Word> {
    word.grapheme_indices(true).filter_map(move |(at, character)| {
        let folded = folded(character);
        let range = start + at..start + at + character.len();
        let is_letter = folded.contains(char::is_alphanumeric);
        is_letter.then(|| Word { range, folded, lower: String::new(), parts: Vec::new() })
    })
}

impl WrittenWord<'_> {
    /// Returns the word in its forms; `None` if nothing is left of it.
    pub(super) fn spelled(&self) -> Option<Word> {
        let &Self { start, text, sign } = self;
        let mut lower = lower(text);
        let mut spelling = if lower.contains(is_apostrophe) {
            folded(&lower.replace(is_apostrophe, ""))
        } else {
            folded(&lower)
        };
        if spelling.is_empty() {
            return None;
        }
        let mut parts = parts_of(&lower);
        if !sign.is_empty() {
            parts.push(spelling.clone());
            spelling.push_str(sign);
            lower.push_str(sign);
        }
        let range = start..start + text.len() + sign.len();
        Some(Word { range, folded: spelling, lower, parts })
    }
}

/// Returns the beginning of a word in lower case.
fn lower(word: &str) -> String {
    let end = word.char_indices().nth(MAX_WORD).map_or(word.len(), |(end, _)| end);
    let word = word.get(..end).unwrap_or(word);
    if word.is_ascii() { word.to_ascii_lowercase() } else { word.to_lowercase().nfc().collect() }
}

/// Returns the signs that belong to a name such as C++ or C#. A sign with a mark on it is part of the next word (UAX #29).
fn sign_after(word: &str, rest: &str) -> &'static str {
    let is_name = word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let mut signs = rest.split_word_bounds();
    match rest.as_bytes() {
        [b'+', b'+', ..] if is_name && signs.nth(1) == Some("+") => "++",
        [b'#', ..] if is_name && signs.next() == Some("#") => "#",
        _ => "",
    }
}

fn parts_of(lower: &str) -> Vec<String> {
    let is_separator = |c: char| !c.is_alphanumeric() && !is_mark(c);
    if !lower.contains(is_separator) {
        return Vec::new();
    }
    let parts = lower.split(is_separator).filter(|part| part.chars().nth(1).is_some());
    // The parts of a number, as in 1.30, say nothing.
    parts.filter(|part| part.contains(char::is_alphabetic)).map(folded).collect()
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '\u{2019}' | '\u{2bc}' | '\u{5f3}' | '\u{5f4}' | '\u{ff07}')
}

/// Returns the term of two characters beside each other.
pub(super) fn pair(first: &Word, second: &Word) -> String {
    format!("{}{}", first.folded, second.folded)
}

/// Returns a text in lower case, without accents, and in its usual width.
pub(super) fn folded(text: &str) -> String {
    let mut spelling = String::with_capacity(text.len());
    if text.is_ascii() {
        spelling.push_str(text);
        spelling.make_ascii_lowercase();
        return spelling;
    }
    for character in text.to_lowercase().nfkd() {
        match character {
            'æ' => spelling.push_str("ae"),
            'œ' => spelling.push_str("oe"),
            'ß' => spelling.push_str("ss"),
            'þ' => spelling.push_str("th"),
            'ð' | 'đ' => spelling.push('d'),
            'ı' => spelling.push('i'),
            'ł' => spelling.push('l'),
            'ø' => spelling.push('o'),
            'ς' => spelling.push('σ'),
            _ if is_mark(character) || is_invisible(character) => {}
            _ => spelling.push(character),
        }
    }
    spelling.nfc().collect()
}

/// Checks for an accent, or a vowel sign of Hebrew or Arabic, which texts often omit. Marks of
/// other scripts are letters.
fn is_mark(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{5bf}'..='\u{5c7}'
        | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded_words(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.folded).collect()
    }

    #[test]
    fn words_lose_case_accents_and_punctuation() {
        for (text, expected) in [
            ("The Mayor\u{2019}s Café!", vec!["the", "mayors", "cafe"]),
            ("Kőbánya – Łódź, Straße", vec!["kobanya", "lodz", "strasse"]),
            ("Rust 1.30.1 and async/await", vec!["rust", "1.30.1", "and", "async", "await"]),
            ("C, C++ and C#", vec!["c", "c++", "and", "c#"]),
            ("東京の春", vec!["東", "京", "の", "春"]),
            ("서울에서", vec!["서", "울", "에", "서"]),
            ("ＮＥＷＳ １２", vec!["news", "12"]),
            ("Ελλάδας ΟΔΟΣ", vec!["ελλαδασ", "οδοσ"]),
            ("مُحَمَّد", vec!["محمد"]),
            ("हिन्दी", vec!["हिन्दी"]),
            ("a#\u{11127} a++\u{11720}", vec!["a", "#\u{11127}", "a", "+\u{11720}"]),
            ("\u{1f600} --- \"", vec![]),
        ] {
            assert_eq!(folded_words(text), expected, "{text}");
        }
        assert_eq!(words("l'avenir snake_case 1.30")[0].parts, ["avenir"]);
        assert_eq!(words("l'avenir snake_case 1.30")[1].parts, ["snake", "case"]);
        assert!(words("l'avenir snake_case 1.30")[2].parts.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn words_are_those_of_unicode(
            text in "([a-z0-9]{0,3}[ .,'’_:\"\n\t-]?|[\\p{L}\\p{N}\\p{P}\\p{S}]\\p{M}?){0,40}",
        ) {
            // These marks of Japanese are letters, and join a space before them.
            proptest::prop_assume!(!text.contains(['\u{ff9e}', '\u{ff9f}']));
            let mut found = Vec::new();
            each_word(&text, |at, word| found.push((at, word)));
            assert_eq!(found, text.unicode_word_indices().collect::<Vec<_>>());
        }

        #[test]
        fn words_of_any_text_are_in_it_and_in_order(text in ".{0,200}") {
            let mut end = 0;
            for word in words(&text) {
                assert!(word.range.start >= end && text.get(word.range.clone()).is_some());
                assert!(!word.folded.is_empty());
                end = word.range.end;
            }
        }
    }
}
