//! Shapes of a chart: paths in a box that is one wide for each slot, and 100 high.

use std::fmt::Write as _;

use super::data::{StatusRange, StatusSlot};
use super::measures::{Measure, Series, Style};
use super::scale::top_of;

/// Height of the box.
pub(super) const HEIGHT: f64 = 100.0;
/// Width of a bar and height of the lowest one, so that a single error is seen.
const BAR_WIDTH: f64 = 0.8;
const MIN_BAR: f64 = 2.0;

/// A chart without its words.
pub(super) struct Plot {
    /// Value at the top.
    pub(super) top: f64,
    /// Lowest and highest value of each series; `None` if it has none.
    pub(super) extremes: Vec<Option<(f64, f64)>>,
    /// Class and path of each series.
    pub(super) paths: Vec<(&'static str, String)>,
}

impl Plot {
    pub(super) fn new(measure: &Measure, range: &StatusRange) -> Self {
        let extremes: Vec<_> =
            measure.series.iter().map(|series| extremes(series, range)).collect();
        let max = match measure.style {
            Style::Lines => extremes.iter().flatten().map(|(_, max)| *max).fold(0.0, f64::max),
            Style::Bars => range.slots.iter().map(|slot| stack(measure, slot)).fold(0.0, f64::max),
        };
        let top = measure.top.unwrap_or_else(|| top_of(max));
        let paths = match measure.style {
            Style::Lines => {
                let line = |series: &Series| (series.class, line(series, range, top));
                measure.series.iter().map(line).collect()
            }
            Style::Bars => bars(measure, range, top),
        };
        Self { top, extremes, paths }
    }
}

fn extremes(series: &Series, range: &StatusRange) -> Option<(f64, f64)> {
    let values = range.slots.iter().filter_map(series.value);
    values
        .map(|value| (value, value))
        .reduce(|(low, high), (value, _)| (low.min(value), high.max(value)))
}

/// Returns the height of all bars of a slot together.
fn stack(measure: &Measure, slot: &StatusSlot) -> f64 {
    measure.series.iter().filter_map(|series| (series.value)(slot)).sum()
}

/// Returns the position of a slot; `None` outside the range.
fn position(range: &StatusRange, slot: &StatusSlot) -> Option<u16> {
    let before_end = range.ends_at.as_second() - slot.begins_at.as_second();
    let slots_before_end = usize::try_from(before_end / range.slot_seconds.max(1)).ok()?;
    let position = range.max_slots.checked_sub(slots_before_end)?;
    u16::try_from(position).ok().filter(|_| slots_before_end > 0)
}

/// Returns a line; it has a gap where a slot or a value is missing.
fn line(series: &Series, range: &StatusRange, top: f64) -> String {
    let mut path = String::new();
    let mut last = None;
    for slot in &range.slots {
        let (Some(position), Some(value)) = (position(range, slot), (series.value)(slot)) else {
            last = None;
            continue;
        };
        let continues = last.is_some_and(|last: u16| last.checked_add(1) == Some(position));
        let (x, y) = (f64::from(position) + 0.5, HEIGHT - HEIGHT * (value / top).min(1.0));
        // A line of no length shows a value without neighbors.
        let _ = if continues { write!(path, "L{x} {y:.1}") } else { write!(path, "M{x} {y:.1}h0") };
        last = Some(position);
    }
    path
}

/// Returns the bars of each series, on top of those before it.
fn bars(measure: &Measure, range: &StatusRange, top: f64) -> Vec<(&'static str, String)> {
    let mut paths: Vec<_> =
        measure.series.iter().map(|series| (series.class, String::new())).collect();
    for slot in &range.slots {
        let Some(position) = position(range, slot) else { continue };
        let x = f64::from(position) + (1.0 - BAR_WIDTH) / 2.0;
        let mut base = HEIGHT;
        for (series, (_, path)) in measure.series.iter().zip(&mut paths) {
            let value = (series.value)(slot).filter(|value| *value > 0.0);
            let Some(value) = value else { continue };
            let height = (HEIGHT * value / top).max(MIN_BAR);
            let _ = write!(path, "M{x:.1} {base:.1}v-{height:.1}h{BAR_WIDTH}v{height:.1}z");
            base -= height;
        }
    }
    paths
}
