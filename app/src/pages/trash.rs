//! What was deleted, and the way back.

use gazette_domain::TrashEntry;
use leptos::prelude::*;

use crate::components::time;
use crate::frame::Frame;
use crate::islands::SelectionBar;
use crate::pages::desk::{choose, notice_line, views};
use crate::pages::{Notice, Page};

/// Lists deleted stories with a form that restores the chosen ones.
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
            {views("/desk/trash")}
            {notice.map(notice_line)}
            {list}
        </div>
    };
    Page { has_islands: !entries.is_empty(), ..Page::private("Trash", content.into_any()) }
}

fn row(frame: &Frame, entry: &TrashEntry) -> impl IntoView + use<> {
    let story = &entry.card;
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
