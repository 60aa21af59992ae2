//! The bar over the panes: stage, state of saving, and the acts.

use gazette_domain::Endpoint;
use leptos::prelude::*;

use super::messages::day_and_time;
use super::model::{Editor, Stage};
use crate::frame::Frame;
use crate::markup::{IntoMarkup as _, Markup};

/// Shows the bar.
pub(super) fn bar(frame: &Frame, editor: &Editor) -> impl IntoView + use<> {
    let history = editor.id.map(|id| {
        let href = Endpoint::StoryHistory.path_with(id);
        view! { <a class="btn quiet small wide-only" href=href>"History"</a> }
    });
    let view_link = editor
        .public_path
        .clone()
        .map(|path| view! { <a class="btn quiet small wide-only" href=path>"View story"</a> });
    let corrections = editor.id.filter(|_| editor.may_publish && editor.stage == Stage::Published);
    let corrections = corrections.map(|id| {
        let href = Endpoint::StoryCorrections.path_with(id);
        view! { <a class="btn quiet small wide-only" href=href>"Corrections"</a> }
    });
    let preview = format!("{}#preview", editor.path());
    let (action, label) = primary(editor);
    let save = (action != "save").then(|| {
        view! { <button class="btn quiet small" name="action" value="save">"Save"</button> }
    });
    view! {
        <header class="editor-bar">
            <div class="editor-where">
                <a class="btn quiet small back" href=Endpoint::Desk.path()>
                    <span class="narrow-hidden">"Stories"</span>
                </a>
                {stage_pill(frame, editor.stage)}
                {changes_pill(editor)}
                <span class="save-state" id="save-state" role="status">{save_state(frame, editor)}</span>
            </div>
            <div class="editor-acts">
                {history}
                {corrections}
                {view_link}
                // Enter in a field presses the first button, so saving comes before the others.
                {save}
                <button
                    class="btn quiet small wide-only"
                    name="action"
                    value="preview"
                    formaction=preview
                >
                    "Preview"
                </button>
                <button class="btn small" name="action" value=action>{label}</button>
            </div>
        </header>
    }
}

/// Shows what the bar has no room for on a phone.
pub(super) fn narrow_acts(editor: &Editor) -> impl IntoView + use<> {
    let link = |href: String, label: &'static str| {
        view! { <a class="btn quiet small" href=href>{label}</a> }
    };
    let history = editor.id.map(|id| link(Endpoint::StoryHistory.path_with(id), "History"));
    let corrections = editor.id.filter(|_| editor.may_publish && editor.stage == Stage::Published);
    let corrections =
        corrections.map(|id| link(Endpoint::StoryCorrections.path_with(id), "Corrections"));
    let page = editor.public_path.clone().map(|path| link(path, "View story"));
    let preview = format!("{}#preview", editor.path());
    view! {
        <div class="group-acts narrow-only">
            <button
                class="btn quiet small"
                name="action"
                value="preview"
                formaction=preview
            >
                "Preview"
            </button>
            {history} {corrections} {page}
        </div>
    }
}

/// Returns the value and the label of the one filled button.
fn primary(editor: &Editor) -> (&'static str, &'static str) {
    match (editor.stage, editor.may_publish) {
        (Stage::New | Stage::Draft, false) => ("review", "Hand in for review"),
        (_, false) | (Stage::Unknown, _) => ("save", "Save"),
        (Stage::New | Stage::Draft | Stage::Review, true) => ("publish", "Publish"),
        (Stage::Scheduled(_), true) => ("schedule", "Update"),
        (Stage::Published, true) => ("publish", "Update"),
    }
}

fn stage_pill(frame: &Frame, stage: Stage) -> Markup {
    let (class, text) = match stage {
        Stage::New => ("pill", "New story"),
        Stage::Draft => ("pill", "Draft"),
        Stage::Review => ("pill review", "In review"),
        Stage::Scheduled(at) => {
            let time = day_and_time(frame, at);
            // On a phone the colour and the time say enough.
            let words = view! { <span class="narrow-hidden">"Scheduled for "</span> };
            return view! { <span class="pill scheduled" id="stage">{words}{time}</span> }
                .into_markup();
        }
        Stage::Published => ("pill published", "Published"),
        Stage::Unknown => return ().into_markup(),
    };
    view! { <span class=class id="stage">{text}</span> }.into_markup()
}

/// Shows that readers do not see the latest text. An island shows and hides it too.
fn changes_pill(editor: &Editor) -> impl IntoView + use<> {
    let is_live = matches!(editor.stage, Stage::Published | Stage::Scheduled(_));
    is_live.then(|| {
        let hidden = !editor.is_dirty;
        let words = view! { <span class="narrow-hidden">"Unpublished "</span> };
        view! { <span class="pill changed" id="changes" hidden=hidden>{words}"changes"</span> }
    })
}

fn save_state(frame: &Frame, editor: &Editor) -> String {
    match &editor.saved {
        _ if editor.is_unsaved => "Not saved yet".to_owned(),
        Some(saved) => format!("Saved {}", day_and_time(frame, saved.at)),
        None => String::new(),
    }
}
