//! The content of a post as HTML.

use serde::Deserialize;

use crate::import::html_to_markdown::without_embedded_files;
use crate::import::wordpress::autop::autop;
use crate::import::wordpress::index::Index;
use crate::import::wordpress::item::Item;
use crate::import::wordpress::shortcodes::{Gallery, expand};

/// The start of the comments that blocks are kept in.
const BLOCK: &str = "<!-- wp:";
const BLOCK_END: &str = "<!-- /wp:";

/// Returns the HTML of a post: blocks without their comments, text of the classic editor with
/// paragraphs, shortcodes as what they show.
pub(super) fn html_of_content(item: &Item, index: &Index, notes: &mut Vec<String>) -> String {
    let text = without_embedded_files(&item.field("content:encoded").replace("\r\n", "\n"));
    let mut gallery = Gallery { index, post: item.field("wp:post_id").parse().unwrap_or(0) };
    let mut html = if text.contains(BLOCK) {
        blocks(&text, &mut gallery, notes)
    } else {
        autop(&expand(&text, &mut gallery, notes))
    };
    html.push_str(&footnotes(item));
    html
}

/// Removes the comments of blocks. Text outside of blocks is of the classic editor.
fn blocks(text: &str, gallery: &mut Gallery<'_>, notes: &mut Vec<String>) -> String {
    let mut html = String::with_capacity(text.len());
    let mut depth = 0_usize;
    let mut rest = text;
    while !rest.is_empty() {
        let next = rest.match_indices("<!-- ").map(|(at, _)| at).find(|at| {
            let comment = rest.get(*at..).unwrap_or_default();
            comment.starts_with(BLOCK) || comment.starts_with(BLOCK_END)
        });
        let (content, comment) = rest.split_at(next.unwrap_or(rest.len()));
        let expanded = expand(content, gallery, notes);
        if depth == 0 {
            html.push_str(&autop(&expanded));
        } else {
            html.push_str(&expanded);
        }
        let end = comment.find("-->").map_or(comment.len(), |end| end + "-->".len());
        let (comment, after) = comment.split_at(end);
        rest = after;
        if comment.starts_with(BLOCK_END) {
            depth = depth.saturating_sub(1);
        } else if comment.trim_end_matches("-->").trim_end().ends_with('/') {
            html.push_str(&empty_block(comment, notes));
        } else if comment.starts_with("<!-- wp:freeform") || comment.is_empty() {
            // Its text has no paragraphs, as outside of blocks.
        } else {
            depth += 1;
        }
    }
    html
}

/// Returns what a block without HTML shows: an embedded URL.
fn empty_block(comment: &str, notes: &mut Vec<String>) -> String {
    let inner = comment.trim_start_matches(BLOCK).trim_end_matches("-->").trim_end();
    let inner = inner.trim_end_matches('/').trim();
    let (name, attributes) = inner.split_once(' ').unwrap_or((inner, ""));
    if matches!(name, "footnotes" | "more" | "nextpage" | "spacer" | "separator") {
        return String::new();
    }
    let attributes: serde_json::Value = serde_json::from_str(attributes).unwrap_or_default();
    if let Some(url) = attributes.get("url").and_then(serde_json::Value::as_str) {
        let url = url.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        return format!("<p><a href=\"{url}\">{url}</a></p>");
    }
    let note = format!("the block {name} shows nothing here");
    if !notes.contains(&note) && notes.len() < 20 {
        notes.push(note);
    }
    String::new()
}

/// A footnote, as the field `footnotes` keeps it.
#[derive(Deserialize)]
struct Footnote {
    content: String,
    id: String,
}

fn footnotes(item: &Item) -> String {
    let notes = item.meta("footnotes").map(serde_json::from_str::<Vec<Footnote>>);
    let Some(Ok(notes)) = notes else { return String::new() };
    let items = notes.iter().map(|note| {
        let id = note.id.replace(['"', '&', '<'], "");
        format!("<li id=\"{id}\">{}</li>", note.content)
    });
    format!("<ol class=\"wp-block-footnotes\">{}</ol>", items.collect::<String>())
}
