//! The page itself.

use gazette_domain::Endpoint;
use leptos::prelude::*;

use super::fields::SavedFields;
use super::subjects::Names;
use super::wording::Words;
use super::words::words;
use crate::markup::{IntoMarkup as _, Markup};
use crate::page::Page;

/// Names that the page lists at most.
const MAX_NAMES: usize = 50;

/// Saved form, with the names of what it is about.
#[derive(Clone, Debug)]
pub struct OfferedForm<'a> {
    /// Endpoint of the form.
    pub endpoint: Endpoint,
    /// Path that the form is submitted to.
    pub path: &'a str,
    /// Fields.
    pub fields: &'a SavedFields,
    /// Names of what it is about.
    pub names: &'a Names,
}

/// Asks whether the act should be done now; `None` for a form that is not of the newsroom.
pub fn saved_form(form: &OfferedForm<'_>) -> Option<Page> {
    let words = words(form.endpoint, form.fields, form.names)?;
    let title = words.question.clone();
    let class = if words.is_danger { "btn danger" } else { "btn" };
    let content = view! {
        <div class="panel saved-form">
            <h1>{title.clone()}</h1>
            <p>"You were signed out before this was done, so nothing has changed yet."</p>
            {names(form.names)}
            {typed(&words.typed)}
            {words.note.map(|note| view! { <p class="meta">{note}</p> })}
            <div class="actions">{submit(form, class, words.button)} {discard()}</div>
        </div>
    };
    Some(Page::newsroom(title, words.back, content.into_markup()))
}

/// Explains that the person may not do this any more, and shows what they typed.
pub fn refused_form(form: &OfferedForm<'_>) -> Option<Page> {
    let Words { question, typed: texts, .. } = words(form.endpoint, form.fields, form.names)?;
    let title = "You can't do this any more";
    let copy = (!texts.is_empty()).then(|| {
        view! { <p>"This is what you typed. Copy it if you need it: it is kept for an hour."</p> }
    });
    let content = view! {
        <div class="panel saved-form">
            <h1>{title}</h1>
            <p>
                {format!("You were signed out before this was done: \u{201c}{question}\u{201d} ")}
                "Since then your permissions have changed, and your account may no longer do it. Nothing was changed. Ask an admin if this is wrong."
            </p>
            {copy}
            {typed(&texts)}
            <div class="actions">
                <a class="btn" href=Endpoint::Account.path()>"Your account"</a>
                {discard()}
            </div>
        </div>
    };
    Some(Page::private(title, content.into_markup()))
}

fn names(names: &Names) -> impl IntoView + use<> {
    let items = names
        .known
        .iter()
        .take(MAX_NAMES)
        .map(|name| view! { <li><bdi>{name.clone()}</bdi></li> })
        .collect_view();
    let more = names.known.len().saturating_sub(MAX_NAMES);
    let more = (more > 0).then(|| view! { <p class="meta">{format!("And {more} more.")}</p> });
    (!names.known.is_empty()).then(|| view! { <ul class="selected">{items}</ul> {more} })
}

fn typed(texts: &[(&'static str, String)]) -> impl IntoView + use<> {
    let rows = texts
        .iter()
        .map(|(label, text)| {
            view! {
                <dt>{*label}</dt>
                <dd><pre dir="auto">{text.clone()}</pre></dd>
            }
        })
        .collect_view();
    (!texts.is_empty()).then(|| view! { <dl class="facts">{rows}</dl> })
}

/// Shows the form again, as a button.
fn submit(form: &OfferedForm<'_>, class: &'static str, button: String) -> Markup {
    // A file cannot be kept, so its page is opened instead.
    if form.endpoint == Endpoint::AddImage {
        return view! { <a class=class href=Endpoint::Images.path()>{button}</a> }.into_markup();
    }
    let hidden = form
        .fields
        .0
        .iter()
        .map(|(name, value)| {
            view! { <input r#type="hidden" name=name.clone() value=value.clone() /> }
        })
        .collect_view();
    view! {
        <form method="post" action=form.path.to_owned()>
            {hidden} <button class=class>{button}</button>
        </form>
    }
    .into_markup()
}

fn discard() -> impl IntoView {
    view! {
        <form method="post" action=Endpoint::DiscardSavedForm.path()>
            <button class="btn quiet">"Discard"</button>
        </form>
    }
}
