//! The progress and the outcome of a deletion of all stories.

use gazette_domain::{Endpoint, JobProgress, TrashBatch};
use leptos::prelude::*;

use crate::components::time;
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::newsroom::number::{grouped, stories};
use crate::newsroom::trash::restore_batch;
use crate::page::Page;

/// Shows how far a deletion is. The server makes the browser load the page again.
pub fn deletion_progress(progress: &JobProgress) -> Page {
    progress_page("Deleting all stories", "Moved", progress)
}

/// Shows how far a job is. `done` says what has been done with the stories that are finished.
pub(super) fn progress_page(
    title: &'static str,
    done: &'static str,
    progress: &JobProgress,
) -> Page {
    let finished = grouped(progress.finished);
    let total = stories(progress.total);
    let content = view! {
        <div class="panel">
            <h1>{title}</h1>
            <p>
                <label for="progress">{done} " " {finished.clone()} " of " {total}</label>
            </p>
            <progress
                id="progress"
                max=progress.total.max(1).to_string()
                value=progress.finished.to_string()
            >
                {finished}
            </progress>
            <p class="meta">
                "You can leave this page. The deletion continues, even if the server restarts."
            </p>
        </div>
    };
    Page::newsroom(title, Endpoint::Trash, content.into_markup())
}

/// Shows what a deletion has done, and offers to restore the stories that are still in the trash.
pub fn deletion_result(frame: &Frame, progress: &JobProgress, batch: Option<&TrashBatch>) -> Page {
    let title = format!("Moved {} to Trash", stories(progress.finished));
    let reason = progress.reason.clone().map(|reason| {
        view! { <p class="removal-reason" dir="auto">{reason}</p> }
    });
    let rest = match batch {
        Some(batch) => restore_batch(batch, "btn").into_markup(),
        None if progress.finished == 0 => ().into_markup(),
        None => view! { <p>"They are not in Trash any more."</p> }.into_markup(),
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
    Page::newsroom(title, Endpoint::Trash, content.into_markup())
}
