//! Things that an editor may have forgotten in a rendered body.

use super::scan::{Piece, pieces, unescape};

/// Maximum number of pictures and of links that are listed.
const MAX_LISTED: usize = 200;
/// Elements that do not end a word.
const INLINE: [&str; 16] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "del", "em", "i", "ins", "mark", "small", "span",
    "strong", "sub", "sup",
];

/// Parts of a rendered body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Inspection {
    /// The text without code.
    pub(crate) text: String,
    /// Targets of the links, each once.
    pub(crate) links: Vec<String>,
    /// Sources of the pictures, each once.
    pub(crate) pictures: Vec<String>,
    /// Sources of the pictures without a text alternative.
    pub(crate) pictures_without_alt: Vec<String>,
}

/// Inspects the HTML of a rendered body.
pub(crate) fn inspect(html: &str) -> Inspection {
    let mut found = Inspection::default();
    let mut code = 0_usize;
    for piece in pieces(html) {
        match piece {
            Piece::Text(text) if code == 0 => found.text.push_str(&unescape(text)),
            Piece::Text(_) => {}
            Piece::Open(tag) => {
                match tag.name {
                    "code" | "pre" | "kbd" | "samp" => code += 1,
                    "a" => {
                        let target = tag.attribute("href").map(String::from);
                        add(&mut found.links, target.filter(|it| !it.starts_with('#')));
                    }
                    "img" => {
                        let alt = tag.attribute("alt").unwrap_or_default();
                        let source = tag.attribute("src").map(String::from);
                        add(&mut found.pictures, source.clone());
                        let source = source.filter(|_| alt.trim().is_empty());
                        add(&mut found.pictures_without_alt, source);
                    }
                    _ => {}
                }
                found.end_word(tag.name);
            }
            Piece::Close(name) => {
                if matches!(name, "code" | "pre" | "kbd" | "samp") {
                    code = code.saturating_sub(1);
                }
                found.end_word(name);
            }
        }
    }
    found
}

impl Inspection {
    fn end_word(&mut self, element: &str) {
        if !INLINE.contains(&element) {
            self.text.push('\n');
        }
    }
}

fn add(list: &mut Vec<String>, value: Option<String>) {
    if let Some(value) = value
        && list.len() < MAX_LISTED
        && !list.contains(&value)
    {
        list.push(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_links_and_pictures_are_found() {
        let html = "<p>One <em>T</em>wo <code>TK</code></p>\
            <p><a href=\"/news/a?x=1&amp;y=2\">a</a> <a href=\"#b\">b</a>\
            <img src=\"/images/1.png\" alt=\"\"><img src=\"/images/2.png\" alt=\"Two\"></p>";
        let found = inspect(html);
        assert!(found.text.contains("One Two ") && !found.text.contains("TK"), "{}", found.text);
        assert_eq!(found.links, ["/news/a?x=1&y=2"]);
        assert_eq!(found.pictures, ["/images/1.png", "/images/2.png"]);
        assert_eq!(found.pictures_without_alt, ["/images/1.png"]);
    }
}
