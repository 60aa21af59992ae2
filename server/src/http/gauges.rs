//! Numbers that are read when the metrics are.

use std::sync::atomic::Ordering;

use gazette_authorizer::KeySource;

use crate::config::TrafficClass;
use crate::http::state::AppState;
use crate::log_writer::dropped_lines;
use crate::metrics::Gauges;
use crate::panics::caught_panics;

/// Size of a page of memory; the file of the process counts in these.
const MEMORY_PAGE_BYTES: u64 = 4096;

/// Reads the numbers that are not counted.
pub(super) async fn gauges(app: &AppState, keys: &KeySource) -> Gauges {
    let cache = &app.page_cache;
    let in_progress = TrafficClass::ALL.map(|class| (class.as_str(), app.in_progress.count(class)));
    Gauges {
        key_age: keys.age(),
        in_progress: in_progress.into(),
        cache_hits: cache.hits.load(Ordering::Relaxed),
        cache_misses: cache.misses.load(Ordering::Relaxed),
        cached_pages: cache.current.len() as u64,
        dropped_log_lines: dropped_lines(),
        panics: caught_panics(),
        resident_bytes: resident_bytes().await,
    }
}

/// Returns the memory of the process; `None` where the system has no such file.
async fn resident_bytes() -> Option<u64> {
    let sizes = tokio::fs::read_to_string("/proc/self/statm").await.ok()?;
    let pages: u64 = sizes.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * MEMORY_PAGE_BYTES)
}
