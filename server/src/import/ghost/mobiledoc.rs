//! Mobiledoc 0.3, the format of Ghost's editor from version 1 to 4.

use serde_json::Value;

use crate::import::ghost::body::{Body, escape};
use crate::import::ghost::cards::push_card;

/// Elements that a text may be in.
const MARKUPS: [&str; 12] =
    ["a", "b", "strong", "i", "em", "s", "del", "u", "code", "sub", "sup", "mark"];
/// Elements of sections.
const SECTIONS: [&str; 9] = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "aside"];

/// Adds a document; `false` if it is none.
pub(super) fn push_mobiledoc(body: &mut Body, document: &str) -> bool {
    let Ok(document) = serde_json::from_str::<Value>(document) else { return false };
    let Some(sections) = document.get("sections").and_then(Value::as_array) else { return false };
    for section in sections {
        let tag = at(section, 1).as_str().unwrap_or_default();
        match at(section, 0).as_u64() {
            Some(1) => {
                let tag = if SECTIONS.contains(&tag) { tag } else { "p" };
                let tag = if tag == "aside" { "blockquote" } else { tag };
                body.push(&format!("<{tag}>"));
                markers(body, &document, at(section, 2));
                body.push(&format!("</{tag}>"));
            }
            Some(2) => {
                body.push(&format!("<figure><img src=\"{}\" alt=\"\"></figure>", escape(tag)));
            }
            Some(3) => {
                let tag = if tag == "ol" { "ol" } else { "ul" };
                body.push(&format!("<{tag}>"));
                for item in array(at(section, 2)) {
                    body.push("<li>");
                    markers(body, &document, item);
                    body.push("</li>");
                }
                body.push(&format!("</{tag}>"));
            }
            Some(10) => card(body, &document, at(section, 1)),
            _ => body.note("a section of an unknown kind was left out".to_owned()),
        }
    }
    true
}

fn card(body: &mut Body, document: &Value, number: &Value) {
    let card = entry(document, "cards", number);
    let kind = at(card, 0).as_str().unwrap_or_default();
    if !push_card(body, kind, at(card, 1)) {
        body.note(format!("a card of the kind {kind} was left out"));
    }
}

/// Adds texts, each with the markups that begin before it and the number of those that end after it.
fn markers(body: &mut Body, document: &Value, markers: &Value) {
    let mut open: Vec<&str> = Vec::new();
    for marker in array(markers) {
        for number in array(at(marker, 1)) {
            open.push(begin(body, entry(document, "markups", number)));
        }
        let value = at(marker, 3);
        if at(marker, 0).as_u64() == Some(0) {
            body.push_text(value.as_str().unwrap_or_default());
        } else {
            push_atom(body, entry(document, "atoms", value));
        }
        for _ in 0..at(marker, 2).as_u64().unwrap_or_default().min(100) {
            end(body, open.pop());
        }
    }
    while let Some(tag) = open.pop() {
        end(body, Some(tag));
    }
}

fn push_atom(body: &mut Body, atom: &Value) {
    if at(atom, 0).as_str() == Some("soft-return") {
        body.push("<br>");
    } else {
        body.push_text(at(atom, 1).as_str().unwrap_or_default());
    }
}

/// Begins a markup and returns its element; empty if it is left out.
fn begin<'d>(body: &mut Body, markup: &'d Value) -> &'d str {
    let tag = at(markup, 0).as_str().filter(|tag| MARKUPS.contains(tag)).unwrap_or_default();
    let attributes = array(at(markup, 1));
    let href = attributes.chunks(2).find_map(|pair| match pair {
        [Value::String(key), Value::String(value)] if key == "href" => Some(value),
        _ => None,
    });
    match (tag, href) {
        ("", _) => {}
        ("a", Some(url)) => body.push(&format!("<a href=\"{}\">", escape(url))),
        _ => body.push(&format!("<{tag}>")),
    }
    tag
}

fn end(body: &mut Body, tag: Option<&str>) {
    if let Some(tag) = tag.filter(|tag| !tag.is_empty()) {
        body.push(&format!("</{tag}>"));
    }
}

fn entry<'d>(document: &'d Value, list: &str, number: &Value) -> &'d Value {
    let number = number.as_u64().and_then(|number| usize::try_from(number).ok());
    let list = document.get(list).unwrap_or(&Value::Null);
    number.and_then(|number| list.get(number)).unwrap_or(&Value::Null)
}

fn at(value: &Value, index: usize) -> &Value {
    value.get(index).unwrap_or(&Value::Null)
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
