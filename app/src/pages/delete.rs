//! The question before stories are deleted; it works as a plain form.

use gazette_domain::Teaser;
use leptos::prelude::*;

use crate::frame::Frame;
use crate::pages::Page;

/// What is about to be deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeleteForm {
    /// These stories.
    Chosen(Vec<Teaser>),
    /// Every published story; the word must be typed.
    Everything {
        /// How many there are.
        published: usize,
        /// Whether another word was typed before.
        wrong_word: bool,
    },
}

/// Asks whether the stories may go.
pub fn delete(_frame: &Frame, form: &DeleteForm) -> Page {
    let (title, question) = match form {
        DeleteForm::Chosen(stories) => chosen(stories),
        DeleteForm::Everything { published, wrong_word } => everything(*published, *wrong_word),
    };
    let content = view! {
        <div class="panel">
            <h1>{title.clone()}</h1>
            <form method="post" action="/desk/delete">
                {question}
                <p class="meta">
                    "Deleted stories stay in the trash for 30 days. Their pages say that they are gone."
                </p>
                <p class="choices">
                    <button class="btn danger">{title.clone()}</button>
                    <a class="btn quiet" href="/desk">"Cancel"</a>
                </p>
            </form>
        </div>
    };
    Page::private(title, content.into_any())
}

fn chosen(stories: &[Teaser]) -> (String, AnyView) {
    let title = match stories.len() {
        1 => "Delete 1 story".to_owned(),
        count => format!("Delete {count} stories"),
    };
    let rows = stories
        .iter()
        .map(|story| {
            view! {
                <li>
                    <input r#type="hidden" name="id" value=story.id.to_string() />
                    <a href=story.path()>{story.headline.clone()}</a>
                </li>
            }
        })
        .collect_view();
    (title, view! { <ul class="chosen">{rows}</ul> }.into_any())
}

fn everything(published: usize, wrong_word: bool) -> (String, AnyView) {
    let title = match published {
        1 => "Delete the only story".to_owned(),
        count => format!("Delete all {count} stories"),
    };
    let fault = wrong_word.then(|| {
        view! {
            <p class="fault" id="word-fault" role="alert">
                "That was another word. Nothing was deleted."
            </p>
        }
    });
    let question = view! {
        <input r#type="hidden" name="all" value="yes" />
        <label class="field">
            <span>
                "Type the word " <strong>"delete"</strong> " to delete everything that is published"
            </span>
            <input
                name="word"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                required=true
                aria-invalid=wrong_word.then_some("true")
                aria-describedby=wrong_word.then_some("word-fault")
            />
        </label>
        {fault}
    };
    (title, question.into_any())
}
