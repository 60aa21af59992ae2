//! The activity page.

use gazette_domain::{AuditLine, AuditPage, AuditPosition, Endpoint, fold_audit};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use leptos::prelude::*;

use crate::components::with_query;
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::newsroom::activity::form::{ActivityForm, downloads, filter_form};
use crate::newsroom::activity::line::line;
use crate::newsroom::activity::verification::verification;
use crate::page::Page;

/// Content of the activity page.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    /// Filter, as it was typed.
    pub form: ActivityForm,
    /// Part of the log; `None` if the filter cannot be read.
    pub page: Option<AuditPage>,
    /// The part is the latest one.
    pub is_first: bool,
}

/// Shows a part of the log.
pub fn activity(frame: &Frame, shown: Activity) -> Page {
    let Activity { form, page, is_first } = shown;
    let log = page.map(|page| log(frame, &form, page, is_first));
    let content = view! {
        <div class="desk activity">
            <h1>"Activity"</h1>
            {filter_form(&form)}
            {log}
        </div>
    };
    Page::newsroom("Activity", Endpoint::Activity, content.into_markup())
}

fn log(
    frame: &Frame,
    form: &ActivityForm,
    mut page: AuditPage,
    is_first: bool,
) -> impl IntoView + use<> {
    let lines = fold_audit(std::mem::take(&mut page.records));
    let downloads = (!lines.is_empty() || page.next.is_some()).then(|| downloads(form));
    let content = if lines.is_empty() {
        view! { <p class="empty">{empty_text(frame, form, &page, is_first)}</p> }.into_markup()
    } else {
        // The bound of a search may cut a batch in two.
        let cut = (page.next.is_some() && !page.is_full).then(|| {
            view! { <p class="meta">"The last act above may go on. Continue to see the rest."</p> }
        });
        view! { <p class="meta">{zone_note(frame)}</p> {days(frame, &lines)} {cut} }.into_markup()
    };
    view! {
        {verification(&page.checked)}
        {downloads}
        {content}
        {links(frame, form, &page, is_first)}
    }
}

fn zone_note(frame: &Frame) -> String {
    let zone = &frame.site.time_zone;
    match zone.iana_name() {
        Some(name) if *zone != TimeZone::UTC => format!("Times are those of {name}."),
        _ => "Times are UTC.".to_owned(),
    }
}

fn empty_text(frame: &Frame, form: &ActivityForm, page: &AuditPage, is_first: bool) -> String {
    let is_filtered = !form.parameters().is_empty();
    match page.searched_back_to.filter(|_| page.next.is_some()) {
        Some(at) => format!("Nothing found back to {}.", short_date(frame, at)),
        None if !is_first => "Nothing earlier.".to_owned(),
        None if is_filtered => "No activity matches. Change the filter or clear it.".to_owned(),
        None => "No activity yet.".to_owned(),
    }
}

/// Shows the lines in one section for each day of the site's zone.
fn days(frame: &Frame, lines: &[AuditLine]) -> impl IntoView + use<> {
    let zone = &frame.site.time_zone;
    let day = |line: &AuditLine| line.latest.event.at.to_zoned(zone.clone()).date();
    let sections = lines.chunk_by(|one, other| day(one) == day(other));
    sections
        .map(|lines| {
            let heading = lines.first().map(day).map(heading);
            let items = lines.iter().map(|of| line(frame, of)).collect_view();
            view! {
                <section>
                    <h2>{heading}</h2>
                    <ol class="act-list">{items}</ol>
                </section>
            }
        })
        .collect_view()
}

fn heading(day: Date) -> String {
    day.strftime("%A, %-d %B %Y").to_string()
}

fn short_date(frame: &Frame, at: Timestamp) -> String {
    at.to_zoned(frame.site.time_zone.clone()).strftime("%-d %b %Y").to_string()
}

/// Shows the links to the latest and the next part.
fn links(
    frame: &Frame,
    form: &ActivityForm,
    page: &AuditPage,
    is_first: bool,
) -> impl IntoView + use<> {
    let path = Endpoint::Activity.path();
    let parameters = form.parameters();
    let latest = (!is_first).then(|| {
        let href = with_query(path, &parameters);
        view! { <li><a class="btn quiet" href=href>"Latest"</a></li> }
    });
    let next = page.next.map(|next| {
        let href = with_query(path, &continued(parameters, next));
        view! { <li><a class="btn" rel="next" href=href>{next_label(frame, page)}</a></li> }
    });
    let is_shown = latest.is_some() || next.is_some();
    is_shown.then(|| {
        view! { <nav class="pager" aria-label="Pages"><ul>{latest}{next}</ul></nav> }
    })
}

fn continued(
    parameters: Vec<(&'static str, String)>,
    next: AuditPosition,
) -> Vec<(&'static str, String)> {
    parameters.into_iter().chain([("before", next.to_string())]).collect()
}

fn next_label(frame: &Frame, page: &AuditPage) -> String {
    match page.searched_back_to.filter(|_| !page.is_full) {
        Some(at) => format!("Continue searching from {}", short_date(frame, at)),
        None => "Earlier".to_owned(),
    }
}
