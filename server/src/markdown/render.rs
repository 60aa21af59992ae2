//! Rendering to safe HTML.

use std::fmt::{self, Write};
use std::sync::{Mutex, PoisonError};

use comrak::adapters::{HeadingAdapter, HeadingMeta};
use comrak::nodes::{AstNode, NodeHeading, NodeValue, Sourcepos};
use comrak::options::Plugins;
use comrak::{Anchorizer, Arena, format_html_with_plugins, parse_document};

use super::clean::{CLEANER, ID_PREFIX};
use super::options::OPTIONS;
use super::url::{is_local, is_relative};

/// Renders the body of a story to safe HTML.
///
/// The result has no scripts and loads nothing from other sites. Its headings start at level 2,
/// since the headline is level 1.
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
    // Writing to a string cannot fail.
    let _ = format_html_with_plugins(root, &OPTIONS, &mut html, &plugins);
    CLEANER.clean(&html).to_string()
}

fn lower_heading<'a>(node: &'a AstNode<'a>) {
    if let NodeValue::Heading(NodeHeading { level, .. }) = &mut node.data_mut().value {
        *level = (*level).max(2);
    }
}

/// Writes headings with an id, so that links within a story can point to them.
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

/// Points a link within the story to the prefixed id of its heading.
fn prefix_fragment<'a>(node: &'a AstNode<'a>) {
    if let NodeValue::Link(link) = &mut node.data_mut().value
        && let Some(name) = link.url.strip_prefix('#')
    {
        link.url = format!("#{ID_PREFIX}{}", name.to_lowercase());
    }
}

/// Replaces a picture on another site by a link: loading it would reveal the reader to that site.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markdown::excerpt;

    #[test]
    fn scripts_and_content_from_other_sites_are_removed() {
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
    fn pictures_on_other_sites_become_links() {
        let html = to_html("![A map](https://elsewhere.example/map.png)");
        assert!(html.contains(">A map</a>"), "{html}");
        let html = to_html("[![A map](https://elsewhere.example/map.png)](https://a.example)");
        assert!(html.contains("<em>A map</em></a>"), "{html}");
        assert!(to_html("![A map](/pictures/map.svg)").contains("<img src=\"/pictures/map.svg\""));
    }

    #[test]
    fn links_within_a_story_point_to_its_headings() {
        let html = to_html("[Go](#What-now)\n\n# What now\n\n## What now\n");
        assert!(
            html.contains("href=\"#s-what-now\"") && html.contains("<h2 id=\"s-what-now\">"),
            "{html}"
        );
        assert!(html.contains("<h2 id=\"s-what-now-1\">"), "{html}");
    }

    #[test]
    fn relative_urls_are_not_links() {
        let html = to_html("![A chart](chart.png) and [more](./other.html) and [this](/news)");
        assert!(html.contains("<em>A chart</em>") && !html.contains("other.html"), "{html}");
        assert!(html.contains("href=\"/news\""), "{html}");
        assert!(!to_html("<noscript><img src=\"x.png\"></noscript>").contains("img"));
    }

    #[test]
    fn footnotes_and_tables_are_rendered() {
        let html = to_html("A[^1]\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[^1]: Note\n");
        for part in ["<table>", "id=\"fn-1\"", "href=\"#fn-1\"", "class=\"footnotes\""] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_markdown_neither_panics_nor_has_a_script(markdown in "[<>!\\[\\]()a-z\"'#*|:/\\\\ \n-]{0,200}") {
            let html = to_html(&markdown);
            prop_assert!(!html.contains("<script"));
            excerpt(&markdown);
        }
    }
}
