//! Characters that a story must not contain.

/// Returns the first character that a field of one line must not contain: a control character, or
/// one that changes the direction of the text after it, so that a page reads differently from its
/// source. Line breaks and tabs become spaces elsewhere.
pub(crate) fn forbidden_in_line(text: &str) -> Option<char> {
    text.chars().find(|&c| is_control(c) || is_direction_override(c))
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

/// Checks for the embeddings, overrides and isolates of UAX #9.
fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
