//! The progress and the outcome of a deletion of all stories.

use gazette_domain::{DeletionProgress, Endpoint, TrashBatch};
use leptos::prelude::*;

use crate::components::time;
use crate::frame::Frame;
use crate::newsroom::number::{grouped, stories};
use crate::newsroom::trash::restore_batch;
use crate::page::Page;

/// Shows how far a deletion is. The server makes the browser load the page again.
pub fn deletion_progress(progress: &DeletionProgress) -> Page {
    let title = "Deleting all stories";
    let moved = grouped(progress.moved);
    let total = stories(progress.total);
    let content = view! {
        <div class="panel">
            <h1>{title}</h1>
            <p>
                <label for="progress">"Moved " {moved.clone()} " of " {total}</label>
            </p>
            <progress
                id="progress"
                max=progress.total.max(1).to_string()
                value=progress.moved.to_string()
            >
                {moved}
            </progress>
            <p class="meta">
                "You can leave this page. The deletion continues, even if the server restarts."
            </p>
        </div>
    };
    Page::newsroom(title, Endpoint::Trash, content.into_any())
}

/// Shows what a deletion has done, and offers to restore the stories that are still in the trash.
pub fn deletion_result(
    frame: &Frame,
    progress: &DeletionProgress,
    batch: Option<&TrashBatch>,
) -> Page {
    let title = format!("Moved {} to Trash", stories(progress.moved));
    let reason = progress.reason.clone().map(|reason| {
        view! { <p class="removal-reason" dir="auto">{reason}</p> }
    });
    let rest = match batch {
        Some(batch) => restore_batch(batch, "btn").into_any(),
        None if progress.moved == 0 => ().into_any(),
        None => view! { <p>"They are not in Trash any more."</p> }.into_any(),
    };
    let content = view! {
        <div class="panel">
            <h1>{title.clone()}</h1>
            <p>
                <bdi>{progress.by.clone()}</bdi> " deleted all stories. "
                <span class="meta">{time(frame, progress.at)}</span>
            </p>
            {reason}
            {rest}
            <p class="actions">
                <a class="btn quiet" href=Endpoint::Trash.path()>"Open Trash"</a>
                <a class="btn quiet" href=Endpoint::Desk.path()>"Stories"</a>
            </p>
        </div>
    };
    Page::newsroom(title, Endpoint::Trash, content.into_any())
}
