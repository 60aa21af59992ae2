//! Finding the parts of HTML and XML.

use super::scanner::Write;
use super::token::Kind;

/// Returns whether a language is HTML, XML or close to them.
pub(super) fn is_markup(language: &str) -> bool {
    matches!(
        language,
        "html"
            | "xml"
            | "svg"
            | "vue"
            | "svelte"
            | "astro"
            | "xhtml"
            | "rss"
            | "atom"
            | "plist"
            | "markup"
            | "erb"
            | "jinja"
            | "liquid"
            | "hbs"
    )
}

/// Finds the tags, attributes and comments.
pub(super) fn scan_markup(code: &str, write: Write<'_>) {
    let mut rest = code;
    while !rest.is_empty() {
        let (part, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        if !write(Kind::Plain, part) {
            return;
        }
        let is_comment = after.starts_with("<!--");
        let end = after.find(if is_comment { "-->" } else { ">" });
        let end = end.map_or(after.len(), |end| end + if is_comment { 3 } else { 1 });
        let (tag, after) = after.split_at(end);
        if is_comment {
            if !write(Kind::Comment, tag) {
                return;
            }
        } else {
            scan_tag(tag, write);
        }
        rest = after;
    }
}

fn scan_tag(tag: &str, write: Write<'_>) {
    let name = tag.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(tag.len());
    let (name, mut rest) = tag.split_at(name);
    let mut go_on = write(Kind::Keyword, name);
    while go_on && !rest.is_empty() {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (kind, length) = match quote {
            Some(quote) => {
                let end = rest.get(1..).and_then(|after| after.find(quote));
                (Kind::Text, end.map_or(rest.len(), |end| end + 2))
            }
            None if rest.starts_with(is_mark) => {
                (Kind::Plain, rest.find(|c| !is_mark(c)).unwrap_or(rest.len()))
            }
            None => {
                let end = rest.find(|c| is_mark(c) || matches!(c, '"' | '\''));
                (Kind::Name, end.unwrap_or(rest.len()))
            }
        };
        let (part, after) = rest.split_at(length.max(1).min(rest.len()));
        go_on = write(kind, part);
        rest = after;
    }
}

fn is_mark(c: char) -> bool {
    c.is_whitespace() || matches!(c, '=' | '>' | '/' | '?')
}
