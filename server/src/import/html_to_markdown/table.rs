//! Tables: those that Markdown can say, and others as HTML.

use crate::import::html_to_markdown::clean_html::clean;
use crate::import::html_to_markdown::dom::NodeId;
use crate::import::html_to_markdown::inline::line;
use crate::import::html_to_markdown::line_writer::Place;
use crate::import::html_to_markdown::page::Page;
use crate::import::html_to_markdown::writer::Writer;

/// Writes a table.
pub(super) fn table(writer: &mut Writer<'_, '_>, id: NodeId) {
    let page = writer.page;
    match simple_rows(page, id) {
        Some(rows) => {
            let caption = page.dom.children(id).find(|id| page.dom.name(*id) == Some("caption"));
            writer.write(&markdown(page, &rows));
            if let Some(caption) = caption {
                let children: Vec<NodeId> = page.dom.children(caption).collect();
                writer.paragraph(&children);
            }
        }
        None => writer.write(&clean(page, id)),
    }
}

/// Returns the rows of a table with a row of headings and one line of text in each cell.
fn simple_rows(page: &Page<'_>, id: NodeId) -> Option<Vec<Vec<NodeId>>> {
    let dom = &page.dom;
    let mut rows: Vec<Vec<NodeId>> = Vec::new();
    for row in dom.descendants(id).filter(|node| dom.name(*node) == Some("tr")) {
        let cells = dom.children(row).filter(|cell| dom.name(*cell).is_some());
        rows.push(cells.collect());
    }
    let columns = rows.first()?.len();
    let is_heading = |cell: &NodeId| dom.name(*cell) == Some("th");
    let is_simple_cell = |cell: &NodeId| {
        let has_span = ["colspan", "rowspan"]
            .into_iter()
            .any(|name| dom.attribute(*cell, name).is_some_and(|span| span != "1"));
        let is_line = !dom.has_blocks(*cell) || is_one_paragraph(page, *cell);
        is_line && !has_span && page.target(*cell).is_none()
    };
    let starts_with_headings = rows.first()?.iter().all(is_heading);
    let no_other_headings = rows.iter().skip(1).flatten().all(|cell| !is_heading(cell));
    let is_even = rows.iter().all(|row| row.len() == columns);
    let is_simple = rows.iter().flatten().all(is_simple_cell);
    (columns > 0 && starts_with_headings && no_other_headings && is_even && is_simple)
        .then_some(rows)
}

fn is_one_paragraph(page: &Page<'_>, cell: NodeId) -> bool {
    let mut elements = page.dom.children(cell).filter(|child| page.dom.name(*child).is_some());
    let first = elements.next();
    first.is_some_and(|first| page.dom.name(first) == Some("p") && !page.dom.has_blocks(first))
        && elements.next().is_none()
}

fn markdown(page: &Page<'_>, rows: &[Vec<NodeId>]) -> String {
    let mut lines = Vec::with_capacity(rows.len() + 1);
    for (index, row) in rows.iter().enumerate() {
        let cells = row.iter().map(|cell| {
            let children: Vec<NodeId> = page.dom.children(*cell).collect();
            line(page, &children, Place::Cell)
        });
        lines.push(format!("| {} |", cells.collect::<Vec<_>>().join(" | ")));
        if index == 0 {
            let signs = row.iter().map(|cell| alignment(page, *cell));
            lines.push(format!("| {} |", signs.collect::<Vec<_>>().join(" | ")));
        }
    }
    lines.join("\n")
}

fn alignment(page: &Page<'_>, cell: NodeId) -> &'static str {
    let attribute = |name: &str| page.dom.attribute(cell, name).unwrap_or_default();
    let style = attribute("style").replace(' ', "");
    let is = |side: &str| {
        attribute("align") == side
            || style.contains(&format!("text-align:{side}"))
            || page.dom.has_class(cell, &format!("has-text-align-{side}"))
    };
    if is("center") {
        ":---:"
    } else if is("right") {
        "---:"
    } else if is("left") {
        ":---"
    } else {
        "---"
    }
}
