//! The charts of the page and their values.

use std::time::Duration;

use super::data::{Percentiles, StatusNumbers, StatusSlot};
use super::words::{count, duration, memory, percent};

/// Description of a chart.
pub(super) struct Measure {
    /// Name in ids.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) style: Style,
    /// Unit, written after a value.
    pub(super) unit: &'static str,
    /// Top of the scale, if it is always the same.
    pub(super) top: Option<f64>,
    /// A value in words.
    pub(super) label: fn(f64) -> String,
    /// The whole range in words.
    pub(super) headline: fn(&StatusNumbers) -> String,
    pub(super) series: &'static [Series],
    /// Number of what failed, if this is not a chart of its own.
    pub(super) failed: Option<fn(&StatusNumbers) -> u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Bars on top of each other.
    Bars,
    Lines,
}

/// Values of the same kind over time.
pub(super) struct Series {
    pub(super) name: &'static str,
    /// Class of its shapes.
    pub(super) class: &'static str,
    pub(super) value: fn(&StatusSlot) -> Option<f64>,
    /// Cell of the table.
    pub(super) cell: fn(&StatusNumbers) -> String,
}

/// Every chart, in the order of the page.
pub(super) const MEASURES: [Measure; 8] = [
    Measure {
        id: "requests",
        title: "Requests",
        style: Style::Bars,
        unit: " a minute",
        top: None,
        label: count,
        headline: |sum| whole(sum.requests),
        series: &[Series {
            name: "Requests",
            class: "one",
            value: |slot| Some(per_minute(slot.numbers.requests, slot)),
            cell: |it| whole(it.requests),
        }],
        failed: None,
    },
    Measure {
        id: "errors",
        title: "Errors",
        style: Style::Bars,
        unit: " a minute",
        top: None,
        label: count,
        headline: |sum| whole(sum.errors),
        series: &[Series {
            name: "Errors (5xx)",
            class: "bad",
            value: |slot| Some(per_minute(slot.numbers.errors, slot)),
            cell: |it| whole(it.errors),
        }],
        failed: None,
    },
    Measure {
        id: "response-time",
        title: "Response time",
        style: Style::Lines,
        unit: "",
        top: None,
        label: duration,
        headline: |sum| both(sum.responses),
        series: &[
            Series {
                name: "p50",
                class: "one",
                value: |slot| Some(p50(slot.numbers.responses?)),
                cell: |it| optional(it.responses.map(p50)),
            },
            Series {
                name: "p99",
                class: "two",
                value: |slot| Some(p99(slot.numbers.responses?)),
                cell: |it| optional(it.responses.map(p99)),
            },
        ],
        failed: None,
    },
    Measure {
        id: "refusals",
        title: "Refusals",
        style: Style::Bars,
        unit: " a minute",
        top: None,
        label: count,
        headline: |sum| whole(sum.denied + sum.limited + sum.shed),
        series: &[
            Series {
                name: "Denied",
                class: "one",
                value: |slot| Some(per_minute(slot.numbers.denied, slot)),
                cell: |it| whole(it.denied),
            },
            Series {
                name: "Rate limited",
                class: "two",
                value: |slot| Some(per_minute(slot.numbers.limited, slot)),
                cell: |it| whole(it.limited),
            },
            Series {
                name: "Overloaded",
                class: "bad",
                value: |slot| Some(per_minute(slot.numbers.shed, slot)),
                cell: |it| whole(it.shed),
            },
        ],
        failed: None,
    },
    Measure {
        id: "page-cache",
        title: "Page cache",
        style: Style::Lines,
        unit: " from the cache",
        top: Some(100.0),
        label: percent,
        headline: |sum| hit_share(sum).map_or_else(none, percent),
        series: &[Series {
            name: "Hits",
            class: "one",
            value: |slot| hit_share(&slot.numbers),
            cell: |it| {
                format!("{} of {}", whole(it.cache_hits), whole(it.cache_hits + it.cache_misses))
            },
        }],
        failed: None,
    },
    Measure {
        id: "store",
        title: "Store",
        style: Style::Lines,
        unit: "",
        top: None,
        label: duration,
        headline: |sum| both(sum.store),
        series: &[
            Series {
                name: "p50",
                class: "one",
                value: |slot| Some(p50(slot.numbers.store?)),
                cell: |it| optional(it.store.map(p50)),
            },
            Series {
                name: "p99",
                class: "two",
                value: |slot| Some(p99(slot.numbers.store?)),
                cell: |it| optional(it.store.map(p99)),
            },
        ],
        failed: Some(|it| it.store_errors),
    },
    Measure {
        id: "pool",
        title: "User pool",
        style: Style::Lines,
        unit: "",
        top: None,
        label: duration,
        headline: |sum| both(sum.pool),
        series: &[
            Series {
                name: "p50",
                class: "one",
                value: |slot| Some(p50(slot.numbers.pool?)),
                cell: |it| optional(it.pool.map(p50)),
            },
            Series {
                name: "p99",
                class: "two",
                value: |slot| Some(p99(slot.numbers.pool?)),
                cell: |it| optional(it.pool.map(p99)),
            },
        ],
        failed: Some(|it| it.pool_errors),
    },
    Measure {
        id: "memory",
        title: "Memory",
        style: Style::Lines,
        unit: "",
        top: None,
        label: memory,
        headline: |sum| sum.memory.map(mib).map_or_else(none, memory),
        series: &[Series {
            name: "Resident",
            class: "one",
            value: |slot| slot.numbers.memory.map(mib),
            cell: |it| it.memory.map(mib).map_or_else(none, memory),
        }],
        failed: None,
    },
];

fn none() -> String {
    "\u{2013}".to_owned()
}

pub(super) fn whole(number: u64) -> String {
    count(as_f64(number))
}

fn optional(millis: Option<f64>) -> String {
    millis.map_or_else(none, duration)
}

fn both(percentiles: Option<Percentiles>) -> String {
    percentiles.map_or_else(none, |it| format!("{} / {}", duration(p50(it)), duration(p99(it))))
}

fn p50(percentiles: Percentiles) -> f64 {
    millis(percentiles.p50)
}

fn p99(percentiles: Percentiles) -> f64 {
    millis(percentiles.p99)
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

fn per_minute(number: u64, slot: &StatusSlot) -> f64 {
    as_f64(number) * 60.0 / as_f64(slot.seconds.max(1))
}

fn hit_share(numbers: &StatusNumbers) -> Option<f64> {
    let all = numbers.cache_hits + numbers.cache_misses;
    (all > 0).then(|| as_f64(numbers.cache_hits) * 100.0 / as_f64(all))
}

/// Returns bytes in MiB, so that the scale is round in them.
fn mib(bytes: u64) -> f64 {
    as_f64(bytes) / 1024.0 / 1024.0
}

#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
fn as_f64(number: u64) -> f64 {
    number as f64
}
