//! The page of the server's numbers.

use gazette_domain::Endpoint;
use leptos::prelude::*;

use super::chart::chart;
use super::data::{Status, StatusHistory, StatusRange};
use super::measures::MEASURES;
use super::span::Span;
use crate::components::time;
use crate::frame::Frame;
use crate::markup::IntoMarkup as _;
use crate::page::Page;

/// Shows the numbers of the last hour and the last day.
pub fn status(frame: &Frame, status: &Status) -> Page {
    let content = match &status.history {
        Some(history) => charts(frame, status, history).into_markup(),
        None => view! {
            <p class="empty">
                "This process keeps no numbers, because AWS Lambda freezes it between requests. Amazon CloudWatch has those of the function."
            </p>
        }
        .into_markup(),
    };
    let content = view! {
        <div class="desk status">
            <h1>"Status"</h1>
            {content}
        </div>
    };
    Page::newsroom("Status", Endpoint::Status, content.into_markup())
}

fn charts(frame: &Frame, status: &Status, history: &StatusHistory) -> impl IntoView + use<> {
    let is_new = history.hour.slots.is_empty();
    let is_new = is_new.then(|| {
        view! { <p class="notice">"The first numbers come with the next minute. Reload the page then."</p> }
    });
    view! {
        <p class="meta">
            "Numbers of this process alone. Reload the page for those of the next minute."
        </p>
        <dl class="facts">
            <dt>"Started"</dt>
            <dd>{time(frame, history.since)}</dd>
            <dt>"Version"</dt>
            <dd>{status.build.clone()}</dd>
            <dt>"Store"</dt>
            <dd>{status.engine}</dd>
        </dl>
        {is_new}
        {section(frame, Span::Hour, "Last hour", &history.hour)}
        {section(frame, Span::Day, "Last day", &history.day)}
    }
}

fn section(
    frame: &Frame,
    span: Span,
    title: &'static str,
    range: &StatusRange,
) -> impl IntoView + use<> {
    let charts: Vec<_> =
        MEASURES.iter().map(|measure| chart(frame, measure, span, range)).collect();
    let id = format!("last-{}", span.id());
    let label = id.clone();
    view! {
        <section aria-labelledby=label>
            <h2 id=id>{title}</h2>
            <div class="charts">{charts}</div>
        </section>
    }
}
