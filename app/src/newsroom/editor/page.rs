//! The page of the editor.

use gazette_domain::{Endpoint, Opened, ReviewNote};
use leptos::prelude::*;

use super::bar::bar;
use super::conflict::conflict_section;
use super::messages::{day_and_time, field_id, place, sentence, zone_name};
use super::model::{Editor, Stage};
use super::notice::notice_line;
use super::settings::settings;
use super::text::text_pane;
use crate::components::time;
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::page::Page;

/// Shows the editor of a story.
pub fn editor(frame: &Frame, editor: &Editor) -> Page {
    let title = match (editor.id, editor.form.headline.trim()) {
        (None, _) => "New story".to_owned(),
        (Some(_), "") => "Untitled story".to_owned(),
        (Some(_), headline) => headline.to_owned(),
    };
    let heading = format!("Edit: {title}");
    let content = view! {
        <form
            class="editor"
            id="editor-form"
            method="post"
            action=editor.path()
            data-zone=zone_name(frame)
            data-story=editor.id.map(|id| id.to_string())
            data-person=editor.person.clone()
            data-unsaved=editor.is_unsaved.then_some("")
        >
            {bar(frame, editor)}
            <main id="main" tabindex="-1">
                <h1 class="visually-hidden" dir="auto">{heading.clone()}</h1>
                {hidden_fields(editor)}
                {messages(frame, editor)}
                <div class="panes">
                    {text_pane(editor)}
                    <section class="pane preview" id="preview" aria-label="Preview" tabindex="-1">
                        <p class="preview-title">
                            "Preview, as readers will see it" <a href="#headline">"Back to the text"</a>
                        </p>
                        <div id="preview-story" inner_html=editor.preview.clone()></div>
                    </section>
                    {settings(frame, editor)}
                </div>
            </main>
        </form>
    };
    Page::editor(heading, content.into_markup())
}

fn hidden_fields(editor: &Editor) -> impl IntoView + use<> {
    let key = editor.id.is_none().then(|| {
        view! { <input type="hidden" id="key" name="key" value=editor.key.clone() /> }
    });
    view! {
        <input type="hidden" id="version" name="version" value=editor.version.to_string() />
        <input type="hidden" id="tab" name="tab" value="" />
        <input type="hidden" id="sequence" name="sequence" value="0" />
        <input type="hidden" name="new_section" value=editor.new_section.clone() />
        {key}
    }
}

/// Shows what the person should know before writing on.
fn messages(frame: &Frame, editor: &Editor) -> impl IntoView + use<> {
    let public_path = editor.public_path.as_deref();
    let notice = editor.notice.map(|notice| notice_line(frame, notice, public_path));
    let conflict = editor.conflict.as_ref().map(|it| conflict_section(frame, editor, it));
    let errors = (!editor.errors.is_empty()).then(|| error_summary(editor));
    let remark = editor.remark.as_ref().filter(|remark| !remark.text.is_empty());
    let remark = remark.map(|remark| remark_note(frame, editor, remark));
    let others = opened_by(frame, &editor.others);
    let failure = editor.failure.clone().map(|text| {
        view! { <p class="failure" role="alert"><strong>"Not saved. "</strong> {text}</p> }
    });
    view! { <div class="editor-messages" id="messages">{failure} {notice} {conflict} {errors} {remark} {others}</div> }
}

/// Shows the broken rules as links to their fields.
fn error_summary(editor: &Editor) -> impl IntoView + use<> {
    let heading = match editor.errors.len() {
        1 => "1 thing to fix".to_owned(),
        count => format!("{count} things to fix"),
    };
    let mut errors: Vec<_> = editor.errors.iter().collect();
    errors.sort_by_key(|error| place(error.field));
    let items = errors
        .into_iter()
        .map(|error| {
            let href = format!("#{}", field_id(error.field));
            view! { <li><a href=href>{sentence(error)}</a></li> }
        })
        .collect_view();
    let saved = (!editor.is_unsaved).then_some("Your text is saved.");
    view! {
        <section class="error-summary" role="alert" aria-labelledby="errors-heading">
            <h2 id="errors-heading">{heading}</h2>
            {saved.map(|text| view! { <p>{text}</p> })}
            <ul>{items}</ul>
        </section>
    }
}

fn remark_note(frame: &Frame, editor: &Editor, remark: &ReviewNote) -> impl IntoView + use<> {
    let ReviewNote { text, by, at } = remark;
    let heading = format!(" sent this back at {}:", day_and_time(frame, *at));
    let changed = editor.id.filter(|_| editor.stage == Stage::Review).map(|id| {
        let href = format!("{}?with=note", Endpoint::StoryHistory.path_with(id));
        view! { <p><a href=href>"See what changed since"</a></p> }
    });
    view! {
        <aside class="remark" aria-label="Note from the editor">
            <p><strong><bdi>{by.name.clone()}</bdi> {heading}</strong></p>
            <p class="remark-text" dir="auto">{text.clone()}</p>
            {changed}
        </aside>
    }
}

fn opened_by(frame: &Frame, others: &[Opened]) -> impl IntoView + use<> {
    let lines = others
        .iter()
        .map(|Opened { by, at }| {
            let opened = time(frame, *at);
            view! { <li><bdi>{by.clone()}</bdi> " opened this " {opened}</li> }
        })
        .collect_view();
    view! { <ul class="opened-by" id="opened-by" hidden=others.is_empty()>{lines}</ul> }
}
