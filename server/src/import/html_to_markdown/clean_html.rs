//! HTML for what Markdown cannot say, without blank lines, which would end it.

use std::fmt::Write as _;

use crate::import::html_to_markdown::dom::NodeId;
use crate::import::html_to_markdown::escape::{self, link_target};
use crate::import::html_to_markdown::page::Page;

/// Elements that are kept; of others their content is kept.
const ELEMENTS: [&str; 58] = [
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "var",
];
/// Elements that are left out with their content.
const LEFT_OUT: [&str; 9] =
    ["script", "style", "template", "head", "svg", "select", "textarea", "canvas", "noscript"];
const VOID: [&str; 4] = ["br", "col", "hr", "img"];
/// Elements that begin on a line of their own.
const LINES: [&str; 10] =
    ["tr", "thead", "tbody", "tfoot", "caption", "dt", "dd", "li", "table", "dl"];
/// Attributes that are kept on every element.
const EVERYWHERE: [&str; 3] = ["dir", "lang", "title"];
/// Depth below which only the text is kept.
const MAX_DEPTH: usize = 60;

/// Returns the HTML of an element.
pub(super) fn clean(page: &Page<'_>, id: NodeId) -> String {
    let mut out = String::new();
    write_node(page, id, 0, false, &mut out);
    out
}

/// Returns the attributes of language and direction, each with a space before it.
pub(super) fn direction(page: &Page<'_>, id: NodeId) -> String {
    let dir = page.dom.attribute(id, "dir").map(str::to_ascii_lowercase);
    let dir = dir.filter(|dir| matches!(&**dir, "rtl" | "ltr" | "auto"));
    let is_tag = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let lang = page.dom.attribute(id, "lang").filter(|lang| lang.chars().all(is_tag));
    let is_code = page.dom.name(id) == Some("pre");
    let mut attributes = dir.map(|dir| format!(" dir=\"{dir}\"")).unwrap_or_default();
    if let Some(lang) = lang.filter(|_| !is_code) {
        let _ = write!(attributes, " lang=\"{lang}\"");
    }
    attributes
}

fn write_node(page: &Page<'_>, id: NodeId, depth: usize, is_code: bool, out: &mut String) {
    let dom = &page.dom;
    if let Some(text) = dom.text(id) {
        write_text(text, is_code, out);
        return;
    }
    let Some(name) = dom.name(id).filter(|name| !LEFT_OUT.contains(name)) else { return };
    if depth > MAX_DEPTH {
        write_text(&dom.text_below(id), is_code, out);
        return;
    }
    let name = if name == "h1" { "h2" } else { name };
    let is_kept = ELEMENTS.contains(&name) && (name != "img" || has_file(page, id));
    if is_kept {
        if LINES.contains(&name) && !out.is_empty() {
            out.truncate(out.trim_end_matches(' ').len());
            if !out.ends_with('\n') {
                out.push('\n');
            }
        }
        let _ = write!(out, "<{name}");
        write_attributes(page, id, name, out);
        out.push('>');
    }
    for child in dom.children(id) {
        write_node(page, child, depth + 1, is_code || name == "pre", out);
    }
    if is_kept && !VOID.contains(&name) {
        let _ = write!(out, "</{name}>");
    } else if !is_kept && dom.is_block(id) {
        out.push(' ');
    }
}

fn has_file(page: &Page<'_>, id: NodeId) -> bool {
    page.dom.attribute(id, "src").is_some_and(|url| !url.starts_with("data:"))
}

fn write_text(text: &str, is_code: bool, out: &mut String) {
    if is_code {
        out.push_str(&escape::html(text).replace("\r\n", "\n").replace(['\n', '\r'], "&#10;"));
        return;
    }
    let mut had_space = out.ends_with([' ', '\n']);
    let mut words = String::with_capacity(text.len());
    for c in text.chars() {
        let is_space = c.is_ascii_whitespace();
        if !is_space && !c.is_control() {
            words.push(c);
        } else if is_space && !had_space {
            words.push(' ');
        }
        had_space = is_space;
    }
    out.push_str(&escape::html(&words));
}

fn write_attributes(page: &Page<'_>, id: NodeId, element: &str, out: &mut String) {
    if let Some(target) = page.target(id) {
        let _ = write!(out, " id=\"{}\"", escape::html(target));
    }
    for (name, value) in page.dom.attributes(id) {
        let name = name.as_str();
        let is_kept = match (element, name) {
            ("a", "href") | ("img", "src") => link_target(value).is_some(),
            ("img", "alt" | "width" | "height")
            | ("ol", "start" | "reversed" | "type")
            | ("td" | "th", "colspan" | "rowspan" | "align")
            | ("th", "scope")
            | ("col" | "colgroup", "span")
            | ("details", "open") => true,
            _ => EVERYWHERE.contains(&name),
        };
        if is_kept {
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = write!(out, " {name}=\"{}\"", escape::html(&value));
        }
    }
}
