//! Who did what: a day of the audit log.

use gazette_domain::{AuditDay, AuditRecord};
use leptos::prelude::*;

use crate::components::reason_code;
use crate::frame::Frame;
use crate::pages::Page;
use crate::pages::desk::views;

/// Shows a day of the log; `days` are all that have one, the latest first.
pub fn audit(frame: &Frame, days: &[String], day: &str, log: &AuditDay) -> Page {
    let rows = log.entries.iter().map(row).collect_view();
    let whole = if log.is_whole {
        view! { <p class="meta">"No entry was changed or taken out."</p> }.into_any()
    } else {
        view! {
            <p class="notice" role="alert">
                "This log was changed after it was written: an entry is missing or says something else."
            </p>
        }
        .into_any()
    };
    let earlier = log.entries.last().filter(|entry| entry.number > 1).map(|entry| {
        let href = format!("/desk/audit?day={day}&before={}", entry.number);
        view! { <nav class="pager" aria-label="Pages"><a class="btn" href=href>"Earlier"</a></nav> }
    });
    let content = view! {
        <div class="desk">
            <h1>"Log"</h1>
            {views(frame, "/desk/audit")}
            {choose_day(days, day)}
            {whole}
            <div class="stories">
                <table>
                    <caption class="vh">{format!("What was done on {day}, in UTC")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Time (UTC)"</th>
                            <th scope="col">"Who"</th>
                            <th scope="col">"Did"</th>
                            <th scope="col">"Story"</th>
                            <th scope="col">"Version"</th>
                            <th scope="col">"Why allowed"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {earlier}
        </div>
    };
    Page::private("Log", content.into_any())
}

/// Shows that nothing was ever done.
pub fn audit_is_empty(frame: &Frame) -> Page {
    let content = view! {
        <div class="desk">
            <h1>"Log"</h1>
            {views(frame, "/desk/audit")}
            <p class="empty">"Nothing was done here yet."</p>
        </div>
    };
    Page::private("Log", content.into_any())
}

fn choose_day(days: &[String], day: &str) -> impl IntoView + use<> {
    let options = days
        .iter()
        .map(|known| {
            view! { <option value=known.clone() selected=known == day>{known.clone()}</option> }
        })
        .collect_view();
    view! {
        <form class="bar" method="get" action="/desk/audit">
            <label for="day">"Day"</label>
            <select id="day" name="day">{options}</select>
            <button class="btn">"Show"</button>
        </form>
    }
}

fn row(entry: &AuditRecord) -> impl IntoView + use<> {
    let event = &entry.event;
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
            <td>{event.by.name.clone()}</td>
            <td>{event.action.as_str()}</td>
            <td class="headline">{event.headline.clone()}</td>
            <td>{versions}</td>
            <td>{reason_code(&event.by.reason)}</td>
        </tr>
    }
}
