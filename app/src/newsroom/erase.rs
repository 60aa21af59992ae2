//! Deleting stories in the trash permanently: the pages before, during and after.

use gazette_domain::{Endpoint, JobId, JobProgress, TrashEntry};
use leptos::prelude::*;

use crate::components::{TextLanguage, time};
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::newsroom::confirmation::word_field;
use crate::newsroom::deletion::progress_page;
use crate::newsroom::number::stories;
use crate::page::Page;

/// Asks for confirmation before the selected stories are erased.
pub fn erase(entries: &[TrashEntry], job: JobId) -> Page {
    let act = format!("Permanently delete {}", stories(entries.len()));
    let title = format!("{act}?");
    let rows = entries
        .iter()
        .map(|entry| {
            view! {
                <li>
                    <input r#type="hidden" name="id" value=entry.teaser.id.to_string() />
                    {headline(entry)}
                </li>
            }
        })
        .collect_view();
    let content = view! {
        <div class="panel">
            <h1>{title.clone()}</h1>
            <form method="post" action=Endpoint::EraseStories.path()>
                {job_field(job)}
                <ul class="selected">{rows}</ul>
                {no_way_back()}
                <p class="actions">
                    <button class="btn danger">{act}</button>
                    {cancel()}
                </p>
            </form>
        </div>
    };
    Page::newsroom(title, Endpoint::Trash, content.into_markup())
}

/// Asks for the word before everything in the trash is erased. `latest` are the stories that were
/// deleted last.
pub fn empty_trash(
    latest: &[TrashEntry],
    count: usize,
    job: JobId,
    wrong_word: Option<String>,
) -> Page {
    if count == 0 {
        return nothing_to_erase();
    }
    let rows = latest.iter().map(|entry| view! { <li>{headline(entry)}</li> }).collect_view();
    let more = count.saturating_sub(latest.len());
    let more = (more > 0).then(|| view! { <li>{format!("and {} more", stories(more))}</li> });
    let title = format!("Permanently delete {}?", stories(count));
    let content = view! {
        <div class="panel">
            <h1>{title.clone()}</h1>
            <p>"This permanently deletes everything in Trash."</p>
            <ul class="selected">{rows} {more}</ul>
            <form method="post" action=Endpoint::EmptyTrash.path()>
                {job_field(job)}
                {word_field("erase", wrong_word)}
                {no_way_back()}
                <p class="actions">
                    <button class="btn danger">"Empty trash"</button>
                    {cancel()}
                </p>
            </form>
        </div>
    };
    Page::newsroom(title, Endpoint::Trash, content.into_markup())
}

fn nothing_to_erase() -> Page {
    let content = view! {
        <div class="panel">
            <h1>"Trash is empty"</h1>
            <p class="actions"><a class="btn quiet" href=Endpoint::Desk.path()>"Stories"</a></p>
        </div>
    };
    Page::newsroom("Trash is empty", Endpoint::Trash, content.into_markup())
}

/// Shows how far an erasure is. The server makes the browser load the page again.
pub fn erasure_progress(progress: &JobProgress) -> Page {
    progress_page("Deleting stories permanently", "Permanently deleted", progress)
}

/// Shows what an erasure has done.
pub fn erasure_result(frame: &Frame, progress: &JobProgress) -> Page {
    let title = format!("Permanently deleted {}", stories(progress.finished));
    let content = view! {
        <div class="panel">
            <h1>{title.clone()}</h1>
            <p>
                "Started by " <bdi>{progress.by.clone()}</bdi> ". "
                <span class="meta">{time(frame, progress.at)}</span>
            </p>
            <p class="actions">
                <a class="btn quiet" href=Endpoint::Trash.path()>"Open Trash"</a>
                <a class="btn quiet" href=Endpoint::Desk.path()>"Stories"</a>
            </p>
        </div>
    };
    Page::newsroom(title, Endpoint::Trash, content.into_markup())
}

fn headline(entry: &TrashEntry) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::of_story(&entry.teaser);
    view! { <bdi lang=lang dir=dir>{entry.teaser.headline.clone()}</bdi> }
}

fn job_field(job: JobId) -> impl IntoView {
    view! { <input r#type="hidden" name="job" value=job.to_string() /> }
}

fn no_way_back() -> impl IntoView {
    view! {
        <p class="meta">
            "You cannot undo this. Pages of stories that readers could see still say that they were removed."
        </p>
    }
}

fn cancel() -> impl IntoView {
    view! { <a class="btn quiet" href=Endpoint::Trash.path()>"Cancel"</a> }
}
