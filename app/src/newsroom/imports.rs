//! The imports of stories from elsewhere, each with the form to undo it.

use gazette_domain::{Endpoint, ImportRecord};
use leptos::prelude::*;

use crate::components::time;
use crate::frame::Frame;
use crate::markup::{IntoMarkup as _, Markup};
use crate::newsroom::notice::{Notice, notice_line};
use crate::newsroom::story_table::table_head;
use crate::page::Page;

/// Shows the imports, latest first.
pub fn imports(frame: &Frame, imports: &[ImportRecord], notice: Option<Notice>) -> Page {
    let content = view! {
        <div class="desk">
            <h1>"Imports"</h1>
            <p class="meta">
                "Undoing an import removes the stories that it added, except those that were changed since."
            </p>
            {notice.map(notice_line)}
            {list(frame, imports)}
        </div>
    };
    Page::newsroom("Imports", Endpoint::Imports, content.into_markup())
}

fn list(frame: &Frame, imports: &[ImportRecord]) -> Markup {
    if imports.is_empty() {
        return view! { <p class="empty">"Nothing was imported yet."</p> }.into_markup();
    }
    let rows = imports.iter().map(|import| row(frame, import)).collect_view();
    view! {
        <div class="stories">
            <table>
                {table_head(false, ["Source", "Time", "Stories", "Undo"])}
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_markup()
}

fn row(frame: &Frame, import: &ImportRecord) -> impl IntoView + use<> {
    let stories = format!("{} new, {} changed", import.created, import.updated);
    view! {
        <tr>
            <td class="headline">{import.number} ". " <bdi>{import.source.clone()}</bdi></td>
            <td>{time(frame, import.at)}</td>
            <td>{stories}</td>
            <td>{undo(frame, import)}</td>
        </tr>
    }
}

fn undo(frame: &Frame, import: &ImportRecord) -> Markup {
    if let Some(at) = import.undone_at {
        return view! { "Undone " {time(frame, at)} }.into_markup();
    }
    let number = import.number.to_string();
    view! {
        <details>
            <summary>"Undo\u{2026}"</summary>
            <form method="post" action=Endpoint::UndoImport.path()>
                <input type="hidden" name="number" value=number.clone() />
                <button class="btn danger">"Undo import " {number}</button>
            </form>
        </details>
    }
    .into_markup()
}
