//! Plain-text excerpts.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, parse_document};

use super::line_depth;
use super::options::OPTIONS;

/// Maximum length of an excerpt, in characters.
const MAX_LENGTH: usize = 220;

/// Returns the first paragraph as plain text, cut between words if it is long.
///
/// Empty for a body that cannot be rendered.
pub(crate) fn excerpt(markdown: &str) -> String {
    if line_depth::check(markdown).is_err() {
        return String::new();
    }
    let arena = Arena::new();
    excerpt_of(parse_document(&arena, markdown, &OPTIONS))
}

/// Returns the excerpt of a parsed document.
pub(super) fn excerpt_of<'a>(document: &'a AstNode<'a>) -> String {
    let paragraphs =
        document.children().filter(|node| matches!(node.data().value, NodeValue::Paragraph));
    paragraphs.map(plain_text).find(|text| !text.is_empty()).map_or_else(String::new, shorten)
}

fn plain_text<'a>(node: &'a AstNode<'a>) -> String {
    let mut text = String::new();
    for node in node.descendants() {
        match &node.data().value {
            NodeValue::Text(words) => text.push_str(words),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            _ => {}
        }
    }
    // A summary must not override the direction of the text around it.
    text.retain(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shorten(text: String) -> String {
    if text.chars().count() <= MAX_LENGTH {
        return text;
    }
    let cut: String = text.chars().take(MAX_LENGTH).collect();
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{}\u{2026}", words.trim_end_matches([',', ';', ':', '.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_the_first_paragraph_as_plain_text() {
        assert_eq!(
            excerpt("## Title\n\nSome *plain* `words`\n[here](/x).\n\nMore"),
            "Some plain words here."
        );
        let long = "word ".repeat(100);
        let short = excerpt(&long);
        assert!(short.chars().count() <= MAX_LENGTH && short.ends_with("word\u{2026}"));
    }
}
