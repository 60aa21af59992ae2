//! The form of the search.

use gazette_domain::{Endpoint, Label};
use leptos::prelude::*;

use crate::components::TextLanguage;
use crate::frame::Frame;

/// The fields of the form, as they were sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchForm {
    /// Text.
    pub q: String,
    /// Slug of a section; empty for all.
    pub section: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
}

/// Shows the form. `invalid` is a field that is wrong, and what to do.
pub(super) fn search_form(
    frame: &Frame,
    form: &SearchForm,
    invalid: Option<(&str, &str)>,
) -> impl IntoView + use<> {
    let TextLanguage { lang, dir } = TextLanguage::interface(frame);
    let SearchForm { q, section, from, to } = form.clone();
    let error_of = |field: &str| {
        invalid.filter(|(wrong, _)| *wrong == field).map(|(_, message)| message.to_owned())
    };
    view! {
        <form
            class="search-form"
            role="search"
            aria-label="All stories"
            action=Endpoint::Search.path()
            method="get"
            lang=lang
            dir=dir
        >
            <div class="search-text">
                <label for="q">"Search all stories"</label>
                <input
                    type="search"
                    id="q"
                    name="q"
                    value=q
                    maxlength="200"
                    dir="auto"
                    autocomplete="off"
                    enterkeyhint="search"
                />
                <button class="btn" type="submit">
                    "Search"
                </button>
            </div>
            <div class="search-filters">
                {section_filter(&frame.sections, &section)}
                {day_filter("from", "From", from, error_of("from"))}
                {day_filter("to", "To", to, error_of("to"))}
            </div>
        </form>
    }
}

fn section_filter(sections: &[Label], chosen: &str) -> impl IntoView + use<> {
    let options = sections
        .iter()
        .map(|section| {
            let slug = section.slug.to_string();
            let is_chosen = slug == chosen;
            view! { <option value=slug selected=is_chosen>{section.name.clone()}</option> }
        })
        .collect_view();
    view! {
        <p>
            <label for="section">"Section"</label>
            <select id="section" name="section">
                <option value="">"All sections"</option>
                {options}
            </select>
        </p>
    }
}

fn day_filter(
    name: &'static str,
    label: &'static str,
    value: String,
    error: Option<String>,
) -> impl IntoView + use<> {
    let error_id = error.is_some().then(|| format!("{name}-error"));
    let message = error.map(|error| {
        view! { <span class="field-error" id=format!("{name}-error") role="alert">{error}</span> }
    });
    view! {
        <p>
            <label for=name>{label}</label>
            <input
                type="date"
                id=name
                name=name
                value=value
                aria-invalid=error_id.is_some().then_some("true")
                aria-describedby=error_id
            />
            {message}
        </p>
    }
}
