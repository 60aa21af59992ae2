//! Lists.

use crate::import::html_to_markdown::clean_html::{clean, direction};
use crate::import::html_to_markdown::dom::NodeId;
use crate::import::html_to_markdown::inline::anchor;
use crate::import::html_to_markdown::page::Page;
use crate::import::html_to_markdown::writer::Writer;

/// Writes a list.
pub(super) fn list(writer: &mut Writer<'_, '_>, id: NodeId) {
    let page = writer.page;
    let items: Vec<NodeId> =
        page.dom.children(id).filter(|child| !is_space(page, *child)).collect();
    if items.is_empty() {
        return;
    }
    let is_ordered = page.dom.name(id) == Some("ol");
    let start = page.dom.attribute(id, "start").map_or(Some(1), |start| start.parse().ok());
    let is_reversed = page.dom.attributes(id).iter().any(|(name, _)| name == "reversed");
    let start = start.filter(|start: &u32| *start < 99_999_999 && !is_reversed);
    let Some(start) = start.or((!is_ordered).then_some(1)) else {
        writer.write(&clean(page, id));
        return;
    };
    let sign = match (is_ordered, writer.last_list) {
        (false, Some('-')) => '*',
        (false, _) => '-',
        (true, Some('.')) => ')',
        (true, _) => '.',
    };
    if let Some(target) = page.target(id) {
        writer.write(&anchor(target));
    }
    let is_tight = items.iter().all(|item| is_tight(page, *item));
    for (index, item) in items.iter().enumerate() {
        if index > 0 && is_tight {
            writer.output.tighten();
        }
        let marker = if is_ordered {
            let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(start);
            format!("{number}{sign} ")
        } else {
            format!("{sign} ")
        };
        write_item(writer, *item, &marker, is_tight);
    }
    writer.last_list = Some(sign);
}

fn write_item(writer: &mut Writer<'_, '_>, item: NodeId, marker: &str, is_tight: bool) {
    let outer = writer.output.begin(marker, &" ".repeat(marker.len()), is_tight);
    writer.last_list = None;
    if writer.page.dom.name(item) == Some("li") {
        if let Some(target) = writer.page.target(item) {
            writer.write(&anchor(target));
        }
        writer.children(item);
    } else {
        writer.nodes(&[item]);
    }
    writer.output.end(outer);
}

/// Checks whether an item is one line and perhaps a list.
fn is_tight(page: &Page<'_>, item: NodeId) -> bool {
    let is_list = |name: &str| matches!(name, "ul" | "ol");
    let name = page.dom.name(item).unwrap_or_default();
    if name != "li" {
        return is_list(name);
    }
    let mut children = page.dom.children(item).filter(|child| !is_space(page, *child));
    let is_plain = |child: NodeId| {
        let name = page.dom.name(child).unwrap_or_default();
        // Only a list that starts with 1 may follow a line of text.
        let is_first = page.dom.attribute(child, "start").is_none_or(|start| start == "1");
        let is_block = page.dom.is_block(child) || page.dom.has_blocks(child);
        !is_block || is_list(name) && is_first && direction(page, child).is_empty()
    };
    page.target(item).is_none() && children.all(is_plain)
}

fn is_space(page: &Page<'_>, id: NodeId) -> bool {
    match page.dom.text(id) {
        Some(text) => text.trim_ascii().is_empty(),
        None => page.dom.name(id).is_none(),
    }
}
