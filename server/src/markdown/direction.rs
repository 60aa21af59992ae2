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

/// Numbers of letters of a text.
#[derive(Clone, Copy, Default)]
struct Letters {
    left_to_right: usize,
    right_to_left: usize,
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut letters = Self::default();
        for c in text.chars() {
            letters.right_to_left += usize::from(is_right_to_left(c));
            letters.left_to_right += usize::from(!is_right_to_left(c) && c.is_alphabetic());
        }
        letters
    }

    fn add(&mut self, other: Self) {
        self.left_to_right += other.left_to_right;
        self.right_to_left += other.right_to_left;
    }

    /// Returns the direction; empty for that of the text around it. A text that quotes a few words
    /// of a right-to-left script can be of either direction: the language of the story says which.
    fn direction(self) -> &'static str {
        match self {
            Self { left_to_right, right_to_left } if right_to_left > left_to_right => "rtl",
            Self { right_to_left: 0, left_to_right: 1.. } => "ltr",
            _ => "",
        }
    }
}

/// A block that is open.
struct Open<'a> {
    name: &'a str,
    index: usize,
    letters: Letters,
    /// It has the direction of its list, at whose side the list has room for the bullets.
    follows_list: bool,
}

/// Returns the value of `dir` for each block of clean HTML, in order; empty for none.
///
/// None has one in a body without letters of a right-to-left script: the page says its direction.
/// Most letters count and not the first one, because a text can begin with a name in another script.
pub(super) fn directions(html: &str) -> Vec<&'static str> {
    if !html.chars().any(is_right_to_left) {
        return Vec::new();
    }
    let mut directions = Vec::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    // Titles of notes are in English.
    let mut in_title = false;
    for piece in pieces(html) {
        match piece {
            Piece::Open(tag) if is_block(tag.name) => {
                let in_item = open.last().is_some_and(|parent| parent.name == "li");
                in_title = tag.has_class("markdown-alert-title");
                open.push(Open {
                    name: tag.name,
                    index: directions.len(),
                    letters: Letters::default(),
                    follows_list: tag.name == "li" || (tag.name == "p" && in_item),
                });
                directions.push(if in_title { "ltr" } else { "" });
            }
            Piece::Close(name) if is_block(name) => {
                in_title = false;
                let Some(block) = open.pop() else { continue };
                if let Some(parent) = open.last_mut() {
                    parent.letters.add(block.letters);
                }
                let direction = block.letters.direction();
                if let Some(own) = directions.get_mut(block.index)
                    && !block.follows_list
                    && !direction.is_empty()
                {
                    *own = direction;
                }
            }
            Piece::Text(text) if !in_title => {
                if let Some(block) = open.last_mut() {
                    block.letters.add(Letters::of(&unescape(text)));
                }
            }
            Piece::Text(_) | Piece::Open(_) | Piece::Close(_) => {}
        }
    }
    directions
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
    fn most_letters_of_a_block_give_its_direction() {
        for (html, direction) in [
            ("<p>NASA أعلنت الوكالة</p>", "rtl"),
            ("<p>قال: I will.</p>", ""),
            ("<p>The word أهلا means hello.</p>", ""),
            ("<p>أهلا</p>", "rtl"),
        ] {
            assert_eq!(directions(html), [direction], "{html}");
        }
        assert_eq!(directions("<p>فتح</p><p>Open.</p><p>12…</p>"), ["rtl", "ltr", ""]);
    }

    #[test]
    fn blocks_of_blocks_get_the_direction_of_most_letters_in_them() {
        let html = "<blockquote><p>a</p></blockquote><blockquote><p>NASA</p><p>أعلنت الوكالة</p></blockquote>";
        assert_eq!(directions(html), ["ltr", "ltr", "rtl", "ltr", "rtl"]);
    }

    #[test]
    fn items_have_the_direction_of_their_list() {
        let html =
            "<ul><li>NASA</li><li><p>b</p><p>الوكالة الوطنية</p></li></ul><ol><li>ab</li></ol>";
        assert_eq!(directions(html), ["rtl", "", "", "", "", "ltr", ""]);
    }

    #[test]
    fn titles_of_notes_are_english() {
        let html = "<div><p class=\"markdown-alert-title\">Note</p><p>نعم</p></div>";
        assert_eq!(directions(html), ["rtl", "ltr", "rtl"]);
    }
}
