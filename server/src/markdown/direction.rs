//! Direction of the text of each block.

use crate::markdown::scan::{Piece, pieces, unescape};

/// Blocks of text. Each gets its own direction, since the language of a body is not always that of
/// the page, and a body may have several.
const BLOCKS: [&str; 21] = [
    "blockquote",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ol",
    "p",
    "summary",
    "table",
    "td",
    "th",
];

/// Returns whether an element is a block of text.
pub(super) fn is_block(name: &str) -> bool {
    name == "ul" || BLOCKS.contains(&name)
}

/// A block that is open.
struct Open {
    index: usize,
    has_blocks: bool,
    direction: Option<&'static str>,
}

/// Returns the value of `dir` for each block of clean HTML, in order; empty for none.
///
/// None has one in a body without letters of a right-to-left script: the page says its direction.
/// A browser finds the direction of `auto` in the text of a block, but ignores the blocks in it
/// that have a `dir` of their own. So a block of blocks gets the direction of its first letter.
pub(super) fn directions(html: &str) -> Vec<&'static str> {
    if !html.chars().any(is_right_to_left) {
        return Vec::new();
    }
    let mut directions = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    // Titles of notes are in English.
    let mut in_title = false;
    for piece in pieces(html) {
        match piece {
            Piece::Open(tag) if is_block(tag.name) => {
                if let Some(parent) = open.last_mut() {
                    parent.has_blocks = true;
                }
                in_title = tag.has_class("markdown-alert-title");
                open.push(Open { index: directions.len(), has_blocks: false, direction: None });
                directions.push("");
            }
            Piece::Close(name) if is_block(name) => {
                in_title = false;
                let Some(block) = open.pop() else { continue };
                if let Some(direction) = directions.get_mut(block.index) {
                    *direction =
                        if block.has_blocks { block.direction.unwrap_or("") } else { "auto" };
                }
            }
            Piece::Text(text) if !in_title => {
                let unknown = open.iter_mut().rev().take_while(|block| block.direction.is_none());
                let Some(direction) = first_strong(&unescape(text)) else { continue };
                unknown.for_each(|block| block.direction = Some(direction));
            }
            Piece::Text(_) | Piece::Open(_) | Piece::Close(_) => {}
        }
    }
    directions
}

/// Returns the direction of the first letter of a text.
fn first_strong(text: &str) -> Option<&'static str> {
    text.chars().find_map(|c| match c {
        _ if is_right_to_left(c) => Some("rtl"),
        _ if c.is_alphabetic() => Some("ltr"),
        _ => None,
    })
}

/// Returns whether a character is a letter of Hebrew, Arabic or another right-to-left script.
fn is_right_to_left(c: char) -> bool {
    let is_in_script = matches!(c,
        '\u{590}'..='\u{8ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    is_in_script && !c.is_numeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_in_left_to_right_scripts_have_none() {
        assert!(directions("<p>One</p><p>橋 ١</p>").is_empty());
    }

    #[test]
    fn blocks_of_blocks_get_the_direction_of_their_first_letter() {
        let html = "<ul><li>1. נפתח</li><li>b</li></ul><blockquote><p>a</p></blockquote><p>…</p>";
        assert_eq!(directions(html), ["rtl", "auto", "auto", "ltr", "auto", "auto"]);
    }
}
