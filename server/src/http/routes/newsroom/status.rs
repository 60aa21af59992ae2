//! The numbers of the process, for operators without Prometheus.

use axum::extract::State;
use axum::response::Response;
use gazette_app::pages::{
    self, Percentiles, Status, StatusHistory, StatusNumbers, StatusRange, StatusSlot,
};
use jiff::Timestamp;

use crate::http::reply::AppError;
use crate::http::request::RequestContext;
use crate::http::state::AppState;
use crate::metrics::{Durations, Recent, Slot, SlotRange};

/// `GET /desk/status`.
pub(in crate::http) async fn page(
    State(app): State<AppState>,
    context: RequestContext,
) -> Result<Response, AppError> {
    let recent = app.metrics.recent(app.clock.now().as_second());
    let status = Status {
        build: app.metrics.build().to_string(),
        engine: app.metrics.engine(),
        history: recent.map(history),
    };
    Ok(context.page(&app, |frame| pages::status(frame, &status)).await)
}

fn history(recent: Recent) -> StatusHistory {
    StatusHistory {
        since: timestamp(recent.since),
        hour: range(recent.hour),
        day: range(recent.day),
    }
}

fn range(range: SlotRange) -> StatusRange {
    let slot = |slot: Slot| StatusSlot {
        begins_at: timestamp(slot.begins_at),
        seconds: slot.seconds,
        numbers: numbers(&slot),
    };
    StatusRange {
        slot_seconds: range.slot_seconds,
        max_slots: range.max_slots,
        ends_at: timestamp(range.ends_at),
        sum: numbers(&range.sum),
        slots: range.slots.into_iter().map(slot).collect(),
    }
}

fn numbers(slot: &Slot) -> StatusNumbers {
    let change = &slot.change;
    StatusNumbers {
        requests: change.requests,
        errors: change.errors,
        responses: percentiles(&change.responses),
        denied: change.denied,
        limited: change.limited,
        shed: change.shed,
        reasons: change.reasons.iter().map(|(code, count)| (*code, *count)).collect(),
        cache_hits: change.cache_hits,
        cache_misses: change.cache_misses,
        store: percentiles(&change.store),
        store_errors: change.store_errors,
        pool: percentiles(&change.pool),
        pool_errors: change.pool_errors,
        memory: slot.memory,
    }
}

fn percentiles(durations: &Durations) -> Option<Percentiles> {
    let (p50, p99) = (durations.quantile(0.5)?, durations.quantile(0.99)?);
    Some(Percentiles { p50, p99 })
}

fn timestamp(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or_default()
}
