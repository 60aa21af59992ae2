//! The confirmation page before stories are deleted. It works as a plain form.

use gazette_domain::{Endpoint, Teaser};
use leptos::prelude::*;

use crate::components::TextLanguage;
use crate::page::Page;

/// Stories to delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeleteForm {
    /// The selected stories.
    Selected(Vec<Teaser>),
    /// Every published story. The user must type a word to confirm.
    All {
        /// Number of published stories.
        published: usize,
        /// The word typed before was wrong.
        wrong_word: bool,
    },
}

/// Asks for confirmation.
pub fn delete(form: &DeleteForm) -> Page {
    let (title, fields) = match form {
        DeleteForm::Selected(stories) => (title(stories.len()), selected(stories)),
        DeleteForm::All { published, wrong_word } => {
            (title_of_all(*published), confirmation(*wrong_word))
        }
    };
    let content = view! {
        <div class="panel">
            <h1>{title.clone()}</h1>
            <form method="post" action=Endpoint::DeleteStories.path()>
                {fields}
                <p class="meta">
                    "Stories stay in Trash for 30 days. Readers will see \u{201c}This story was removed.\u{201d}"
                </p>
                <p class="actions">
                    <button class="btn danger">{title.clone()}</button>
                    <a class="btn quiet" href=Endpoint::Desk.path()>"Cancel"</a>
                </p>
            </form>
        </div>
    };
    Page::newsroom(title, Endpoint::Desk, content.into_any())
}

fn title(count: usize) -> String {
    match count {
        1 => "Delete 1 story".to_owned(),
        count => format!("Delete {count} stories"),
    }
}

fn title_of_all(published: usize) -> String {
    match published {
        1 => title(1),
        count => format!("Delete all {count} stories"),
    }
}

fn selected(stories: &[Teaser]) -> AnyView {
    let rows = stories
        .iter()
        .map(|story| {
            let TextLanguage { lang, dir } = TextLanguage::of_story(story);
            view! {
                <li>
                    <input r#type="hidden" name="id" value=story.id.to_string() />
                    <a lang=lang dir=dir href=story.path()>{story.headline.clone()}</a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="selected">{rows}</ul> }.into_any()
}

fn confirmation(wrong_word: bool) -> AnyView {
    let error = wrong_word.then(|| {
        view! {
            <p class="field-error" id="word-error" role="alert">
                "That doesn't match. Type \u{201c}delete\u{201d} to confirm."
            </p>
        }
    });
    view! {
        <input r#type="hidden" name="all" value="yes" />
        <label class="field">
            <span>"Type " <strong>"delete"</strong> " to confirm"</span>
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
    }
    .into_any()
}
