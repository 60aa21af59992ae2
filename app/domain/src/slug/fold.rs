//! The characters of slugs: what a text becomes in a URL.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Returns the words of a text, in lower case and composed (NFC), with a hyphen between them.
///
/// Letters and digits of every script are kept; Latin letters lose their accents by the canonical
/// decomposition (UAX #15). Apostrophes are dropped, all other characters separate words.
pub(crate) fn words(text: &str) -> String {
    let mut words = String::new();
    for character in text.to_lowercase().nfd() {
        match Kind::of(character) {
            Kind::Latin(spelling) => words.push_str(spelling),
            Kind::Other => words.push(character),
            Kind::Mark if words.chars().next_back().is_some_and(takes_marks) => {
                words.push(character);
            }
            Kind::Dropped | Kind::Mark => {}
            Kind::Separator if words.is_empty() || words.ends_with('-') => {}
            Kind::Separator => words.push('-'),
        }
    }
    words.truncate(words.trim_end_matches('-').len());
    words.nfc().collect()
}

enum Kind {
    /// A Latin letter or an ASCII digit, as written in ASCII.
    Latin(&'static str),
    /// A letter or digit of another script.
    Other,
    /// A combining mark: an accent, or a vowel of a script that writes them so.
    Mark,
    /// An apostrophe, or an invisible character.
    Dropped,
    Separator,
}

impl Kind {
    fn of(character: char) -> Self {
        const ASCII: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
        if let Some(at) = ASCII.find(character) {
            return ASCII.get(at..=at).map_or(Self::Separator, Self::Latin);
        }
        match character {
            // Letters that the decomposition leaves whole.
            'æ' => Self::Latin("ae"),
            'ð' | 'đ' => Self::Latin("d"),
            'ı' => Self::Latin("i"),
            'ł' => Self::Latin("l"),
            'ø' => Self::Latin("o"),
            'œ' => Self::Latin("oe"),
            'ß' => Self::Latin("ss"),
            'þ' => Self::Latin("th"),
            '\'' | '\u{2019}' | '\u{2bc}' | '\u{5f3}' | '\u{5f4}' => Self::Dropped,
            _ if is_default_ignorable(character) => Self::Dropped,
            _ if is_combining_mark(character) => Self::Mark,
            _ if character.is_alphanumeric() => Self::Other,
            _ => Self::Separator,
        }
    }
}

/// Checks whether a mark after this character belongs to a letter that keeps its marks.
fn takes_marks(before: char) -> bool {
    !before.is_ascii()
}

/// Soft hyphen, joiners and selectors that change how the character before them looks. The
/// zero-width non-joiner is not one of them: in Persian it separates parts of a word.
fn is_default_ignorable(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200d}'
        | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0100}'..='\u{e01ef}')
}
