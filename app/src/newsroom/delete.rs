//! The confirmation page before stories are deleted. It works as a plain form.

use std::sync::Arc;

use gazette_domain::{Endpoint, JobId, SectionCount, Teaser};
use leptos::prelude::*;

use crate::components::TextLanguage;
use crate::markup::{IntoMarkup as _, Markup};
use crate::newsroom::confirmation::word_field;
use crate::newsroom::number::{grouped, stories as stories_text};
use crate::page::Page;

/// The most sections that have a row of their own.
const MAX_SECTIONS: usize = 20;

/// Stories to delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToDelete {
    /// The selected stories.
    Selected {
        /// Stories.
        stories: Vec<Teaser>,
        /// Readers could see at least one of them.
        is_public: bool,
    },
    /// Every published story. The user must type a word to confirm.
    All {
        /// Number of published stories of each section.
        sections: Arc<Vec<SectionCount>>,
        /// Id of the deletion, which begins once.
        job: JobId,
        /// Another word that was typed before.
        wrong_word: Option<String>,
    },
}

/// The form, with what was typed before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeleteForm {
    /// Stories to delete.
    pub stories: ToDelete,
    /// Reason as typed.
    pub reason: String,
    /// Message about the reason.
    pub reason_error: Option<String>,
}

/// Asks for confirmation.
pub fn delete(form: &DeleteForm) -> Page {
    let (act, question, first, last, is_public) = match &form.stories {
        ToDelete::Selected { stories, is_public } => {
            let act = format!("Delete {}", stories_text(stories.len()));
            (act.clone(), format!("{act}?"), headlines(stories), ().into_markup(), *is_public)
        }
        ToDelete::All { sections, job, wrong_word } => {
            let total: usize = sections.iter().map(|section| section.stories).sum();
            if total == 0 {
                return nothing_to_delete();
            }
            let act = title_of_all(total);
            let question = format!("{act}?");
            let word = confirmation(*job, wrong_word.clone());
            (act, question, by_section(sections, total), word, true)
        }
    };
    let note = if is_public {
        "Stories stay in Trash for 30 days. Readers will see \u{201c}This story was removed.\u{201d}"
    } else {
        "Stories stay in Trash for 30 days. Until then, you can restore them."
    };
    let reason = is_public.then(|| reason_field(form));
    let content = view! {
        <div class="panel">
            <h1>{question.clone()}</h1>
            <form method="post" action=Endpoint::DeleteStories.path()>
                {first} {reason} {last}
                <p class="meta">{note}</p>
                <p class="actions">
                    <button class="btn danger">{act}</button>
                    <a class="btn quiet" href=Endpoint::Desk.path()>"Cancel"</a>
                </p>
            </form>
        </div>
    };
    Page::newsroom(question, Endpoint::Desk, content.into_markup())
}

fn nothing_to_delete() -> Page {
    let title = "There are no published stories";
    let content = view! {
        <div class="panel">
            <h1>{title}</h1>
            <p>"Drafts and scheduled stories can be selected in the list of stories."</p>
            <p class="actions">
                <a class="btn" href=Endpoint::Desk.path()>"Stories"</a>
            </p>
        </div>
    };
    Page::newsroom(title, Endpoint::Desk, content.into_markup())
}

fn title_of_all(published: usize) -> String {
    match published {
        1 => "Delete 1 story".to_owned(),
        count => format!("Delete all {}", stories_text(count)),
    }
}

fn headlines(stories: &[Teaser]) -> Markup {
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
    view! { <ul class="selected">{rows}</ul> }.into_markup()
}

fn by_section(sections: &[SectionCount], total: usize) -> Markup {
    let row = |name: Markup, count: usize| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{grouped(count)}</td>
            </tr>
        }
    };
    let shown = sections.get(..MAX_SECTIONS).unwrap_or(sections);
    let others: usize = sections.iter().skip(MAX_SECTIONS).map(|section| section.stories).sum();
    let rows = shown
        .iter()
        .map(|it| row(view! { <bdi>{it.section.clone()}</bdi> }.into_markup(), it.stories))
        .collect_view();
    let others = (others > 0).then(|| row("Other sections".into_markup(), others));
    view! {
        <table class="counts">
            <caption>"Published stories by section"</caption>
            <tbody>{rows} {others}</tbody>
            <tfoot>{row("All sections".into_markup(), total)}</tfoot>
        </table>
        <p class="meta">"Drafts and scheduled stories stay."</p>
    }
    .into_markup()
}

fn reason_field(form: &DeleteForm) -> impl IntoView + use<> {
    let is_wrong = form.reason_error.is_some();
    let error = form.reason_error.clone().map(|message| {
        view! { <p class="field-error" id="reason-error" role="alert">{message}</p> }
    });
    let described_by = if is_wrong { "reason-error reason-hint" } else { "reason-hint" };
    view! {
        <div class="field reason">
            <label for="reason">"Reason (optional)"</label>
            <input
                id="reason"
                name="reason"
                value=form.reason.clone()
                dir="auto"
                autocomplete="off"
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=described_by
            />
            {error}
            <p class="meta" id="reason-hint">
                "Shown to readers on the story's page. At most 300 characters."
            </p>
        </div>
    }
}

fn confirmation(job: JobId, wrong_word: Option<String>) -> Markup {
    view! {
        <input r#type="hidden" name="all" value="yes" />
        <input r#type="hidden" name="job" value=job.to_string() />
        {word_field("delete", wrong_word)}
    }
    .into_markup()
}
