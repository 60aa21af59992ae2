//! One line of the activity page: a sentence, and its details.

use gazette_domain::{Actor, AuditAction, AuditEvent, AuditLine, AuditRecord, Endpoint};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::components::{datetime, long_form, reason_code};
use crate::frame::Frame;
use crate::markup::{IntoMarkup as _, Markup};
use crate::newsroom::activity::acts::{Object, Words, counted, schedule_words, words};

/// Headlines that the details of one line list.
const MAX_HEADLINES: usize = 100;

/// Shows a line as an item of a list.
pub(super) fn line(frame: &Frame, line: &AuditLine) -> impl IntoView + use<> {
    let at = line.latest.event.at;
    view! {
        <li class="act">
            <time datetime=datetime(at) title=long_form(frame, at)>{clock(frame, at, "%H:%M")}</time>
            <div>
                <p>{sentence(frame, line)}</p>
                <details>
                    <summary class="meta">"Details"</summary>
                    {headlines(frame, line)}
                    {facts(frame, line)}
                </details>
            </div>
        </li>
    }
}

fn clock(frame: &Frame, at: Timestamp, format: &str) -> String {
    at.to_zoned(frame.site.time_zone.clone()).strftime(format).to_string()
}

/// Returns "ada moved 23 stories to Trash".
fn sentence(frame: &Frame, line: &AuditLine) -> impl IntoView + use<> {
    let event = &line.latest.event;
    let is_about_schedule = line.is_about_schedule();
    let Words { verb, object, end, .. } =
        if is_about_schedule { schedule_words(event.action) } else { words(event.action) };
    let time = event.goes_live.filter(|_| line.count() == 1);
    let time = time.filter(|_| event.action != AuditAction::Withdrawn);
    let end = time
        .map_or_else(|| end.to_owned(), |time| format!(" for {}", live_time(frame, event, time)));
    let (before, name, after) = match line.count() {
        1 => thing(event, object),
        count => (counted(object, count), None, ""),
    };
    let name = name.map(|name| linked(event, object, name));
    // One text before the name and one after it.
    view! { {actor(&event.by)} {format!(" {verb} {before}")} {name} {format!("{after}{end}")} }
}

/// Returns "27 November, 06:00", with the year if it is not that of the act.
fn live_time(frame: &Frame, event: &AuditEvent, time: Timestamp) -> String {
    let year = |at| clock(frame, at, "%Y");
    let is_same_year = year(event.at) == year(time);
    clock(frame, time, if is_same_year { "%-d %B, %H:%M" } else { "%-d %B %Y, %H:%M" })
}

/// Links a story to its editor.
fn linked(event: &AuditEvent, object: Object, name: String) -> Markup {
    let name = view! { <bdi>{name}</bdi> };
    match event.story.filter(|_| matches!(object, Object::Story | Object::Draft)) {
        // A story in the trash has no editor; it is restored there.
        Some(_) if event.action == AuditAction::Trashed => {
            view! { <a href=Endpoint::Trash.path()>{name}</a> }.into_markup()
        }
        Some(id) => view! { <a href=Endpoint::EditStory.path_with(id)>{name}</a> }.into_markup(),
        None => name.into_markup(),
    }
}

/// Shows the person's name, or in italics the task of the system: a person may have any name.
fn actor(actor: &Actor) -> Markup {
    match (&actor.sub, actor.name.as_str()) {
        (Some(_), name) => view! { <b><bdi>{name.to_owned()}</bdi></b> }.into_markup(),
        // Old records do not name the task.
        (None, "operator") => view! { <em>"System"</em> }.into_markup(),
        (None, task) => view! { <em>{format!("System ({task})")}</em> }.into_markup(),
    }
}

/// Returns the thing of a record: text, its name, and text.
fn thing(event: &AuditEvent, object: Object) -> (String, Option<String>, &'static str) {
    let name = event.headline.clone();
    let (before, after) = match object {
        Object::Story | Object::FormerStory => ("\u{201c}", "\u{201d}"),
        Object::Draft => ("the draft \u{201c}", "\u{201d}"),
        Object::Picture => ("the picture \u{201c}", "\u{201d}"),
        Object::Redirect if name.starts_with('/') => ("the redirect ", ""),
        // The record of an import says "12 redirects from … to …".
        Object::Redirect | Object::Person => ("", ""),
    };
    (before.to_owned(), Some(name), after)
}

/// Lists the headlines of a line of several records.
fn headlines(frame: &Frame, line: &AuditLine) -> impl IntoView + use<> {
    let count = line.count();
    let items = line
        .records()
        .take(MAX_HEADLINES)
        .map(|record| {
            let time = record.event.goes_live;
            let time = time.map(|time| format!(", for {}", live_time(frame, &record.event, time)));
            let versions = versions(record).map(|versions| {
                let time = time.unwrap_or_default();
                view! { <span class="meta">{format!(" (version {versions}{time})")}</span> }
            });
            let object = words(record.event.action).object;
            let name = linked(&record.event, object, record.event.headline.clone());
            view! { <li>{name} {versions}</li> }
        })
        .collect_view();
    let more = count.saturating_sub(MAX_HEADLINES);
    let more = (more > 0).then(|| {
        view! { <p class="meta">{format!("And {more} more. The downloads list every entry.")}</p> }
    });
    (count > 1).then(|| view! { <ul class="act-headlines">{items}</ul> {more} })
}

fn facts(frame: &Frame, line: &AuditLine) -> impl IntoView + use<> {
    let latest = &line.latest;
    let by = &latest.event.by;
    let earliest = line.earlier.last().unwrap_or(latest);
    let form = "%-d %B %Y, %H:%M:%S %Z";
    let until = clock(frame, latest.event.at, form);
    let time = match clock(frame, earliest.event.at, form) {
        from if from == until => until,
        from => format!("{from} to {until}"),
    };
    let entries = match (earliest.number, latest.number) {
        (first, last) if first == last => format!("Entry {last}"),
        (first, last) => format!("Entries {first} to {last}"),
    };
    let entries = format!("{entries} of {}", latest.event.at.strftime("%-d %B %Y (UTC)"));
    let versions = versions(latest).filter(|_| line.count() == 1);
    let fact = |name: &'static str, value: Markup| view! { <dt>{name}</dt> <dd>{value}</dd> };
    let code = |text: &String| view! { <code>{text.clone()}</code> }.into_markup();
    view! {
        <dl class="facts">
            {fact("Time", time.into_markup())}
            {versions.map(|versions| fact("Version", versions.into_markup()))}
            {latest.event.removal_reason.as_ref().map(|reason| {
                fact("Reason for readers", view! { <bdi>{reason.clone()}</bdi> }.into_markup())
            })}
            {fact("Permission", reason_code(&by.reason).into_markup())}
            {by.request_id.as_ref().map(|id| fact("Request", code(id)))}
            {by.sub.as_ref().map(|sub| fact("Person ID", code(sub)))}
            {fact("In the log", entries.into_markup())}
        </dl>
    }
}

/// Returns "2 → 3"; `None` for things without versions.
fn versions(record: &AuditRecord) -> Option<String> {
    match (record.event.version_before, record.event.version_after) {
        (None, None) => None,
        (None, Some(after)) => Some(after.to_string()),
        (Some(before), None) => Some(format!("{before} \u{2192} \u{2013}")),
        (Some(before), Some(after)) => Some(format!("{before} \u{2192} {after}")),
    }
}
