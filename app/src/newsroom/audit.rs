//! The activity page: one day of the audit log.

use gazette_domain::{Actor, AuditAction, AuditDay, AuditRecord, Endpoint};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use leptos::prelude::*;

use crate::components::{PageLink, page_links, reason_code};
use crate::frame::Frame;
use crate::page::Page;

/// Shows one day of the log. `days` lists every day with records, the latest first.
pub fn audit(frame: &Frame, days: &[String], day: &str, log: &AuditDay) -> Page {
    let earlier = log.entries.last().filter(|record| record.number > 1).map(|record| PageLink {
        label: "Earlier",
        href: format!("{}?day={day}&before={}", Endpoint::Activity.path(), record.number),
    });
    let content = view! {
        <div class="desk">
            <h1>"Activity"</h1>
            {day_form(days, day)}
            {verification(log.is_intact)}
            {zone_note(frame)}
            {records_table(frame, day, &log.entries)}
            {page_links(frame, None, earlier)}
        </div>
    };
    Page::newsroom("Activity", Endpoint::Activity, content.into_any())
}

/// Shows the page while the log has no records.
pub fn audit_is_empty() -> Page {
    let content = view! {
        <div class="desk">
            <h1>"Activity"</h1>
            <p class="empty">"No activity yet."</p>
        </div>
    };
    Page::newsroom("Activity", Endpoint::Activity, content.into_any())
}

fn day_form(days: &[String], day: &str) -> impl IntoView + use<> {
    let options = days
        .iter()
        .map(|known| {
            view! { <option value=known.clone() selected=known == day>{known.clone()}</option> }
        })
        .collect_view();
    view! {
        <form class="toolbar" method="get" action=Endpoint::Activity.path()>
            <label for="day">"Day"</label>
            <select id="day" name="day">{options}</select>
            <button class="btn">"Show"</button>
        </form>
    }
}

fn verification(is_intact: bool) -> AnyView {
    if is_intact {
        view! { <p class="meta">"Log verified: no entries altered or missing."</p> }.into_any()
    } else {
        view! {
            <p class="notice" role="alert">
                "Warning: this log was tampered with. At least one entry was altered or is missing."
            </p>
        }
        .into_any()
    }
}

/// Explains the times when they are not those of the day. Renders nothing for a site in UTC.
fn zone_note(frame: &Frame) -> impl IntoView + use<> {
    let zone = &frame.site.time_zone;
    (*zone != TimeZone::UTC).then(|| {
        let zone = zone.iana_name().unwrap_or_default();
        let note = format!("Days begin at midnight UTC. Times are those of {zone}.");
        view! { <p class="meta">{note}</p> }
    })
}

/// Returns the time of a record in the site's zone, with the date if it is another one there.
fn time_of_day(frame: &Frame, day: &str, at: Timestamp) -> String {
    let at = at.to_zoned(frame.site.time_zone.clone());
    let is_same_day = at.strftime("%Y-%m-%d").to_string() == day;
    let form = if is_same_day { "%H:%M:%S" } else { "%-d %b, %H:%M:%S" };
    at.strftime(form).to_string()
}

fn records_table(frame: &Frame, day: &str, records: &[AuditRecord]) -> impl IntoView + use<> {
    let rows = records.iter().map(|record| row(frame, day, record)).collect_view();
    let zone = &frame.site.time_zone;
    let time_column = if *zone == TimeZone::UTC { "Time (UTC)" } else { "Time" };
    view! {
        <div class="stories log">
            <table>
                <caption class="visually-hidden">{format!("Activity on {day} (UTC)")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{time_column}</th>
                        <th scope="col">"User"</th>
                        <th scope="col">"Action"</th>
                        <th scope="col">"Story"</th>
                        <th scope="col">"Version"</th>
                        <th scope="col">"Permission"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn row(frame: &Frame, day: &str, record: &AuditRecord) -> impl IntoView + use<> {
    let event = &record.event;
    let version = |version: Option<u64>| version.map_or("\u{2013}".to_owned(), |v| v.to_string());
    let versions = match (event.version_before, event.version_after) {
        (None, after) => version(after),
        (before, after) => format!("{} \u{2192} {}", version(before), version(after)),
    };
    let title = event.by.request_id.as_ref().map(|id| format!("Request {id}"));
    view! {
        <tr>
            <td title=title>
                <time datetime=event.at.to_string()>{time_of_day(frame, day, event.at)}</time>
            </td>
            <td>{actor_name(&event.by)}</td>
            <td>{action_name(event.action)}</td>
            <td class="headline"><bdi>{event.headline.clone()}</bdi></td>
            <td data-head="Version">{versions}</td>
            <td>{reason_code(&event.by.reason)}</td>
        </tr>
    }
}

/// Shows the user's name, or in italics the task of the system: a user may have any name.
fn actor_name(actor: &Actor) -> AnyView {
    match actor.sub {
        Some(_) => view! { <bdi>{actor.name.clone()}</bdi> }.into_any(),
        None => view! { <em>{system_name(&actor.name)}</em> }.into_any(),
    }
}

/// Returns the name of the system with its task, which old records do not name.
fn system_name(task: &str) -> String {
    match task {
        "operator" => "System".to_owned(),
        task => format!("System ({task})"),
    }
}

fn action_name(action: AuditAction) -> &'static str {
    match action {
        AuditAction::Created => "Created",
        AuditAction::Published => "Published",
        AuditAction::Updated => "Updated",
        AuditAction::Withdrawn => "Unpublished",
        AuditAction::HandedIn => "Handed in",
        AuditAction::SentBack => "Sent back",
        AuditAction::Corrected => "Corrected",
        AuditAction::Reverted => "Earlier version restored",
        AuditAction::Trashed => "Moved to trash",
        AuditAction::Restored => "Restored",
        AuditAction::Erased => "Permanently deleted",
        AuditAction::RedirectAdded => "Redirect added",
        AuditAction::RedirectRemoved => "Redirect removed",
        AuditAction::ImageAdded => "Uploaded picture",
        AuditAction::ImageDeleted => "Deleted picture",
    }
}
