//! A chart with its words and its numbers.

use jiff::Timestamp;
use leptos::prelude::*;

use super::data::StatusRange;
use super::measures::{Measure, Style, whole};
use super::numbers::{numbers, reasons, tokens};
use super::plot::{HEIGHT, Plot};
use super::span::Span;
use crate::frame::Frame;

/// Shows a chart.
pub(super) fn chart(
    frame: &Frame,
    measure: &Measure,
    span: Span,
    range: &StatusRange,
) -> impl IntoView + use<> {
    let plot = Plot::new(measure, range);
    let headline = (measure.headline)(&range.sum);
    let failed = measure.failed.map(|failed| failed(&range.sum)).filter(|failed| *failed > 0);
    let failed = failed.map(|failed| {
        view! { <span class="failed">{format!("{} failed", whole(failed))}</span> }
    });
    let refusals = (measure.id == "refusals").then(|| (reasons(&range.sum), tokens(&range.sum)));
    let scale = format!("{}{}", (measure.label)(plot.top), measure.unit);
    view! {
        <figure class="chart">
            <figcaption>
                <h3>{measure.title}</h3>
                <p><strong>{headline}</strong> {failed}</p>
                <p>{legend(measure)}</p>
            </figcaption>
            <p class="scale" aria-hidden="true">{scale}</p>
            {drawing(frame, measure, span, range, plot)}
            <p class="axis" aria-hidden="true">
                <span>{span.time(frame, begin(range))}</span>
                <span>{span.time(frame, range.ends_at)}</span>
            </p>
            <div>
                {refusals}
                {numbers(frame, measure, span, range)}
            </div>
        </figure>
    }
}

/// Shows what the colors mean.
fn legend(measure: &Measure) -> impl IntoView + use<> {
    let entries = measure.series.iter().map(|series| {
        view! { <span class=format!("key {}", series.class)>{series.name}</span> }
    });
    entries.collect_view()
}

fn drawing(
    frame: &Frame,
    measure: &Measure,
    span: Span,
    range: &StatusRange,
    plot: Plot,
) -> impl IntoView + use<> {
    let id = format!("{}-{}", span.id(), measure.id);
    let (title_id, text_id) = (format!("{id}-title"), format!("{id}-text"));
    let described = format!("{title_id} {text_id}");
    let text = description(frame, measure, span, range, &plot);
    let style = match measure.style {
        Style::Bars => "bars",
        Style::Lines => "lines",
    };
    let paths = plot.paths.into_iter().filter(|(_, path)| !path.is_empty());
    let paths = paths
        .map(|(class, path)| view! { <path class=format!("{style} {class}") d=path /> })
        .collect_view();
    let width = range.max_slots;
    view! {
        <svg
            viewBox=format!("0 0 {width} {HEIGHT}")
            preserveAspectRatio="none"
            role="img"
            aria-labelledby=described
        >
            <title id=title_id>{measure.title}</title>
            <desc id=text_id>{text}</desc>
            <path class="grid" d=format!("M0 0H{width}M0 50H{width}M0 {HEIGHT}H{width}") />
            {paths}
        </svg>
    }
}

/// Returns the chart in a sentence.
fn description(
    frame: &Frame,
    measure: &Measure,
    span: Span,
    range: &StatusRange,
    plot: &Plot,
) -> String {
    let (from, to) = (span.time(frame, begin(range)), span.time(frame, range.ends_at));
    let series = measure.series.iter().zip(&plot.extremes).filter_map(|(series, extremes)| {
        let (low, high) = (*extremes)?;
        let (low, high) = ((measure.label)(low), (measure.label)(high));
        Some(format!("{} from {low} to {high}{}", series.name, measure.unit))
    });
    let series: Vec<String> = series.collect();
    if series.is_empty() {
        return format!("From {from} to {to}: no numbers.");
    }
    format!("From {from} to {to}: {}.", series.join("; "))
}

fn begin(range: &StatusRange) -> Timestamp {
    let slots = i64::try_from(range.max_slots).unwrap_or_default();
    let seconds = range.ends_at.as_second() - slots * range.slot_seconds;
    Timestamp::from_second(seconds).unwrap_or(range.ends_at)
}
