//! Cutting text to a length.

use gazette_domain::is_unspaced;
use unicode_segmentation::UnicodeSegmentation as _;

/// Maximum length of a summary, in characters.
const MAX_CHARACTERS: usize = 500;
/// A cut text keeps at least this share of its length, even if it is cut within a word then.
const MIN_KEPT: (usize, usize) = (3, 4);

/// Returns a text with at most this many graphemes (what readers see as one character), and at
/// most as many characters as a summary may have. A cut text ends with an ellipsis.
///
/// Cuts between words where the script puts spaces between them, else between graphemes.
pub(super) fn shorten(text: &str, max_graphemes: usize) -> String {
    let text = text.trim();
    if text.chars().count() <= MAX_CHARACTERS.min(max_graphemes) {
        return text.to_owned();
    }
    let (mut ends, mut characters) = (Vec::new(), 0);
    for (start, grapheme) in text.grapheme_indices(true) {
        characters += grapheme.chars().count();
        if ends.len() > max_graphemes || characters > MAX_CHARACTERS {
            break;
        }
        ends.push(start + grapheme.len());
    }
    if ends.len() <= max_graphemes && ends.last() == Some(&text.len()) {
        return text.to_owned();
    }
    // One grapheme and one character are left for the ellipsis.
    ends.truncate(ends.len().saturating_sub(1).min(max_graphemes.saturating_sub(1)));
    let end = ends.last().copied().unwrap_or(0);
    let least = ends.get(ends.len() * MIN_KEPT.0 / MIN_KEPT.1).copied().unwrap_or(0);
    let (kept, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let kept =
        kept.get(..word_end(kept, rest)).filter(|words| words.len() >= least).unwrap_or(kept);
    let is_mark = |c: char| c.is_whitespace() || ",;:.-–—、。，．；：・،؛।".contains(c);
    format!("{}\u{2026}", kept.trim_end_matches(is_mark))
}

/// Returns the end of the last whole word of a text that goes on with `rest`.
fn word_end(text: &str, rest: &str) -> usize {
    let is_border = |c: char| c.is_whitespace() || is_unspaced(c);
    if rest.starts_with(is_border) {
        return text.len();
    }
    let last = text.char_indices().rev().find(|(_, c)| is_border(*c));
    last.map_or(0, |(start, c)| start + c.len_utf8())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_whole_where_the_script_has_spaces() {
        assert_eq!(shorten("One two, three four", 12), "One two…");
        assert_eq!(shorten("다리가 어제 개통되었다", 8), "다리가 어제…");
        assert_eq!(shorten("short", 5), "short");
    }

    #[test]
    fn scripts_without_spaces_are_cut_between_graphemes() {
        let japanese = format!("東京 {}", "橋は昨日開通した".repeat(100));
        let short = shorten(&japanese, 220);
        assert_eq!(short.graphemes(true).count(), 220, "{short}");
        let thai = "ภาษาไทย".repeat(200);
        let short = shorten(&thai, 220);
        assert!((200..=220).contains(&short.graphemes(true).count()), "{short}");
        assert!(thai.starts_with(short.trim_end_matches('…')));
    }

    #[test]
    fn no_grapheme_is_cut() {
        let families = "family 👨‍👩‍👧‍👦 ".repeat(60);
        let short = shorten(&families, 500);
        assert!(short.chars().count() <= 500 && short.ends_with("…"), "{short}");
        assert!(short.trim_end_matches('…').trim_end().ends_with(['y', '👦']), "{short}");
    }

    proptest! {
        #[test]
        fn a_text_is_kept_or_is_within_the_limit(text in "\\PC{0,300}|[a橋่ ]{0,300}", max in 1..250_usize) {
            let short = shorten(&text, max);
            prop_assert!(short.graphemes(true).count() <= max);
            prop_assert!(short.chars().count() <= MAX_CHARACTERS);
            prop_assert!(text.trim().starts_with(short.trim_end_matches('…').trim_end()) || short == text.trim());
        }
    }
}
