//! What was deleted, and the way back.

use gazette_domain::TrashEntry;
use leptos::prelude::*;

use crate::components::time;
use crate::frame::Frame;
use crate::islands::SelectionBar;
use crate::pages::desk::{choose, notice_line, views};
use crate::pages::{Notice, Page};

/// Lists deleted stories with a form that restores the chosen ones, and a way to empty the trash.
pub fn trash(frame: &Frame, entries: &[TrashEntry], notice: Option<Notice>) -> Page {
    let rows = entries.iter().map(|entry| row(frame, entry)).collect_view();
    let list = if entries.is_empty() {
        view! { <p class="empty">"The trash is empty."</p> }.into_any()
    } else {
        view! {
            <form class="stories" method="post" action="/desk/restore">
                <div class="bar">
                    <SelectionBar />
                    <button class="btn">"Restore chosen"</button>
                </div>
                <table>
                    <thead>
                        <tr>
                            <th scope="col"><span class="vh">"Choose"</span></th>
                            <th scope="col">"Headline"</th>
                            <th scope="col">"Section"</th>
                            <th scope="col">"Deleted by"</th>
                            <th scope="col">"Deleted"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </form>
        }
        .into_any()
    };
    let content = view! {
        <div class="desk">
            <h1>"Trash"</h1>
            <p class="meta">
                "Deleted stories stay here for 30 days and can be restored as they were."
            </p>
            {views(frame, "/desk/trash")}
            {notice.map(notice_line)}
            {jobs(frame, entries)}
            {list}
            {(!entries.is_empty()).then(empty_form)}
        </div>
    };
    Page { has_islands: !entries.is_empty(), ..Page::private("Trash", content.into_any()) }
}

/// For each deletion of everything a way to undo it as a whole.
fn jobs(frame: &Frame, entries: &[TrashEntry]) -> impl IntoView + use<> {
    let mut seen = Vec::new();
    let mut undo = Vec::new();
    for trashed in entries.iter().map(|entry| &entry.trashed) {
        let Some(job) = trashed.job.filter(|job| !seen.contains(job)) else { continue };
        seen.push(job);
        undo.push(view! {
            <form class="bar" method="post" action="/desk/restore">
                <input type="hidden" name="job" value=job.to_string() />
                <span>
                    "All news was deleted by " {trashed.by.clone()} ". "
                    <span class="meta">{time(trashed.at, frame.now)}</span>
                </span>
                <button class="btn">"Restore all of it"</button>
            </form>
        });
    }
    undo.collect_view()
}

fn empty_form() -> impl IntoView {
    view! {
        <details class="erase">
            <summary>"Empty the trash\u{2026}"</summary>
            <form class="bar" method="post" action="/desk/trash/empty">
                <label for="word">
                    "Everything in the trash is erased for good. Type \u{201c}erase\u{201d} to confirm."
                </label>
                <input id="word" name="word" autocomplete="off" required />
                <button class="btn danger">"Empty the trash"</button>
            </form>
        </details>
    }
}

fn row(frame: &Frame, entry: &TrashEntry) -> impl IntoView + use<> {
    let story = &entry.teaser;
    view! {
        <tr>
            {choose(story)}
            <td class="headline">{story.headline.clone()}</td>
            <td>{story.section.name.clone()}</td>
            <td>{entry.trashed.by.clone()}</td>
            <td>{time(entry.trashed.at, frame.now)}</td>
        </tr>
    }
}
