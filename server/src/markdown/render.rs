//! Rendering to safe HTML.

use std::fmt::{self, Write};
use std::sync::{Mutex, PoisonError};

use comrak::adapters::{HeadingAdapter, HeadingMeta};
use comrak::arena_tree::NodeEdge;
use comrak::nodes::{AstNode, NodeHeading, NodeValue, Sourcepos};
use comrak::options::Plugins;
use comrak::{Anchorizer, Arena, format_html_with_plugins, parse_document};

use super::clean::{CLEANER, ID_PREFIX};
use super::error::{MAX_LEVELS, RenderError, max_html_bytes};
use super::excerpt::excerpt_of;
use super::options::OPTIONS;
use super::stopwatch::Stopwatch;
use super::url::{is_local, is_relative};
use super::{line_depth, tree_check};

/// A body, rendered within the limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// Safe HTML. It has no scripts and loads nothing from other sites. Its headings start at
    /// level 2, since the headline is level 1.
    pub(crate) html: String,
    /// First paragraph as plain text.
    pub(crate) excerpt: String,
}

/// Renders the body of a story. Every step is bounded before it runs.
///
/// # Errors
/// [`RenderError`] when a limit of size, depth or time is exceeded.
pub(super) fn render(markdown: &str) -> Result<Rendered, RenderError> {
    let stopwatch = Stopwatch::start();
    line_depth::check(markdown)?;
    let max_bytes = max_html_bytes(markdown.len());
    let arena = Arena::new();
    let document = parse_document(&arena, markdown, &OPTIONS);
    check_depth(document)?;
    let excerpt = excerpt_of(document);
    for node in document.descendants() {
        lower_heading(node);
        link_foreign_image(node);
        prefix_fragment(node);
    }
    let html = to_html(document, max_bytes)?;
    tree_check::check(&html, max_bytes, &stopwatch)?;
    let html = CLEANER.clean(&html).to_string();
    if html.len() > max_bytes {
        return Err(RenderError::TooLarge(max_bytes));
    }
    stopwatch.check()?;
    Ok(Rendered { html, excerpt })
}

/// Checks the depth of quotes, lists and emphasis.
fn check_depth<'a>(document: &'a AstNode<'a>) -> Result<(), RenderError> {
    let mut depth = 0_usize;
    for edge in document.traverse() {
        match edge {
            NodeEdge::Start(node) if is_level(node) => depth += 1,
            NodeEdge::End(node) if is_level(node) => depth = depth.saturating_sub(1),
            NodeEdge::Start(_) | NodeEdge::End(_) => {}
        }
        if depth > MAX_LEVELS {
            return Err(RenderError::TooDeep);
        }
    }
    Ok(())
}

/// Returns whether a node counts as a level; a list does so by its items.
fn is_level<'a>(node: &'a AstNode<'a>) -> bool {
    matches!(
        node.data().value,
        NodeValue::BlockQuote
            | NodeValue::Item(_)
            | NodeValue::TaskItem(_)
            | NodeValue::FootnoteDefinition(_)
            | NodeValue::Emph
            | NodeValue::Strong
            | NodeValue::Strikethrough
            | NodeValue::Link(_)
            | NodeValue::Image(_)
    )
}

fn to_html<'a>(document: &'a AstNode<'a>, max_bytes: usize) -> Result<String, RenderError> {
    let headings = NamedHeadings::default();
    let mut plugins = Plugins::default();
    plugins.render.heading_adapter = Some(&headings);
    let mut html = LimitedText { text: String::new(), max_bytes };
    match format_html_with_plugins(document, &OPTIONS, &mut html, &plugins) {
        Ok(()) => Ok(html.text),
        Err(fmt::Error) => Err(RenderError::TooLarge(max_bytes)),
    }
}

/// Text that refuses to grow beyond a limit.
struct LimitedText {
    text: String,
    max_bytes: usize,
}

impl Write for LimitedText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.text.len() + text.len() > self.max_bytes {
            return Err(fmt::Error);
        }
        self.text.push_str(text);
        Ok(())
    }
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
        link.url = format!("#{}", heading_id(name));
    }
}

/// Returns the id in the page of the heading that a link names after `#`.
pub(crate) fn heading_id(name: &str) -> String {
    format!("{ID_PREFIX}{}", name.to_lowercase())
}

/// Replaces a picture on another site by a link: loading it would reveal the reader to that site.
fn link_foreign_image<'a>(node: &'a AstNode<'a>) {
    let link = match &node.data().value {
        NodeValue::Image(image) if !is_local(&image.url) => image.clone(),
        _ => return,
    };
    let within_link =
        node.ancestors().skip(1).any(|above| matches!(above.data().value, NodeValue::Link(_)));
    let as_text = within_link || is_relative(&link.url);
    node.data_mut().value = if as_text { NodeValue::Emph } else { NodeValue::Link(link) };
}
