//! The pane of the settings: publication, labels, address and picture.

use gazette_domain::{Endpoint, Slug};
use leptos::prelude::*;

use super::fields::{Field, Line};
use super::language_names::{LANGUAGES, language_name};
use super::messages::zone_name;
use super::model::{Editor, Stage};
use super::picture::picture;
use crate::frame::Frame;
use crate::markup::{IntoMarkup as _, Markup};

/// Shows the settings.
pub(super) fn settings(frame: &Frame, editor: &Editor) -> impl IntoView + use<> {
    view! {
        <section class="pane settings" aria-labelledby="settings-heading">
            <h2 id="settings-heading">"Story settings"</h2>
            {publication(frame, editor)}
            {labels(frame, editor)}
            {picture(editor)}
            {trash(frame, editor)}
        </section>
    }
}

fn publication(frame: &Frame, editor: &Editor) -> Markup {
    let (form, errors) = (&editor.form, editor.errors.as_slice());
    if !editor.may_publish {
        return times_of_editors(editor).into_markup();
    }
    let zone = zone_name(frame);
    let publish_at = Field::new("publish_at", &form.publish_at, errors);
    let publish_at = match editor.stage {
        Stage::Published => publish_at.hint(format!("Time in {zone}.")).label("Published"),
        _ => publish_at.hint(format!("Time in {zone}. Empty: when you publish.")),
    };
    view! {
        <fieldset class="editor-group">
            <legend>"Publication"</legend>
            {publish_at.line(Line::Time)}
            {acts(editor)}
            {discard(editor)}
            {Field::new("unpublish_at", &form.unpublish_at, errors)
                .hint(format!("Time in {zone}. Empty: never."))
                .line(Line::Time)}
            {Field::new("pin_until", &form.pin_until, errors)
                .hint(format!("Keeps the story first on the front page until this time in {zone}."))
                .line(Line::Time)}
            {send_back(editor)}
        </fieldset>
    }
    .into_markup()
}

/// Keeps the times that only editors set in the form of a writer.
fn times_of_editors(editor: &Editor) -> impl IntoView + use<> {
    let form = &editor.form;
    let field = |name: &'static str, value: &str| {
        view! { <input type="hidden" name=name value=value.to_owned() /> }
    };
    view! {
        {field("publish_at", &form.publish_at)}
        {field("unpublish_at", &form.unpublish_at)}
        {field("pin_until", &form.pin_until)}
    }
}

/// Shows the way back to what readers see. Opening it is the question, the button the answer. An
/// island shows and hides it too.
fn discard(editor: &Editor) -> impl IntoView + use<> {
    let shown = editor.may_publish && editor.stage == Stage::Published;
    let hidden = !editor.is_dirty;
    shown.then(|| {
        view! {
            <details class="discard" id="discard" hidden=hidden>
                <summary class="btn quiet small">"Discard changes\u{2026}"</summary>
                <p class="hint">
                    "Puts back the text that readers see. What you typed stays in the history."
                </p>
                <button class="btn danger-outline small" name="action" value="discard">
                    "Discard changes"
                </button>
            </details>
        }
    })
}

/// Shows the acts that are not the main one.
fn acts(editor: &Editor) -> impl IntoView + use<> {
    let button = |action: &'static str, label: &'static str| {
        view! { <button class="btn quiet small" name="action" value=action>{label}</button> }
    };
    let buttons = match (editor.stage, editor.may_publish) {
        (_, false) | (Stage::Unknown, _) => Vec::new(),
        (Stage::New | Stage::Draft, true) => {
            vec![button("schedule", "Schedule"), button("review", "Hand in for review")]
        }
        (Stage::Review, true) => vec![button("schedule", "Schedule")],
        (Stage::Scheduled(_), true) => {
            vec![button("publish", "Publish now"), button("unpublish", "Unschedule")]
        }
        (Stage::Published, true) => vec![button("unpublish", "Unpublish")],
    };
    (!buttons.is_empty()).then(|| view! { <div class="group-acts">{buttons}</div> })
}

/// Shows the form part that sends a story back to its author.
fn send_back(editor: &Editor) -> impl IntoView + use<> {
    let shown = editor.may_publish && editor.stage == Stage::Review;
    shown.then(|| {
        let field = Field::new("note", &editor.note, &editor.errors)
            .hint("Tell the author what to change.");
        view! {
            <div class="send-back">
                {field.area(3, "")}
                <button class="btn quiet small" name="action" value="send-back">"Send back"</button>
            </div>
        }
    })
}

fn labels(frame: &Frame, editor: &Editor) -> impl IntoView + use<> {
    let (form, errors) = (&editor.form, editor.errors.as_slice());
    let sections = editor
        .sections
        .iter()
        .map(|section| view! { <option value=section.clone()></option> })
        .collect_view();
    view! {
        <fieldset class="editor-group">
            <legend>"Details"</legend>
            {Field::new("section", &form.section, errors).line(Line::Suggested("sections"))}
            <datalist id="sections">{sections}</datalist>
            {Field::new("authors", &form.authors, errors)
                .hint("Separate names by commas.")
                .line(Line::Text)}
            {Field::new("tags", &form.tags, errors)
                .hint("Separate tags by commas.")
                .line(Line::Text)}
            {Field::new("slug", &form.slug, errors).hint(slug_hint(editor)).line(Line::Text)}
            {language(frame, editor)}
        </fieldset>
    }
}

/// Returns the hint of the address, which names another one once the headline has changed.
fn slug_hint(editor: &Editor) -> String {
    let hint =
        "The end of the story\u{2019}s URL. Empty: made from the headline. Old addresses redirect.";
    let has_address = matches!(editor.stage, Stage::Published | Stage::Scheduled(_));
    let slug = editor.form.slug.trim();
    let made = Slug::from_text(&editor.form.headline).filter(|_| has_address && !slug.is_empty());
    match made {
        Some(made) if !slug.starts_with(made.as_str()) => format!(
            "The headline has changed. To make the address \u{201c}{made}\u{201d}, empty this field: the old address redirects.",
        ),
        _ => hint.to_owned(),
    }
}

fn language(frame: &Frame, editor: &Editor) -> Markup {
    let current = editor.form.language.as_str();
    let site = frame.site.language.as_str();
    let option = |tag: &str, name: &str| {
        let (tag, name, selected) = (tag.to_owned(), name.to_owned(), tag == current);
        view! { <option value=tag.clone() selected=selected lang=tag>{name}</option> }
    };
    let is_listed = current.is_empty() || LANGUAGES.iter().any(|(tag, _)| *tag == current);
    let other = (!is_listed).then(|| option(current, current));
    let options = LANGUAGES.iter().map(|(tag, name)| option(tag, name)).collect_view();
    let field = Field::new("language", current, &editor.errors);
    let (described_by, invalid) = (field.described_by(), field.is_invalid());
    let unset = format!("Same as the site ({})", language_name(site));
    let control = view! {
        <select
            id="language"
            name="language"
            aria-describedby=described_by
            aria-invalid=invalid.then_some("true")
        >
            <option value="" selected=current.is_empty()>{unset}</option>
            {other}
            {options}
        </select>
    };
    field.around(control.into_markup())
}

fn trash(frame: &Frame, editor: &Editor) -> impl IntoView + use<> {
    let may_delete = frame.viewer.as_ref().is_some_and(|viewer| viewer.may_delete);
    editor.id.filter(|_| may_delete).map(|id| {
        let href = format!("{}?id={id}", Endpoint::ConfirmDelete.path());
        view! { <a class="btn danger-outline small" href=href>"Delete\u{2026}"</a> }
    })
}
