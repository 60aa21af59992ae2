//! The trash: deleted stories, with the forms to restore them and to empty it.

use gazette_domain::{Endpoint, TrashEntry};
use leptos::prelude::*;

use crate::components::{TextLanguage, time};
use crate::frame::Frame;
use crate::islands::SelectionBar;
use crate::newsroom::notice::{Notice, notice_line};
use crate::newsroom::story_table::{select_cell, table_head};
use crate::page::Page;

/// Shows the deleted stories.
pub fn trash(frame: &Frame, entries: &[TrashEntry], notice: Option<Notice>) -> Page {
    let content = view! {
        <div class="desk">
            <h1>"Trash"</h1>
            <p class="meta">
                "Stories stay here for 30 days. Until then, you can restore them unchanged."
            </p>
            {notice.map(notice_line)}
            {restore_all_forms(frame, entries)}
            {restore_form(frame, entries)}
            {(!entries.is_empty()).then(empty_form)}
        </div>
    };
    Page::newsroom("Trash", Endpoint::Trash, content.into_any())
}

/// Shows one form for each time all stories were deleted.
fn restore_all_forms(frame: &Frame, entries: &[TrashEntry]) -> impl IntoView + use<> {
    let mut seen = Vec::new();
    let mut forms = Vec::new();
    for trashed in entries.iter().map(|entry| &entry.trashed) {
        let Some(job) = trashed.job.filter(|job| !seen.contains(job)) else { continue };
        seen.push(job);
        forms.push(view! {
            <form class="toolbar" method="post" action=Endpoint::RestoreStories.path()>
                <input type="hidden" name="job" value=job.to_string() />
                <span>
                    <bdi>{trashed.by.clone()}</bdi> " deleted all stories. "
                    <span class="meta">{time(frame, trashed.at)}</span>
                </span>
                <button class="btn">"Restore all"</button>
            </form>
        });
    }
    forms.collect_view()
}

fn restore_form(frame: &Frame, entries: &[TrashEntry]) -> AnyView {
    if entries.is_empty() {
        return view! { <p class="empty">"Trash is empty."</p> }.into_any();
    }
    let rows = entries.iter().map(|entry| row(frame, entry)).collect_view();
    view! {
        <form class="stories" method="post" action=Endpoint::RestoreStories.path()>
            <div class="toolbar">
                <SelectionBar />
                <button class="btn">"Restore selected"</button>
            </div>
            <table>
                {table_head(true, ["Headline", "Section", "Deleted by", "Deleted"])}
                <tbody>{rows}</tbody>
            </table>
        </form>
    }
    .into_any()
}

fn empty_form() -> impl IntoView {
    view! {
        <details class="empty-trash">
            <summary>"Empty trash\u{2026}"</summary>
            <form class="toolbar" method="post" action=Endpoint::EmptyTrash.path()>
                <label for="word">
                    "This permanently deletes everything in Trash. Type \u{201c}erase\u{201d} to confirm."
                </label>
                <input id="word" name="word" autocomplete="off" required />
                <button class="btn danger">"Empty trash"</button>
            </form>
        </details>
    }
}

fn row(frame: &Frame, entry: &TrashEntry) -> impl IntoView + use<> {
    let story = &entry.teaser;
    let TextLanguage { lang, dir } = TextLanguage::of_story(story);
    view! {
        <tr>
            {select_cell(story)}
            <td class="headline"><bdi lang=lang dir=dir>{story.headline.clone()}</bdi></td>
            <td><bdi>{story.section.name.clone()}</bdi></td>
            <td><bdi>{entry.trashed.by.clone()}</bdi></td>
            <td>{time(frame, entry.trashed.at)}</td>
        </tr>
    }
}
