//! Lexical, the format of Ghost's editor since version 5.

use serde_json::Value;

use crate::import::ghost::body::{Body, escape};
use crate::import::ghost::cards::push_card;

/// Depth below which nothing is read.
const MAX_DEPTH: usize = 60;
/// Bits of the format of a text, and their elements, the inner one first.
const FORMATS: [(u64, &str); 8] = [
    (16, "code"),
    (32, "sub"),
    (64, "sup"),
    (4, "s"),
    (8, "u"),
    (128, "mark"),
    (2, "em"),
    (1, "strong"),
];

/// Adds a document; `false` if it is none.
pub(super) fn push_lexical(body: &mut Body, document: &str) -> bool {
    let Ok(document) = serde_json::from_str::<Value>(document) else { return false };
    let Some(root) = document.get("root") else { return false };
    children(body, root, 0);
    true
}

fn children(body: &mut Body, node: &Value, depth: usize) {
    if depth > MAX_DEPTH {
        body.note("what is nested more than 60 levels deep was left out".to_owned());
        return;
    }
    for child in node.get("children").and_then(Value::as_array).into_iter().flatten() {
        push_node(body, child, depth + 1);
    }
}

fn push_node(body: &mut Body, node: &Value, depth: usize) {
    let kind = text(node, "type");
    match kind {
        "text" | "extended-text" => push_text(body, node),
        "linebreak" => body.push("<br>"),
        "tab" => body.push(" "),
        "paragraph" | "aside" | "extended-quote" | "quote" | "heading" | "extended-heading" => {
            block(body, node, kind, depth);
        }
        "list" => list(body, node, depth),
        "link" | "autolink" => link(body, node, depth),
        _ if push_card(body, kind, node) => {}
        _ if node.get("children").is_some() => children(body, node, depth),
        "" | "root" | "at-link" | "zwnj" => {}
        _ => body.note(format!("a card of the kind {kind} was left out")),
    }
}

fn block(body: &mut Body, node: &Value, kind: &str, depth: usize) {
    let tag = match (kind, text(node, "tag")) {
        ("paragraph", _) => "p",
        ("heading" | "extended-heading", "h1") => "h1",
        ("heading" | "extended-heading", "h3") => "h3",
        ("heading" | "extended-heading", "h4") => "h4",
        ("heading" | "extended-heading", "h5") => "h5",
        ("heading" | "extended-heading", "h6") => "h6",
        ("heading" | "extended-heading", _) => "h2",
        _ => "blockquote",
    };
    // Lexical notes the direction of every block; only the unusual one is told.
    let direction = if text(node, "direction") == "rtl" { " dir=\"rtl\"" } else { "" };
    body.push(&format!("<{tag}{direction}>"));
    children(body, node, depth);
    body.push(&format!("</{tag}>"));
}

fn push_text(body: &mut Body, node: &Value) {
    let format = node.get("format").and_then(Value::as_u64).unwrap_or_default();
    let mut html = escape(node.get("text").and_then(Value::as_str).unwrap_or_default());
    for (bit, element) in FORMATS {
        if format & bit != 0 {
            html = format!("<{element}>{html}</{element}>");
        }
    }
    body.push(&html);
}

fn list(body: &mut Body, node: &Value, depth: usize) {
    let tag = if text(node, "listType") == "number" { "ol" } else { "ul" };
    let start = node.get("start").and_then(Value::as_u64).filter(|start| *start != 1);
    match start.filter(|_| tag == "ol") {
        Some(start) => body.push(&format!("<ol start=\"{start}\">")),
        None => body.push(&format!("<{tag}>")),
    }
    let mut is_open = false;
    for item in node.get("children").and_then(Value::as_array).into_iter().flatten() {
        let inner = item.get("children").and_then(Value::as_array);
        let is_list = inner.is_some_and(|inner| {
            !inner.is_empty() && inner.iter().all(|child| text(child, "type") == "list")
        });
        // An item that is only a list belongs to the item before it.
        if is_open && !is_list {
            body.push("</li>");
        }
        if !is_open || !is_list {
            body.push("<li>");
        }
        is_open = true;
        if text(node, "listType") == "check" {
            let is_checked = item.get("checked").and_then(Value::as_bool).unwrap_or_default();
            body.push(if is_checked {
                "<input type=checkbox checked>"
            } else {
                "<input type=checkbox>"
            });
        }
        children(body, item, depth);
    }
    body.push(if is_open { "</li>" } else { "" });
    body.push(&format!("</{tag}>"));
}

fn link(body: &mut Body, node: &Value, depth: usize) {
    let title = match text(node, "title") {
        "" => String::new(),
        title => format!(" title=\"{}\"", escape(title)),
    };
    body.push(&format!("<a href=\"{}\"{title}>", escape(text(node, "url"))));
    children(body, node, depth);
    body.push("</a>");
}

fn text<'n>(node: &'n Value, key: &str) -> &'n str {
    node.get(key).and_then(Value::as_str).unwrap_or_default()
}
