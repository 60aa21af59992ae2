//! The confirmation pages before stories in the trash are deleted permanently.

use gazette_domain::{Endpoint, TrashEntry};
use leptos::prelude::*;

use crate::components::TextLanguage;
use crate::newsroom::number::stories;
use crate::page::Page;

/// Asks for confirmation before the selected stories are erased.
pub fn erase(entries: &[TrashEntry]) -> Page {
    let act = format!("Permanently delete {}", stories(entries.len()));
    let title = format!("{act}?");
    let rows = entries
        .iter()
        .map(|entry| {
            let story = &entry.teaser;
            let TextLanguage { lang, dir } = TextLanguage::of_story(story);
            view! {
                <li>
                    <input r#type="hidden" name="id" value=story.id.to_string() />
                    <bdi lang=lang dir=dir>{story.headline.clone()}</bdi>
                </li>
            }
        })
        .collect_view();
    let content = view! {
        <div class="panel">
            <h1>{title.clone()}</h1>
            <form method="post" action=Endpoint::EraseStories.path()>
                <ul class="selected">{rows}</ul>
                {no_way_back()}
                <p class="actions">
                    <button class="btn danger">{act}</button>
                    {cancel()}
                </p>
            </form>
        </div>
    };
    Page::newsroom(title, Endpoint::Trash, content.into_any())
}

/// Asks for the word before everything in the trash is erased.
pub fn empty_trash(count: usize, wrong_word: bool) -> Page {
    let title = format!("Permanently delete {}?", stories(count));
    let error = wrong_word.then(|| {
        view! {
            <p class="field-error" id="word-error" role="alert">
                "That doesn't match. Type \u{201c}erase\u{201d} to confirm."
            </p>
        }
    });
    let content = view! {
        <div class="panel">
            <h1>{title.clone()}</h1>
            <p>"This permanently deletes everything in Trash."</p>
            <form method="post" action=Endpoint::EmptyTrash.path()>
                <label class="field">
                    <span>"Type " <strong>"erase"</strong> " to confirm"</span>
                    <input
                        name="word"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        required=true
                        aria-invalid=wrong_word.then_some("true")
                        aria-describedby=wrong_word.then_some("word-error")
                    />
                </label>
                {error}
                {no_way_back()}
                <p class="actions">
                    <button class="btn danger">"Empty trash"</button>
                    {cancel()}
                </p>
            </form>
        </div>
    };
    Page::newsroom(title, Endpoint::Trash, content.into_any())
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
