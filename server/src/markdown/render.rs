//! Rendering to safe HTML.

use std::fmt::{self, Write};
use std::sync::{Mutex, PoisonError};

use comrak::adapters::{HeadingAdapter, HeadingMeta};
use comrak::arena_tree::NodeEdge;
use comrak::nodes::{AstNode, NodeHeading, NodeValue, Sourcepos};
use comrak::options::Plugins;
use comrak::{Arena, format_html_with_plugins, parse_document};

use super::accessibility::make_accessible;
use super::attributes::{self, HeadingIds};
use super::clean::CLEANER;
use super::error::{MAX_LEVELS, RenderError, max_html_bytes};
use super::excerpt::excerpt_of;
use super::finish::finish;
use super::highlight::CodeHighlighter;
use super::options::OPTIONS;
use super::pictures::Pictures;
use super::stopwatch::Stopwatch;
use super::{content_model, elements, line_depth, tree_check};

/// A body, rendered within the limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// Safe HTML. It has no scripts and loads nothing from other sites. Its headings start at
    /// level 2, since the headline is level 1. Links within it have targets.
    pub(crate) html: String,
    /// First words as plain text.
    pub(crate) excerpt: String,
}

/// Renders the body of a story. Every step is bounded before it runs.
///
/// # Errors
/// [`RenderError`] when a limit of size, depth or time is exceeded.
pub(super) fn render(markdown: &str, pictures: &dyn Pictures) -> Result<Rendered, RenderError> {
    let stopwatch = Stopwatch::start();
    line_depth::check(markdown)?;
    let max_bytes = max_html_bytes(markdown.len());
    let arena = Arena::new();
    let document = parse_document(&arena, markdown, &OPTIONS);
    check_depth(document)?;
    let ids = attributes::apply(document);
    document.descendants().for_each(lower_heading);
    let html = to_html(document, ids, max_bytes)?;
    let html = elements::rewrite(&html, pictures.origin(), max_bytes, &stopwatch)?;
    tree_check::check(&html, max_bytes, &stopwatch)?;
    let html = content_model::apply(&CLEANER.clean(&html).to_string());
    let excerpt = excerpt_of(&html);
    let html = make_accessible(finish(&html, max_bytes, pictures), max_bytes);
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

fn to_html<'a>(
    document: &'a AstNode<'a>,
    ids: HeadingIds,
    max_bytes: usize,
) -> Result<String, RenderError> {
    let headings = Headings(Mutex::new(ids));
    let code = CodeHighlighter::new(max_bytes / 2);
    let mut plugins = Plugins::default();
    plugins.render.heading_adapter = Some(&headings);
    plugins.render.codefence_syntax_highlighter = Some(&code);
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

/// Writes headings with the ids that they have of their own; the others get theirs later.
struct Headings(Mutex<HeadingIds>);

impl HeadingAdapter for Headings {
    fn enter(
        &self,
        html: &mut dyn Write,
        heading: &HeadingMeta,
        _: Option<Sourcepos>,
    ) -> fmt::Result {
        let mut ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        write!(html, "<h{}", heading.level)?;
        if let Some(id) = ids.pop_front().flatten() {
            html.write_str(" id=\"")?;
            comrak::html::escape(html, &id)?;
            html.write_str("\"")?;
        }
        html.write_str(">")
    }

    fn exit(&self, html: &mut dyn Write, heading: &HeadingMeta) -> fmt::Result {
        write!(html, "</h{}>", heading.level)
    }
}
