//! The metrics, on an address of their own, which the public does not reach (AZ-08).

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use gazette_authorizer::KeySource;

use crate::config::TrafficClass;
use crate::http::state::AppState;
use crate::log_writer::dropped_lines;
use crate::metrics::Gauges;
use crate::panics::caught_panics;

const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
/// Size of a page of memory; the file of the process counts in these.
const MEMORY_PAGE_BYTES: u64 = 4096;

/// Builds the router of the address for metrics.
pub(crate) fn metrics_router(app: AppState, keys: Arc<KeySource>) -> Router {
    Router::new().route("/metrics", get(text)).with_state((app, keys))
}

async fn text(State((app, keys)): State<(AppState, Arc<KeySource>)>) -> Response {
    let cache = &app.page_cache;
    let in_progress = TrafficClass::ALL.map(|class| (class.as_str(), app.in_progress.count(class)));
    let gauges = Gauges {
        key_age: keys.age(),
        in_progress: in_progress.into(),
        cache_hits: cache.hits.load(Ordering::Relaxed),
        cache_misses: cache.misses.load(Ordering::Relaxed),
        cached_pages: cache.current.len() as u64,
        dropped_log_lines: dropped_lines(),
        panics: caught_panics(),
        resident_bytes: resident_bytes().await,
    };
    ([(CONTENT_TYPE, TEXT)], app.metrics.text(&gauges)).into_response()
}

/// Returns the memory of the process; `None` where the system has no such file.
async fn resident_bytes() -> Option<u64> {
    let sizes = tokio::fs::read_to_string("/proc/self/statm").await.ok()?;
    let pages: u64 = sizes.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * MEMORY_PAGE_BYTES)
}
