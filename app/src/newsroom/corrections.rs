//! The corrections of one story, with the form that adds one.

use gazette_domain::{Correction, Endpoint, Story};
use leptos::prelude::*;

use crate::components::{SafeTextarea, full_time};
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::newsroom::notice::{Notice, notice_line};
use crate::page::Page;

/// The form that adds a correction, as it was sent.
#[derive(Clone, Debug, Default)]
pub struct CorrectionForm {
    /// Text.
    pub text: String,
    /// Makes sending the form twice safe.
    pub key: String,
    /// Broken rule.
    pub error: Option<String>,
}

/// Shows the corrections of a story.
pub fn story_corrections(
    frame: &Frame,
    story: &Story,
    form: &CorrectionForm,
    notice: Option<Notice>,
) -> Page {
    let teaser = &story.teaser;
    let editor = Endpoint::EditStory.path_with(teaser.id);
    let content = view! {
        <div class="desk story-corrections">
            <h1>"Corrections"</h1>
            <p class="of-story"><a href=teaser.path() dir="auto">{teaser.headline.clone()}</a></p>
            <p><a class="btn quiet small" href=editor>"Back to the editor"</a></p>
            {notice.map(notice_line)}
            {if story.is_public(frame.now) {
                add_form(story, form).into_markup()
            } else {
                not_public(form).into_markup()
            }}
            {list(frame, story)}
        </div>
    };
    Page::newsroom("Corrections", Endpoint::Desk, content.into_markup())
}

fn add_form(story: &Story, form: &CorrectionForm) -> impl IntoView + use<> {
    let error = form.error.clone().map(|error| {
        view! { <p class="field-error" id="correction-error" role="alert">{error}</p> }
    });
    let described =
        if error.is_some() { "correction-error correction-hint" } else { "correction-hint" };
    view! {
        <form method="post" action=Endpoint::CorrectStory.path_with(story.teaser.id)>
            <input r#type="hidden" name="key" value=form.key.clone() />
            <input r#type="hidden" name="confirm" value=ASK />
            <div class="field">
                <label for="correction">"Correction"</label>
                <p class="meta" id="correction-hint">
                    "What was wrong, and what is right. Readers see it with today's date, below the story and on the page of all corrections. Once published, it cannot be taken back."
                </p>
                {error}
                <SafeTextarea
                    id="correction".to_owned()
                    name="text"
                    text=form.text.clone()
                    rows=5
                    described_by=Some(described.to_owned())
                    invalid=form.error.is_some()
                />
            </div>
            <button class="btn">"Publish correction\u{2026}"</button>
        </form>
    }
}

/// Value of the field `confirm` that asks for a page with the text before it is published.
pub const ASK: &str = "ask";
/// Value of the field `confirm` that returns to the form with what was typed.
pub const CHANGE: &str = "change";

/// Shows the text, and asks whether it is to be published.
pub fn confirm_correction(story: &Story, form: &CorrectionForm) -> Page {
    let title = "Publish this correction?";
    let teaser = &story.teaser;
    let content = view! {
        <div class="panel">
            <h1>{title}</h1>
            <p>"Correction of \u{201c}" <bdi>{teaser.headline.clone()}</bdi> "\u{201d}:"</p>
            <blockquote class="correction-text" dir="auto">{form.text.clone()}</blockquote>
            <p class="meta">"Readers see it at once. It cannot be taken back."</p>
            <form method="post" action=Endpoint::CorrectStory.path_with(teaser.id)>
                <input r#type="hidden" name="key" value=form.key.clone() />
                <input r#type="hidden" name="text" value=form.text.clone() />
                <p class="actions">
                    <button class="btn">"Publish correction"</button>
                    <button class="btn quiet" name="confirm" value=CHANGE>"Change the text"</button>
                </p>
            </form>
        </div>
    };
    Page::newsroom(title, Endpoint::Desk, content.into_markup())
}

fn not_public(form: &CorrectionForm) -> impl IntoView + use<> {
    let typed = (!form.text.is_empty())
        .then(|| view! { <p>"What you wrote:"</p><pre dir="auto">{form.text.clone()}</pre> });
    view! {
        <p class="notice" role="status">
            "Readers cannot see this story, so it has nothing to correct. Change its text instead."
        </p>
        {typed}
    }
}

fn list(frame: &Frame, story: &Story) -> impl IntoView + use<> {
    if story.corrections.is_empty() {
        return view! { <p class="empty">"No corrections of this story yet."</p> }.into_markup();
    }
    let item = |correction: &Correction| {
        view! {
            <li>
                <p class="meta">{full_time(frame, correction.at, &frame.site.language)}</p>
                <p class="text" dir="auto">{correction.text.clone()}</p>
            </li>
        }
    };
    let items = story.corrections.iter().rev().map(item).collect_view();
    view! {
        <h2>"Published corrections"</h2>
        <ul class="correction-list">{items}</ul>
    }
    .into_markup()
}
