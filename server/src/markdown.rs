//! Markdown to clean HTML, and to the plain words of a first paragraph.

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Write};
use std::sync::{LazyLock, Mutex, PoisonError};

use comrak::adapters::{HeadingAdapter, HeadingMeta};
use comrak::nodes::{AstNode, NodeHeading, NodeValue, Sourcepos};
use comrak::options::Plugins;
use comrak::{Anchorizer, Arena, Options, format_html_with_plugins, parse_document};

/// The longest excerpt, in characters.
const EXCERPT_LENGTH: usize = 220;
/// Begins the ids of a story's headings.
const ID_PREFIX: &str = "s-";
/// How deep quotes, lists and HTML may be nested.
const MAX_DEPTH: usize = 100;

/// Renders the body of a story.
///
/// Whatever the Markdown or the HTML in it says, the result runs no script, loads nothing
/// from elsewhere and begins its headings at the second level, since the headline is the first.
pub(crate) fn to_html(markdown: &str) -> String {
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &OPTIONS);
    for node in root.descendants() {
        lower_heading(node);
        link_foreign_image(node);
        prefix_fragment(node);
    }
    let headings = NamedHeadings::default();
    let mut plugins = Plugins::default();
    plugins.render.heading_adapter = Some(&headings);
    let mut html = String::new();
    // Writing to a string cannot fail; an empty page would be noticed, a panic would hurt.
    let _ = format_html_with_plugins(root, &OPTIONS, &mut html, &plugins);
    CLEANER.clean(&html).to_string()
}

/// The body is nested deeper than any story, and would take a reader's server very long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("quotes, lists or HTML are nested more than {MAX_DEPTH} levels deep")]
pub(crate) struct TooDeep;

/// Refuses bodies whose nesting costs more than their length warrants.
///
/// It is an estimate on the text, made before anything is parsed: marks at the head of a line
/// open a level each, and so does an HTML element until it is closed.
pub(crate) fn check(markdown: &str) -> Result<(), TooDeep> {
    let deep_line = markdown.lines().any(|line| opened_levels(line) > MAX_DEPTH);
    if deep_line || html_depth(markdown) > MAX_DEPTH { Err(TooDeep) } else { Ok(()) }
}

/// How many quotes and list items the marks at the head of a line open.
fn opened_levels(line: &str) -> usize {
    let mut levels = 0;
    for word in line.split_whitespace() {
        let mark = word.trim_start_matches('>');
        levels += word.len() - mark.len();
        let numbered = mark.strip_suffix(['.', ')']).is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        if numbered || matches!(mark, "-" | "*" | "+") {
            levels += 1;
        } else if !mark.is_empty() {
            break;
        }
    }
    levels
}

/// How many HTML elements are open at once at the most, by tags alone.
fn html_depth(markdown: &str) -> usize {
    const CLOSED_BY_THEMSELVES: [&str; 9] =
        ["br", "hr", "img", "input", "p", "li", "td", "tr", "th"];
    let (mut depth, mut deepest) = (0_usize, 0);
    for tag in markdown.split('<').skip(1) {
        let name: String =
            tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
        let name = name.to_ascii_lowercase();
        if name.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !name.is_empty()
            && tag.contains('>')
            && !CLOSED_BY_THEMSELVES.contains(&name.trim_end_matches('/'))
        {
            depth += 1;
            deepest = deepest.max(depth);
        }
    }
    deepest
}

/// The plain words of the first paragraph, cut between words when it is long.
pub(crate) fn excerpt(markdown: &str) -> String {
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &OPTIONS);
    let paragraphs =
        root.children().filter(|node| matches!(node.data().value, NodeValue::Paragraph));
    paragraphs.map(plain_text).find(|text| !text.is_empty()).map_or_else(String::new, shorten)
}

static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    // The cleaner below decides which HTML stays, not the parser.
    options.render.r#unsafe = true;
    options
});

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .add_tags(["section", "input"])
        .add_clean_content_tags(["noscript"])
        .add_tag_attributes("h2", ["id"])
        .add_tag_attributes("h3", ["id"])
        .add_tag_attributes("h4", ["id"])
        .add_tag_attributes("h5", ["id"])
        .add_tag_attributes("h6", ["id"])
        .add_tag_attributes("input", ["checked", "disabled"])
        .add_tag_attributes("a", ["id"])
        .add_tag_attributes("li", ["id"])
        .add_allowed_classes("section", ["footnotes"])
        .add_allowed_classes("sup", ["footnote-ref"])
        .add_allowed_classes("a", ["footnote-backref"])
        .tag_attribute_values(HashMap::from([(
            "input",
            HashMap::from([("type", HashSet::from(["checkbox"]))]),
        )]))
        .set_tag_attribute_value("input", "disabled", "")
        .attribute_filter(|element, attribute, value| match (element, attribute) {
            ("img", "src") if !is_local(value) => None,
            // Where a relative address led at the old place, nothing is here.
            ("a", "href") if is_relative(value) => None,
            // Only targets within the story: an id could otherwise shadow one of the page's own.
            (_, "id") if !value.starts_with("fn") && !value.starts_with(ID_PREFIX) => None,
            _ => Some(value.into()),
        });
    cleaner
});

fn lower_heading<'a>(node: &'a AstNode<'a>) {
    if let NodeValue::Heading(NodeHeading { level, .. }) = &mut node.data_mut().value {
        *level = (*level).max(2);
    }
}

/// Headings with an id, so that links within a story find them.
#[derive(Default)]
struct NamedHeadings(Mutex<Anchorizer>);

impl HeadingAdapter for NamedHeadings {
    fn enter(
        &self,
        html: &mut dyn Write,
        heading: &HeadingMeta,
        _: Option<Sourcepos>,
    ) -> fmt::Result {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = names.anchorize(&heading.content);
        write!(html, "<h{} id=\"{ID_PREFIX}{name}\">", heading.level)
    }

    fn exit(&self, html: &mut dyn Write, heading: &HeadingMeta) -> fmt::Result {
        write!(html, "</h{}>", heading.level)
    }
}

/// Links to a heading of the story follow its id.
fn prefix_fragment<'a>(node: &'a AstNode<'a>) {
    if let NodeValue::Link(link) = &mut node.data_mut().value
        && let Some(name) = link.url.strip_prefix('#')
    {
        link.url = format!("#{ID_PREFIX}{}", name.to_lowercase());
    }
}

/// Whether an address would lead somewhere beside the story.
fn is_relative(url: &str) -> bool {
    let scheme = url.split(['/', '?', '#']).next().is_some_and(|start| start.contains(':'));
    !scheme && !url.starts_with('/') && !url.starts_with('#')
}

/// Pictures from elsewhere would tell others who reads; a link to them does not.
fn link_foreign_image<'a>(node: &'a AstNode<'a>) {
    let within_link =
        node.ancestors().skip(1).any(|above| matches!(above.data().value, NodeValue::Link(_)));
    let mut data = node.data_mut();
    let NodeValue::Image(image) = &data.value else { return };
    if is_local(&image.url) {
        return;
    }
    let link = image.clone();
    let as_text = within_link || is_relative(&link.url);
    data.value = if as_text { NodeValue::Emph } else { NodeValue::Link(link) };
}

fn is_local(url: &str) -> bool {
    // Browsers drop control characters and turn backslashes before they look.
    let odd = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
    url.starts_with('/') && !url.starts_with("//") && !url.contains(odd)
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
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shorten(text: String) -> String {
    if text.chars().count() <= EXCERPT_LENGTH {
        return text;
    }
    let cut: String = text.chars().take(EXCERPT_LENGTH).collect();
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{}\u{2026}", words.trim_end_matches([',', ';', ':', '.', ' ']))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_run_or_load_from_elsewhere_is_gone() {
        for (markdown, forbidden) in [
            ("<script>alert(1)</script>", "script"),
            ("<img src=x onerror=alert(1)>", "onerror"),
            ("[x](javascript:alert(1))", "javascript"),
            ("<a href=\"data:text/html,x\">x</a>", "data:"),
            ("<p style=\"color:red\">x</p>", "style"),
            ("<img src=\"https://elsewhere.example/x.png\">", "elsewhere"),
            ("<img src=\"//elsewhere.example/x.png\">", "elsewhere"),
            ("<iframe src=\"https://elsewhere.example\"></iframe>", "iframe"),
            ("<form action=\"/auth/logout\"><input type=\"submit\"></form>", "submit"),
            ("<li id=\"main\">x</li>", "main"),
            ("# Shouting", "<h1"),
        ] {
            let html = to_html(markdown);
            assert!(!html.contains(forbidden), "{markdown} became {html}");
        }
    }

    #[test]
    fn nesting_beyond_reason_is_refused() {
        for deep in [">".repeat(101), "- ".repeat(101), "1. ".repeat(101), "<div>".repeat(101)] {
            assert_eq!(check(&format!("Text\n\n{deep} x\n")), Err(TooDeep), "{deep}");
        }
        let table = "| a | b |\n|---|---|\n".to_owned() + &"| 1 | <b>2</b> |\n".repeat(500);
        for fine in ["-".repeat(300), "| - ".repeat(300), ">".repeat(20), "<br>".repeat(500), table]
        {
            assert_eq!(check(&fine), Ok(()), "{fine}");
        }
    }

    #[test]
    fn pictures_from_elsewhere_become_links() {
        let html = to_html("![A map](https://elsewhere.example/map.png)");
        assert!(html.contains(">A map</a>"), "{html}");
        let html = to_html("[![A map](https://elsewhere.example/map.png)](https://a.example)");
        assert!(html.contains("<em>A map</em></a>"), "{html}");
        assert!(to_html("![A map](/pictures/map.svg)").contains("<img src=\"/pictures/map.svg\""));
    }

    #[test]
    fn links_within_a_story_find_their_headings() {
        let html = to_html("[Go](#What-now)\n\n# What now\n\n## What now\n");
        assert!(
            html.contains("href=\"#s-what-now\"") && html.contains("<h2 id=\"s-what-now\">"),
            "{html}"
        );
        assert!(html.contains("<h2 id=\"s-what-now-1\">"), "{html}");
    }

    #[test]
    fn what_lay_beside_the_story_at_the_old_place_is_no_link() {
        let html = to_html("![A chart](chart.png) and [more](./other.html) and [this](/news)");
        assert!(html.contains("<em>A chart</em>") && !html.contains("other.html"), "{html}");
        assert!(html.contains("href=\"/news\""), "{html}");
        assert!(!to_html("<noscript><img src=\"x.png\"></noscript>").contains("img"));
    }

    #[test]
    fn footnotes_and_tables_survive() {
        let html = to_html("A[^1]\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[^1]: Note\n");
        for part in ["<table>", "id=\"fn-1\"", "href=\"#fn-1\"", "class=\"footnotes\""] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn an_excerpt_is_the_first_paragraph_in_plain_words() {
        assert_eq!(
            excerpt("## Title\n\nSome *plain* `words`\n[here](/x).\n\nMore"),
            "Some plain words here."
        );
        let long = "word ".repeat(100);
        let short = excerpt(&long);
        assert!(short.chars().count() <= EXCERPT_LENGTH && short.ends_with("word\u{2026}"));
    }

    proptest! {
        #[test]
        fn no_markdown_panics_or_smuggles_a_script(markdown in "[<>!\\[\\]()a-z\"'#*|:/\\\\ \n-]{0,200}") {
            let html = to_html(&markdown);
            prop_assert!(!html.contains("<script"));
            excerpt(&markdown);
        }
    }
}
