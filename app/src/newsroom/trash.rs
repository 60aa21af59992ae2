//! The trash: deleted stories, with the forms to restore them and to delete them permanently.

use std::sync::Arc;

use gazette_domain::{Endpoint, Status, TrashBatch, TrashEntry, TrashPage, TrashSummary};
use leptos::prelude::*;

use crate::components::{PageLink, TextLanguage, page_links, time, time_left, with_query};
use crate::frame::Frame;
use crate::islands::{CHECKBOX_NAME, SelectionBar};
use crate::markup::{IntoMarkup as _, Markup};
use crate::newsroom::notice::{Notice, notice_line};
use crate::newsroom::number::{grouped, stories};
use crate::page::Page;

/// Contents of the page.
#[derive(Clone, Debug)]
pub struct Trash {
    /// One page of stories.
    pub page: TrashPage,
    /// The whole trash in numbers.
    pub summary: Arc<TrashSummary>,
    /// The page begins with the latest deletion.
    pub first: bool,
}

/// Shows the deleted stories.
pub fn trash(frame: &Frame, trash: &Trash, notice: Option<Notice>) -> Page {
    let Trash { page, summary, first } = trash;
    let first_page =
        (!first).then(|| PageLink { label: "First page", href: Endpoint::Trash.path().to_owned() });
    let next_page = page.next.as_ref().map(|cursor| PageLink {
        label: "Next page",
        href: with_query(Endpoint::Trash.path(), &[("cursor", cursor.to_string())]),
    });
    let batches = first.then(|| batches(frame, &summary.batches));
    let content = view! {
        <div class="desk">
            <h1>"Trash"</h1>
            <p class="meta">
                "Stories stay here for 30 days. Until then, you can restore them unchanged."
            </p>
            {notice.map(notice_line)}
            {batches}
            {list(frame, &page.entries, summary.stories)}
            {page_links(frame, first_page, next_page)}
            {danger_zone(summary.stories)}
        </div>
    };
    Page::newsroom("Trash", Endpoint::Trash, content.into_markup())
}

/// Shows one form for each time all stories were deleted.
fn batches(frame: &Frame, batches: &[TrashBatch]) -> impl IntoView + use<> {
    batches
        .iter()
        .map(|batch| {
            view! {
                <div class="batch">
                    <p>
                        <bdi>{batch.by.clone()}</bdi> " deleted all stories. "
                        <span class="meta">{time(frame, batch.at)}</span>
                    </p>
                    {restore_batch(batch, "btn quiet")}
                </div>
            }
        })
        .collect_view()
}

/// Shows the form that restores the stories of one deletion of all stories.
pub(super) fn restore_batch(batch: &TrashBatch, class: &'static str) -> impl IntoView + use<> {
    let label = match batch.stories {
        1 => "Restore 1 story".to_owned(),
        count => format!("Restore all {}", grouped(count)),
    };
    view! {
        <form method="post" action=Endpoint::RestoreStories.path()>
            <input type="hidden" name="job" value=batch.job.to_string() />
            <button class=class>{label}</button>
        </form>
    }
}

fn list(frame: &Frame, entries: &[TrashEntry], count: usize) -> Markup {
    if entries.is_empty() {
        return view! { <p class="empty">"Trash is empty."</p> }.into_markup();
    }
    let rows = entries.iter().map(|entry| row(frame, entry)).collect_view();
    view! {
        <form class="stories" method="post" action=Endpoint::RestoreStories.path()>
            <div class="toolbar">
                <SelectionBar />
                <button class="btn">"Restore selected"</button>
                <button
                    class="btn danger"
                    formmethod="get"
                    formaction=Endpoint::ConfirmErase.path()
                >
                    "Delete permanently\u{2026}"
                </button>
            </div>
            <h2 class="visually-hidden">{format!("{} in Trash", stories(count))}</h2>
            <ul class="trash-list">{rows}</ul>
        </form>
    }
    .into_markup()
}

fn row(frame: &Frame, entry: &TrashEntry) -> impl IntoView + use<> {
    let story = &entry.teaser;
    let TextLanguage { lang, dir } = TextLanguage::of_story(story);
    let label = format!("Select \u{201c}{}\u{201d}", story.headline);
    let status = status(entry).map(|status| view! { <span class="state">{status}</span> " · " });
    let reason = entry.trashed.reason.clone().map(|reason| {
        view! { <p class="meta why">"Reason: " <bdi>{reason}</bdi></p> }
    });
    view! {
        <li>
            <input
                r#type="checkbox"
                name=CHECKBOX_NAME
                value=story.id.to_string()
                aria-label=label
            />
            <div>
                <p class="headline" lang=lang dir=dir>{story.headline.clone()}</p>
                <p class="meta">
                    {status}
                    <span class="wide">
                        <bdi>{story.section.name.clone()}</bdi> " · Deleted by "
                    </span>
                    <bdi>{entry.trashed.by.clone()}</bdi> " · " {time(frame, entry.trashed.at)}
                </p>
                {reason}
            </div>
            <p class="goes">"Gone " {time_left(frame, entry.trashed.gone_at())}</p>
        </li>
    }
}

/// Returns the status that the story had when it was deleted; `None` if it is not known.
fn status(entry: &TrashEntry) -> Option<&'static str> {
    match entry.status? {
        Status::Draft => Some("Draft"),
        Status::Review => Some("In review"),
        Status::Published if entry.teaser.published_at > entry.trashed.at => Some("Scheduled"),
        Status::Published => Some("Published"),
    }
}

/// Shows the act that concerns everything in the trash, apart from the others.
fn danger_zone(in_trash: usize) -> impl IntoView {
    (in_trash > 0).then(|| {
        view! {
            <div class="danger-zone">
                <a class="btn danger-outline" href=Endpoint::ConfirmEmptyTrash.path()>
                    "Empty trash\u{2026}"
                </a>
                <p class="meta">"Permanently deletes " {stories(in_trash)} " in Trash."</p>
            </div>
        }
    })
}
