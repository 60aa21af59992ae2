//! Attributes in braces, as kramdown, Pandoc, Hugo and Zola know them: `## Heading {#id}`.

use std::collections::{HashMap, VecDeque};

use comrak::nodes::{AstNode, NodeValue};

use crate::markdown::scan::push_escaped;

/// Ids that headings have of their own, in order; `None` for a heading without one.
pub(super) type HeadingIds = VecDeque<Option<String>>;

/// Ids that lines below headings give to these, by the address of the heading.
type IdsBelow = HashMap<usize, String>;

/// Removes attributes in braces from the text, and gives their ids to headings and paragraphs.
pub(super) fn apply<'a>(document: &'a AstNode<'a>) -> HeadingIds {
    let nodes: Vec<&AstNode<'_>> = document.descendants().collect();
    let mut below = IdsBelow::new();
    for node in &nodes {
        if matches!(node.data().value, NodeValue::Paragraph) {
            apply_line(node, &mut below);
        }
    }
    for node in &nodes {
        remove_after_span(node);
    }
    let headings = document.descendants().filter(|node| is_heading(node));
    headings
        .map(|heading| heading_id(heading).or_else(|| below.remove(&address(heading))))
        .collect()
}

fn address<'a>(node: &'a AstNode<'a>) -> usize {
    std::ptr::from_ref(node).addr()
}

fn is_heading<'a>(node: &'a AstNode<'a>) -> bool {
    matches!(node.data().value, NodeValue::Heading(_))
}

/// Removes the attributes at the end of a heading, and returns their id.
fn heading_id<'a>(heading: &'a AstNode<'a>) -> Option<String> {
    let last = heading.last_child()?;
    let text = text_of(last)?;
    let attributes = parse_end(&text)?;
    set_text(last, attributes.before.trim_end());
    attributes.id
}

/// Removes a line of attributes at the start or the end of a paragraph: `{: #id .class}`.
fn apply_line<'a>(paragraph: &'a AstNode<'a>, below: &mut IdsBelow) {
    let (Some(first), Some(last)) = (paragraph.first_child(), paragraph.last_child()) else {
        return;
    };
    let line = |node: &'a AstNode<'a>, beside: Option<&'a AstNode<'a>>| {
        let text = beside.is_none_or(is_break).then(|| text_of(node)).flatten()?;
        parse_end(&text).filter(|attributes| attributes.before.is_empty() && text.starts_with("{:"))
    };
    let is_alone = first.same_node(last);
    if let Some(attributes) = line(first, first.next_sibling()) {
        if attributes.is_contents {
            return remove_contents(paragraph);
        }
        let above = paragraph.previous_sibling();
        remove_line(first, first.next_sibling());
        if is_alone {
            paragraph.detach();
        }
        if let (Some(id), Some(above)) = (attributes.id, above) {
            set_id(above, id, below);
        }
    } else if let Some(attributes) = line(last, last.previous_sibling()) {
        if attributes.is_contents {
            return remove_contents(paragraph);
        }
        remove_line(last, last.previous_sibling());
        if let Some(id) = attributes.id {
            set_id(paragraph, id, below);
        }
    }
}

fn remove_line<'a>(line: &'a AstNode<'a>, line_break: Option<&'a AstNode<'a>>) {
    line.detach();
    if let Some(line_break) = line_break {
        line_break.detach();
    }
}

/// Removes the list, or the paragraph, that kramdown replaces by a table of contents.
fn remove_contents<'a>(paragraph: &'a AstNode<'a>) {
    let is_list = |node: &&'a AstNode<'a>| matches!(node.data().value, NodeValue::List(_));
    paragraph.ancestors().find(is_list).unwrap_or(paragraph).detach();
}

/// Gives an id to a block: a heading keeps it as its own, other text gets an anchor.
fn set_id<'a>(block: &'a AstNode<'a>, id: String, below: &mut IdsBelow) {
    if is_heading(block) {
        below.insert(address(block), id);
        return;
    }
    let Some((last, text)) = block.last_child().and_then(|last| Some((last, text_of(last)?)))
    else {
        return;
    };
    let mut html = String::from("<span id=\"");
    push_escaped(&mut html, &id);
    html.push_str("\"></span>");
    push_escaped(&mut html, &text);
    last.data_mut().value = NodeValue::HtmlInline(html);
}

/// Removes attributes directly after a link, a picture or a piece of code.
fn remove_after_span<'a>(text: &'a AstNode<'a>) {
    let Some(before) = text.previous_sibling() else { return };
    let is_span = matches!(
        before.data().value,
        NodeValue::Link(_)
            | NodeValue::Image(_)
            | NodeValue::Code(_)
            | NodeValue::Emph
            | NodeValue::Strong
    );
    let Some(words) = is_span.then(|| text_of(text)).flatten() else { return };
    let end = words.starts_with('{').then(|| words.find('}')).flatten();
    let Some((attributes, rest)) = end.and_then(|end| words.split_at_checked(end + 1)) else {
        return;
    };
    if parse_end(attributes).is_some_and(|attributes| attributes.before.is_empty()) {
        set_text(text, rest);
    }
}

fn is_break<'a>(node: &'a AstNode<'a>) -> bool {
    matches!(node.data().value, NodeValue::SoftBreak | NodeValue::LineBreak)
}

fn text_of<'a>(node: &'a AstNode<'a>) -> Option<String> {
    match &node.data().value {
        NodeValue::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

fn set_text<'a>(node: &'a AstNode<'a>, text: &str) {
    node.data_mut().value = NodeValue::Text(text.to_owned().into());
}

/// Attributes in braces at the end of a text.
struct Attributes {
    before: String,
    id: Option<String>,
    /// `{:toc}`
    is_contents: bool,
}

fn parse_end(text: &str) -> Option<Attributes> {
    let text = text.trim_end();
    let (before, inner) = text.strip_suffix('}')?.rsplit_once('{')?;
    let (inner, is_kramdown) = match inner.strip_prefix(':') {
        Some(inner) => (inner, true),
        None => (inner, false),
    };
    // MDX: `{/* #id */}`
    let inner = inner.trim();
    let inner =
        inner.strip_prefix("/*").and_then(|inner| inner.strip_suffix("*/")).unwrap_or(inner);
    let mut id = None;
    let words = words(inner);
    for word in &words {
        let is_class = word.strip_prefix('.').is_some_and(is_name);
        let is_value = word.split_once('=').is_some_and(|(name, _)| is_name(name));
        match word.strip_prefix('#') {
            Some(name) if !name.is_empty() && !name.contains(['#', '{', '}', '"', '<', '>']) => {
                id.get_or_insert_with(|| name.to_owned());
            }
            _ if is_class || is_value || *word == "-" || (is_kramdown && is_name(word)) => {}
            _ => return None,
        }
    }
    let is_contents = is_kramdown && words.contains(&"toc");
    (!words.is_empty()).then(|| Attributes { before: before.to_owned(), id, is_contents })
}

fn is_name(word: &str) -> bool {
    !word.is_empty()
        && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.'))
}

/// Splits at spaces that are outside quotes.
fn words(text: &str) -> Vec<&str> {
    let mut quote = None;
    let parts = text.split(move |c: char| {
        match quote {
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ => {}
        }
        quote.is_none() && c.is_whitespace()
    });
    parts.filter(|word| !word.is_empty()).collect()
}
