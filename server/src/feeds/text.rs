//! Text that XML can contain.

use std::borrow::Cow;

/// Removes the characters that XML 1.0 forbids, even escaped (§2.2). Nobody sees them.
pub(super) fn allowed(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_allowed) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|c| is_allowed(*c)).collect())
}

fn is_allowed(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        // The other controls are allowed, but discouraged.
        _ => !character.is_control(),
    }
}

/// Escapes plain text, so that it can be read as HTML.
pub(super) fn html_of(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            _ => html.push(character),
        }
    }
    html
}
