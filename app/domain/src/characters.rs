//! Characters that a story must not contain.

/// Returns the first character that a field of one line must not contain: a control character, or
/// one that changes the direction of the text after it, so that a page reads differently from its
/// source. Line breaks and tabs become spaces elsewhere.
pub(crate) fn forbidden_in_line(text: &str) -> Option<char> {
    text.chars().find(|&c| is_control(c) || is_direction_override(c) || is_noncharacter(c))
}

/// Returns whether a text has a character that can be seen.
pub(crate) fn has_visible(text: &str) -> bool {
    text.chars().any(|c| !(c.is_whitespace() || c.is_control() || is_invisible(c)))
}

/// Returns the first character that a body must not contain: a control character other than a tab
/// or a line break.
pub(crate) fn forbidden_in_body(text: &str) -> Option<char> {
    text.chars().find(|&c| is_control(c))
}

/// Returns the text with line feeds as its only line breaks.
pub(crate) fn with_line_feeds(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r')
}

/// Checks for the characters that are shown as nothing alone (`Default_Ignorable_Code_Point` of Unicode 17), and
/// the empty pattern of Braille.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Checks for the characters that no text has, and for those of annotations, which no browser shows.
fn is_noncharacter(c: char) -> bool {
    let last = u32::from(c) & 0xffff;
    matches!(c, '\u{fdd0}'..='\u{fdef}' | '\u{fff9}'..='\u{fffb}')
        || matches!(last, 0xfffe | 0xffff)
}

/// Checks for the embeddings, overrides and isolates of UAX #9.
fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_invisible_characters_has_nothing_to_see() {
        for text in ["", " \t", "\u{200b}", "\u{ad}\u{2060}", "\u{2800}", "\u{3164} \u{feff}"] {
            assert!(!has_visible(text), "{text:?}");
        }
        for text in ["a", "\u{200f}א", "🏴\u{e0067}\u{e007f}", "…", "\u{301}"] {
            assert!(has_visible(text), "{text:?}");
        }
    }

    #[test]
    fn noncharacters_are_forbidden_in_a_line() {
        for c in ['\u{fffe}', '\u{10ffff}', '\u{fdd0}', '\u{fff9}', '\u{202e}', '\u{1}'] {
            assert_eq!(forbidden_in_line(&format!("a{c}b")), Some(c));
        }
        assert_eq!(forbidden_in_line("🏴\u{e0067}\u{e007f} a\u{200d}b\tc"), None);
    }
}
