//! Reading the HTML that the sanitizer has written.
//!
//! It is regular: each tag is closed, each value is in double quotes, and a `<` outside a value
//! begins a tag.

use std::borrow::Cow;

/// A part of clean HTML.
#[derive(Clone, Copy, Debug)]
pub(super) enum Piece<'a> {
    /// Text, with its characters escaped.
    Text(&'a str),
    /// Start tag.
    Open(Tag<'a>),
    /// Name of an end tag.
    Close(&'a str),
}

/// A start tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// Returns the names and the escaped values of the attributes.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            let (name, after) = rest.split_once("=\"")?;
            let (value, after) = after.split_once('"')?;
            rest = after;
            Some((name.trim_start(), value))
        })
    }

    /// Returns the value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        self.attributes().find(|(own, _)| *own == name).map(|(_, value)| unescape(value))
    }

    /// Returns whether the tag has this class.
    pub(super) fn has_class(&self, class: &str) -> bool {
        self.attributes()
            .any(|(name, value)| name == "class" && value.split(' ').any(|own| own == class))
    }
}

/// Returns the parts of clean HTML.
pub(super) fn pieces(html: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        let Some(tag) = rest.strip_prefix('<') else {
            let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            rest = after;
            return (!text.is_empty()).then_some(Piece::Text(text));
        };
        let (tag, after) = tag.split_at(tag_length(tag));
        rest = after.strip_prefix('>').unwrap_or(after);
        Some(if let Some(name) = tag.strip_prefix('/') {
            Piece::Close(name)
        } else {
            let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
            Piece::Open(Tag { name, attributes })
        })
    })
}

/// Returns the length of a tag up to its `>`.
fn tag_length(tag: &str) -> usize {
    let mut is_quoted = false;
    let end = tag.bytes().position(|byte| {
        is_quoted ^= byte == b'"';
        byte == b'>' && !is_quoted
    });
    end.unwrap_or(tag.len())
}

/// Replaces the entities that the sanitizer writes by their characters.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    Cow::Owned(text.replace("&nbsp;", "\u{a0}").replace("&amp;", "&"))
}

/// Appends a text or a value of an attribute, with its characters escaped.
pub(super) fn push_escaped(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\u{a0}' => html.push_str("&nbsp;"),
            _ => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_texts_and_values_are_found() {
        let html = "a &lt; b<p title=\"x > &quot;y&quot;\" lang=\"de\">c<br></p>";
        let found: Vec<String> = pieces(html)
            .map(|piece| match piece {
                Piece::Text(text) => unescape(text).into_owned(),
                Piece::Close(name) => format!("/{name}"),
                Piece::Open(tag) => {
                    format!("{} {:?}", tag.name, tag.attribute("title").unwrap_or_default())
                }
            })
            .collect();
        assert_eq!(found, ["a < b", "p \"x > \\\"y\\\"\"", "c", "br \"\"", "/p"]);
    }
}
