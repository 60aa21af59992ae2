//! Both texts of a conflict, side by side.

use gazette_domain::readable_value;
use leptos::prelude::*;

use super::messages::{day_and_time, field_id, field_label, place};
use super::model::{Conflict, ConflictField, Editor};
use crate::components::SafeTextarea;
use crate::frame::Frame;

/// Lines of a shown text at most.
const MAX_ROWS: usize = 14;

/// Shows the texts of the other save beside what was typed here.
pub(super) fn conflict_section(
    frame: &Frame,
    editor: &Editor,
    conflict: &Conflict,
) -> impl IntoView + use<> {
    let Conflict { by, at, fields } = conflict;
    let time = day_and_time(frame, *at);
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_by_key(|it| place(it.field));
    let pairs = fields
        .into_iter()
        .map(|ConflictField { field, by, text }| {
            let mine = editor.form.get(field).unwrap_or_default();
            pair(field, by, &readable_value(field, text), &readable_value(field, mine))
        })
        .collect_view();
    view! {
        <section class="conflict" role="alert" aria-labelledby="conflict-heading">
            <h2 id="conflict-heading">
                <bdi>{by.clone()}</bdi>
                " changed the same text at "
                {time}
            </h2>
            <p>
                "Nothing you typed is lost: it is still in the form below. Use theirs where you prefer it, or copy what you need from it. Saving keeps what is in the form."
            </p>
            {pairs}
            <p class="group-acts">
                <button class="btn small" name="action" value="save">"Keep mine and save"</button>
            </p>
        </section>
    }
}

fn pair(name: &'static str, by: &str, theirs: &str, mine: &str) -> impl IntoView + use<> {
    let id = field_id(name);
    let label = field_label(name);
    let rows = |text: &str| {
        let lines = text.lines().count() + text.len() / 60 + 1;
        u32::try_from(lines.min(MAX_ROWS)).unwrap_or(1)
    };
    let rows = rows(theirs).max(rows(mine));
    let area = |side: &str, title: String, text: &str| {
        let (id, text) = (format!("{side}-{id}"), text.to_owned());
        view! {
            <div>
                <label for=id.clone()>{title}</label>
                <SafeTextarea id=id text=text rows=rows readonly=true />
            </div>
        }
    };
    let link = format!("#{id}");
    view! {
        <div class="conflict-pair" data-field=id>
            <h3><a href=link>{label}</a></h3>
            <div class="sides">
                {area("theirs", format!("{label}, as {by} saved it"), theirs)}
                {area("mine", format!("{label}, as you typed it"), mine)}
            </div>
            <button class="btn quiet small" name="theirs" value=name>"Use theirs"</button>
        </div>
    }
}
