//! The activity page: one day of the audit log.

use gazette_domain::{Actor, AuditAction, AuditDay, AuditRecord, Endpoint};
use leptos::prelude::*;

use crate::components::{PageLink, page_links, reason_code};
use crate::frame::Frame;
use crate::newsroom::tabs::tabs;
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
            {tabs(frame, Endpoint::Activity)}
            {day_form(days, day)}
            {verification(log.is_intact)}
            {records_table(day, &log.entries)}
            {page_links(None, earlier)}
        </div>
    };
    Page::private("Activity", content.into_any())
}

/// Shows the page while the log has no records.
pub fn audit_is_empty(frame: &Frame) -> Page {
    let content = view! {
        <div class="desk">
            <h1>"Activity"</h1>
            {tabs(frame, Endpoint::Activity)}
            <p class="empty">"No activity yet."</p>
        </div>
    };
    Page::private("Activity", content.into_any())
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

fn records_table(day: &str, records: &[AuditRecord]) -> impl IntoView + use<> {
    let rows = records.iter().map(row).collect_view();
    view! {
        <div class="stories">
            <table>
                <caption class="visually-hidden">{format!("Activity on {day} (UTC)")}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Time (UTC)"</th>
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

fn row(record: &AuditRecord) -> impl IntoView + use<> {
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
                <time datetime=event.at.to_string()>{event.at.strftime("%H:%M:%S").to_string()}</time>
            </td>
            <td>{actor_name(&event.by)}</td>
            <td>{action_name(event.action)}</td>
            <td class="headline">{event.headline.clone()}</td>
            <td data-head="Version">{versions}</td>
            <td>{reason_code(&event.by.reason)}</td>
        </tr>
    }
}

/// Shows the user's name, or in italics the task of the system: a user may have any name.
fn actor_name(actor: &Actor) -> AnyView {
    match actor.sub {
        Some(_) => actor.name.clone().into_any(),
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
        AuditAction::Trashed => "Moved to trash",
        AuditAction::Restored => "Restored",
        AuditAction::Erased => "Permanently deleted",
        AuditAction::ImageAdded => "Uploaded picture",
        AuditAction::ImageDeleted => "Deleted picture",
    }
}
