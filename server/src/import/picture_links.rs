//! The places of a body that name pictures.

use std::ops::Range;
use std::sync::LazyLock;

use regex_lite::Regex;

use crate::import::code::code_ranges;

static DEFINITION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^ {0,3}\[[^\]\n]+\]:[ \t]*<?([^\s<>]+)").ok());
static ELEMENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)<(img|a)\s(?:[^<>"']|"[^"]*"|'[^']*')*>"#).ok());
static ATTRIBUTE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?ix)\s(src|data-src|data-lazy-src|data-original|href)\s*=\s*
        (?:"\s*([^"]*)"|'\s*([^']*)'|([^\s"'<>]+))"#,
    )
    .ok()
});

/// Endings of the names of pictures, those included that cannot be used.
const ENDINGS: [&str; 13] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "svg", "avif", "bmp", "tif", "tiff", "heic",
];
/// Length of the text of a link that is searched for its beginning, in bytes.
const MAX_TEXT_BYTES: usize = 2_000;

/// A URL in a body that may name a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PictureLink {
    /// Place of the URL.
    pub(crate) range: Range<usize>,
    /// The URL, without the escapes of Markdown and HTML.
    pub(crate) url: String,
    /// `true` for a picture that is shown; a link to one may lead elsewhere.
    pub(crate) is_shown: bool,
}

/// Finds the pictures of a body, and the links to files of pictures, in their order.
pub(crate) fn picture_links(body: &str) -> Vec<PictureLink> {
    let mut links = Vec::new();
    inline(body, &mut links);
    if body.contains("]:") {
        definitions(body, &mut links);
    }
    if body.contains('<') {
        elements(body, &mut links);
    }
    if links.is_empty() {
        return links;
    }
    let code = code_ranges(body);
    links.retain(|link| {
        let before = code.partition_point(|range| range.start <= link.range.start);
        let last = before.checked_sub(1).and_then(|at| code.get(at));
        last.is_none_or(|range| range.end <= link.range.start)
    });
    links.sort_by_key(|link| link.range.start);
    let mut end = 0;
    links.retain(|link| {
        let is_free = link.range.start >= end;
        end = end.max(link.range.end);
        is_free
    });
    links
}

/// Replaces URLs. The places are in their order.
pub(crate) fn with_urls(body: &str, urls: &[(Range<usize>, String)]) -> String {
    let mut changed = String::with_capacity(body.len());
    let mut at = 0;
    for (range, url) in urls {
        changed.push_str(body.get(at..range.start).unwrap_or_default());
        changed.push_str(url);
        at = range.end;
    }
    changed.push_str(body.get(at..).unwrap_or_default());
    changed
}

fn inline(body: &str, links: &mut Vec<PictureLink>) {
    for (at, _) in body.match_indices("](") {
        let Some(range) = destination(body, at + 2) else { continue };
        let url = unescaped(body.get(range.clone()).unwrap_or_default());
        let is_shown = is_picture(body, at);
        if !url.is_empty() && (is_shown || has_picture_ending(&url)) {
            links.push(PictureLink { range, url, is_shown });
        }
    }
}

fn definitions(body: &str, links: &mut Vec<PictureLink>) {
    let Some(pattern) = DEFINITION.as_ref() else { return };
    for found in pattern.captures_iter(body) {
        let Some(url) = found.get(1).filter(|url| has_picture_ending(url.as_str())) else {
            continue;
        };
        let range = url.range();
        links.push(PictureLink { range, url: unescaped(url.as_str()), is_shown: true });
    }
}

fn elements(body: &str, links: &mut Vec<PictureLink>) {
    let (Some(element), Some(attribute)) = (ELEMENT.as_ref(), ATTRIBUTE.as_ref()) else { return };
    for found in element.captures_iter(body) {
        let (Some(tag), Some(name)) = (found.get(0), found.get(1)) else { continue };
        let is_shown = name.as_str().eq_ignore_ascii_case("img");
        let mut urls = attribute.captures_iter(tag.as_str()).filter_map(|found| {
            let is_link = found.get(1)?.as_str().eq_ignore_ascii_case("href");
            let url = (2..5).find_map(|part| found.get(part))?;
            let text = url.as_str().trim_end();
            // The first one that can be shown counts, as for readers.
            let is_usable = !text.is_empty() && !text.starts_with("data:") && is_link != is_shown;
            let start = tag.start() + url.start();
            is_usable.then(|| (start..start + text.len(), text.replace("&amp;", "&")))
        });
        if let Some((range, url)) = urls.next()
            && (is_shown || has_picture_ending(&url))
        {
            links.push(PictureLink { range, url, is_shown });
        }
    }
}

/// Returns the place of the URL that begins at `at`, after the parenthesis of a link.
fn destination(body: &str, at: usize) -> Option<Range<usize>> {
    let rest = body.get(at..)?;
    let start = at + rest.len() - rest.trim_start().len();
    let rest = body.get(start..)?;
    if let Some(inner) = rest.strip_prefix('<') {
        let end = inner.find(['>', '\n', '<'])?;
        return inner.get(end..)?.starts_with('>').then_some(start + 1..start + 1 + end);
    }
    let mut depth = 0_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(start..start + at),
            ')' => depth -= 1,
            c if c.is_whitespace() => return Some(start..start + at),
            _ => {}
        }
    }
    None
}

/// Returns whether the bracket that closes at `end` belongs to a picture, not to a link.
fn is_picture(body: &str, end: usize) -> bool {
    let text = body.get(..end).unwrap_or_default();
    let start = text.floor_char_boundary(text.len().saturating_sub(MAX_TEXT_BYTES));
    let mut depth = 0_usize;
    for (at, c) in text.get(start..).unwrap_or_default().char_indices().rev() {
        match c {
            ']' => depth += 1,
            '[' if depth == 0 => {
                return text.get(..start + at).is_some_and(|before| before.ends_with('!'));
            }
            '[' => depth -= 1,
            _ => {}
        }
    }
    false
}

fn has_picture_ending(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}

/// Removes the escapes of Markdown and HTML.
fn unescaped(url: &str) -> String {
    let mut plain = String::with_capacity(url.len());
    let mut characters = url.chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\\' && characters.peek().is_some_and(char::is_ascii_punctuation) {
            continue;
        }
        plain.push(c);
    }
    plain.replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn urls(body: &str) -> Vec<String> {
        let mark = |shown: bool| if shown { "" } else { "link " };
        let links = picture_links(body).into_iter();
        links.map(|link| format!("{}{}", mark(link.is_shown), link.url)).collect()
    }

    #[test]
    fn pictures_are_found_in_markdown_and_html() {
        for (body, expected) in [
            ("![A](a.png) ![B]( /b%20c.jpg \"t\")", vec!["a.png", "/b%20c.jpg"]),
            ("![A [b]](<a b.png>) ![](x_(1).png)", vec!["a b.png", "x_(1).png"]),
            ("[![A](a.png)](A.JPG) [x](y.html)", vec!["a.png", "link A.JPG"]),
            ("![A](photo?size=1&amp;x)", vec!["photo?size=1&x"]),
            ("![A][a]\n\n[a]: img/a.webp 'T'\n[b]: b.html", vec!["img/a.webp"]),
            ("<img alt='>' src='a.png'><IMG src=b.png width=1>", vec!["a.png", "b.png"]),
            ("<img src=\"data:x\" data-src=\"/a.png?x&amp;y\">", vec!["/a.png?x&y"]),
            ("<a href=\"a.jpg\"><img src=\"b.jpg\"></a>", vec!["link a.jpg", "b.jpg"]),
            ("`![A](a.png)`\n\n```\n![A](a.png)\n```\n<pre><img src=\"a.png\"></pre>", vec![]),
            ("![A](a\\_b.png)", vec!["a_b.png"]),
            ("![A]() ![A](<a", vec![]),
        ] {
            assert_eq!(urls(body), expected, "{body}");
        }
    }

    #[test]
    fn only_the_urls_are_replaced() {
        let body = "![A](<a b.png> \"t\") `![](c.png)` <img src='d.png' alt=\"é\">.";
        let links = picture_links(body).into_iter();
        let urls: Vec<_> = links.map(|link| (link.range, "/x".to_owned())).collect();
        let expected = "![A](</x> \"t\") `![](c.png)` <img src='/x' alt=\"é\">.";
        assert_eq!(with_urls(body, &urls), expected);
    }

    proptest! {
        #[test]
        fn any_text_passes(body in "([\\[\\](){}<>!/ é`\n]|a\\.png|src=|<img|\"|'|\\]:){0,40}") {
            let links = picture_links(&body).into_iter();
            let urls: Vec<_> = links.map(|link| {
                assert!(body.is_char_boundary(link.range.start) && body.is_char_boundary(link.range.end));
                (link.range.clone(), body[link.range].to_owned())
            }).collect();
            prop_assert_eq!(with_urls(&body, &urls), body);
        }
    }
}
