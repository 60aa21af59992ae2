//! Tables of the numbers that a chart shows.

use leptos::prelude::*;

use super::data::{StatusNumbers, StatusRange, StatusSlot};
use super::measures::{Measure, whole};
use super::span::Span;
use crate::components::reason_code;
use crate::frame::Frame;

/// Beginning of the codes of refused tokens.
const TOKEN: &str = "deny.token.";

/// Shows the numbers of each slot, the latest first.
pub(super) fn numbers(
    frame: &Frame,
    measure: &Measure,
    span: Span,
    range: &StatusRange,
) -> impl IntoView + use<> {
    let names = measure.series.iter().map(|series| series.name);
    let names = names.chain(measure.failed.map(|_| "Failed"));
    let heads = names.map(|name| view! { <th scope="col">{name}</th> }).collect_view();
    let rows: Vec<_> =
        range.slots.iter().rev().map(|slot| row(frame, measure, span, slot)).collect();
    let label = format!("{}, last {}", measure.title, span.id());
    let hidden = format!(" of {label}");
    view! {
        <details>
            <summary>"Numbers"<span class="visually-hidden">{hidden}</span></summary>
            <div class="numbers" tabindex="0" role="group" aria-label=label>
                <table>
                    <thead><tr><th scope="col">"From"</th> {heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

fn row(frame: &Frame, measure: &Measure, span: Span, slot: &StatusSlot) -> impl IntoView + use<> {
    let cells = measure.series.iter().map(|series| (series.cell)(&slot.numbers));
    let cells = cells.chain(measure.failed.map(|failed| whole(failed(&slot.numbers))));
    let cells = cells.map(|cell| view! { <td>{cell}</td> }).collect_view();
    view! { <tr><th scope="row">{span.time(frame, slot.begins_at)}</th> {cells}</tr> }
}

/// Shows the refusals by reason, the most frequent first. Their sum is that of the chart.
pub(super) fn reasons(sum: &StatusNumbers) -> Option<impl IntoView + use<>> {
    by_code(sum, "Reason", |code| !code.starts_with(TOKEN))
}

/// Shows the refused tokens. Their requests are among the refusals, as those of no one.
pub(super) fn tokens(sum: &StatusNumbers) -> Option<impl IntoView + use<>> {
    by_code(sum, "Refused token", |code| code.starts_with(TOKEN))
}

fn by_code(
    sum: &StatusNumbers,
    head: &'static str,
    is_shown: fn(&str) -> bool,
) -> Option<impl IntoView + use<>> {
    let mut reasons = sum.reasons.clone();
    reasons.retain(|(code, count)| *count > 0 && is_shown(code));
    reasons.sort_by_key(|(code, count)| (std::cmp::Reverse(*count), *code));
    let rows = reasons.iter().map(|(code, count)| {
        view! { <tr><th scope="row">{reason_code(code)}</th><td>{whole(*count)}</td></tr> }
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then(|| {
        view! {
            <table>
                <thead><tr><th scope="col">{head}</th><th scope="col">"Requests"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
    })
}
