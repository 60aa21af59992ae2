//! Texts of one line: headlines, summaries and names.

use std::sync::LazyLock;

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use unicode_segmentation::UnicodeSegmentation as _;

static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options
});

/// Text that is read, in bytes; the rest of a longer one is cut.
const MAX_BYTES: usize = 16 * 1024;
/// Elements whose tags are left out. Others may be meant as text, as in `Vec<T>`.
const ELEMENTS: [&str; 29] = [
    "a", "abbr", "b", "bdi", "big", "br", "center", "cite", "code", "del", "div", "em", "font",
    "i", "img", "ins", "kbd", "mark", "p", "q", "s", "small", "span", "strong", "sub", "sup", "u",
    "var", "wbr",
];
const BREAKS: [&str; 4] = ["br", "div", "p", "wbr"];

/// Returns Markdown or HTML as plain text of one line.
pub(super) fn plain_text(text: &str) -> String {
    // A word before it, so that a number or a dash at the beginning makes no list.
    let line = one_line(&format!("x {}", up_to(text, MAX_BYTES)));
    let arena = Arena::new();
    let document = parse_document(&arena, &line, &OPTIONS);
    let plain = of_nodes(document);
    one_line(plain.strip_prefix('x').unwrap_or(&plain))
}

/// Returns a headline without the marks of code, the tags and the entities that it may have.
/// Stars and underscores stay, which a name may have.
pub(super) fn plain_headline(text: &str) -> String {
    let text = up_to(text, MAX_BYTES).replace('`', "");
    if !text.contains(['<', '&']) {
        return one_line(&text);
    }
    let escaped: String = text
        .chars()
        .flat_map(|c| {
            let is_mark = c.is_ascii_punctuation()
                && !matches!(c, '<' | '>' | '&' | '#' | ';' | '/' | '"' | '\'' | '=' | '-');
            is_mark.then_some('\\').into_iter().chain(std::iter::once(c))
        })
        .collect();
    plain_text(&escaped)
}

fn of_nodes<'a>(document: &'a AstNode<'a>) -> String {
    let mut text = String::new();
    let mut hidden_until = None;
    for node in document.descendants() {
        if let Some(image) = hidden_until {
            if node.ancestors().any(|above| std::ptr::eq(above, image)) {
                continue;
            }
            hidden_until = None;
        }
        match &node.data().value {
            NodeValue::Text(words) => text.push_str(words),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::HtmlInline(tag) | NodeValue::Raw(tag) => push_unless_element(&mut text, tag),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            // The text alternative of a picture says nothing without it.
            NodeValue::Image(_) => hidden_until = Some(node),
            _ => {}
        }
    }
    text
}

fn push_unless_element(text: &mut String, tag: &str) {
    let name = tag.trim_start_matches(['<', '/']);
    let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    if BREAKS.contains(&name.as_str()) {
        text.push(' ');
    } else if !ELEMENTS.contains(&name.as_str()) && !tag.starts_with("<!") {
        text.push_str(tag);
    }
}

/// Joins words by single spaces, and drops what would make a line illegal: control characters and
/// those that override the direction of text.
pub(super) fn one_line(text: &str) -> String {
    let is_dropped = |c: char| {
        matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{ad}' | '\u{200b}')
            || (c.is_control() && !c.is_whitespace())
    };
    let text: String = text.chars().filter(|c| !is_dropped(*c)).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cuts a text after at most `max` characters, at a grapheme and if possible after a word, and ends
/// it with an ellipsis. Returns whether it was cut.
pub(super) fn shorten(text: &mut String, max: usize) -> bool {
    if text.chars().count() <= max {
        return false;
    }
    let mut characters = 0;
    let mut end = 0;
    for grapheme in text.graphemes(true) {
        characters += grapheme.chars().count();
        if characters >= max {
            break;
        }
        end += grapheme.len();
    }
    let kept = text.get(..end).unwrap_or_default();
    // A word is not worth a third of the text.
    let at_word = kept.rfind(char::is_whitespace).filter(|at| at.saturating_mul(3) > end * 2);
    let kept = kept.get(..at_word.unwrap_or(end)).unwrap_or_default();
    *text = format!("{}\u{2026}", kept.trim_end_matches([',', ';', ':', '.', ' ']));
    true
}

fn up_to(text: &str, max: usize) -> &str {
    let mut end = max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markdown_and_html_become_plain_text() {
        assert_eq!(plain_text("A *new* [bridge](/x) is `open`"), "A new bridge is open");
        assert_eq!(plain_text("<p>One<br>two &amp; <b>three</b></p>"), "One two & three");
        assert_eq!(plain_text("![alt](x.png) 1. First\n- second"), "1. First - second");
        assert_eq!(plain_text("1. First"), "1. First");
        assert_eq!(plain_text("Use Vec<T> here"), "Use Vec<T> here");
    }

    #[test]
    fn a_headline_keeps_what_may_belong_to_a_name() {
        assert_eq!(plain_headline("The `__init__` of C# & *more*"), "The __init__ of C# & *more*");
        assert_eq!(plain_headline("AT&amp;T: a <em>new</em> [plan]"), "AT&T: a new [plan]");
        assert_eq!(plain_headline("Option<T> and Vec<u8>"), "Option<T> and Vec<u8>");
        assert_eq!(plain_headline("1. Begin\u{202e}ning"), "1. Beginning");
    }

    #[test]
    fn a_long_text_is_cut_at_a_grapheme_with_an_ellipsis() {
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
        let mut text = family.repeat(100);
        assert!(shorten(&mut text, 52));
        assert_eq!(text, format!("{}\u{2026}", family.repeat(10)));
        let mut text = "word ".repeat(20);
        assert!(shorten(&mut text, 33));
        assert_eq!(text, "word word word word word word\u{2026}");
        let mut text = "橋".repeat(30);
        assert!(shorten(&mut text, 20));
        assert_eq!(text, format!("{}\u{2026}", "橋".repeat(19)));
        let mut text = "short".to_owned();
        assert!(!shorten(&mut text, 5));
    }

    proptest! {
        #[test]
        fn any_text_becomes_one_line_within_the_limit(text in "\\PC{0,300}", max in 2_usize..200) {
            let mut line = plain_text(&text);
            prop_assert!(!line.contains('\n'));
            shorten(&mut line, max);
            prop_assert!(line.chars().count() <= max);
            let _ = plain_headline(&text);
        }
    }
}
