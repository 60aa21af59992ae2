//! The pane of the settings: publication, labels, address and picture.

use gazette_domain::Endpoint;
use leptos::prelude::*;

use super::fields::{Field, Line};
use super::language_names::{LANGUAGES, language_name};
use super::messages::zone_name;
use super::model::{Editor, Stage};
use super::picture::picture;
use crate::frame::Frame;

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

fn publication(frame: &Frame, editor: &Editor) -> impl IntoView + use<> {
    let (form, errors) = (&editor.form, editor.errors.as_slice());
    let zone = zone_name(frame);
    let time = |name, value: &str, hint: String| {
        Field::new(name, value, errors).hint(hint).line(Line::Time)
    };
    view! {
        <fieldset class="editor-group">
            <legend>"Publication"</legend>
            {time("publish_at", &form.publish_at, format!("Time in {zone}. Empty: when you publish."))}
            {acts(editor)}
            {page_link(editor)}
            {time("unpublish_at", &form.unpublish_at, format!("Time in {zone}. Empty: never."))}
            {time(
                "pin_until",
                &form.pin_until,
                format!("Keeps the story first on the front page until this time in {zone}."),
            )}
            {send_back(editor)}
        </fieldset>
    }
}

/// Shows the acts that are not the main one.
fn acts(editor: &Editor) -> impl IntoView + use<> {
    let button = |action: &'static str, label: &'static str| {
        view! { <button class="btn quiet small" name="action" value=action>{label}</button> }
    };
    let buttons = match (editor.stage, editor.may_publish) {
        (_, false) => Vec::new(),
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

/// Shows the link to the story's page, for which the bar has no room on a phone.
fn page_link(editor: &Editor) -> impl IntoView + use<> {
    editor.public_path.clone().map(|path| {
        view! { <p class="page-link narrow-only"><a href=path>"View story"</a></p> }
    })
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
            {Field::new("slug", &form.slug, errors)
                .hint("The end of the story\u{2019}s URL. Empty: made from the headline. Old addresses redirect.")
                .line(Line::Text)}
            {language(frame, editor)}
        </fieldset>
    }
}

fn language(frame: &Frame, editor: &Editor) -> AnyView {
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
    field.around(control.into_any())
}

fn trash(frame: &Frame, editor: &Editor) -> impl IntoView + use<> {
    let may_delete = frame.viewer.as_ref().is_some_and(|viewer| viewer.may_delete);
    editor.id.filter(|_| may_delete).map(|id| {
        let href = format!("{}?id={id}", Endpoint::ConfirmDelete.path());
        view! { <a class="btn danger-outline small" href=href>"Delete\u{2026}"</a> }
    })
}
