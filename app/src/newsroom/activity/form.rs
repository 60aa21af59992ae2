//! The filter of the activity page.

use gazette_domain::Endpoint;
use leptos::prelude::*;

use crate::components::with_query;
use crate::newsroom::activity::acts::{ACTS, words};

/// Fields of the filter, as they were typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActivityForm {
    /// Part of a person's name.
    pub person: String,
    /// Stable name of an act.
    pub act: String,
    /// Id of a story, or words of its headline.
    pub story: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
    /// Field that cannot be read, and the explanation.
    pub error: Option<(&'static str, String)>,
}

impl ActivityForm {
    /// Returns the fields that are not empty, as parameters of links.
    pub(super) fn parameters(&self) -> Vec<(&'static str, String)> {
        let fields = [
            ("person", &self.person),
            ("act", &self.act),
            ("story", &self.story),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let given = fields.into_iter().filter(|(_, value)| !value.is_empty());
        given.map(|(name, value)| (name, value.clone())).collect()
    }

    fn error_of(&self, name: &str) -> Option<&str> {
        self.error.as_ref().filter(|(field, _)| *field == name).map(|(_, text)| text.as_str())
    }
}

/// Shows the filter.
pub(super) fn filter_form(form: &ActivityForm) -> impl IntoView + use<> {
    let path = Endpoint::Activity.path();
    view! {
        <form class="activity-filter" method="get" role="search" aria-label="Activity" action=path>
            {input(form, "person", "Person", &form.person, "search")}
            {acts(form)}
            {input(form, "story", "Story: words or ID", &form.story, "search")}
            {input(form, "from", "From", &form.from, "date")}
            {input(form, "to", "To", &form.to, "date")}
            <p class="actions">
                <button class="btn">"Filter"</button>
                <a class="btn quiet" href=path>"Clear"</a>
            </p>
        </form>
    }
}

/// Shows the error of a field.
fn error_text(form: &ActivityForm, name: &str) -> Option<impl IntoView + use<>> {
    form.error_of(name).map(|text| {
        let (id, text) = (error_id(name), text.to_owned());
        view! { <span class="field-error" id=id role="alert">{text}</span> }
    })
}

fn error_id(name: &str) -> String {
    format!("{name}-error")
}

fn input(
    form: &ActivityForm,
    name: &'static str,
    label: &'static str,
    value: &str,
    kind: &'static str,
) -> impl IntoView + use<> {
    let error = error_text(form, name);
    let invalid = error.is_some();
    view! {
        <label class="field">
            <span>{label}</span>
            <input
                r#type=kind
                name=name
                value=value.to_owned()
                autocapitalize="none"
                spellcheck="false"
                aria-invalid=invalid.then_some("true")
                aria-describedby=invalid.then(|| error_id(name))
            />
            {error}
        </label>
    }
}

fn acts(form: &ActivityForm) -> impl IntoView + use<> {
    let chosen = form.act.clone();
    let options = ACTS
        .iter()
        .map(|action| {
            let name = action.as_str();
            view! { <option value=name selected=name == chosen>{words(*action).label}</option> }
        })
        .collect_view();
    view! {
        <label class="field">
            <span>"Act"</span>
            <select name="act">
                <option value="">"Any"</option>
                {options}
            </select>
            {error_text(form, "act")}
        </label>
    }
}

/// Shows the links that download what the filter finds.
pub(super) fn downloads(form: &ActivityForm) -> impl IntoView + use<> {
    let parameters = form.parameters();
    let href = |endpoint: Endpoint| with_query(endpoint.path(), &parameters);
    view! {
        <p class="meta downloads">
            "Download: "
            <a href=href(Endpoint::ActivityCsv) download=true>"CSV"</a>
            " "
            <a href=href(Endpoint::ActivityNdjson) download=true>"NDJSON"</a>
        </p>
    }
}
