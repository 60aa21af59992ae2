//! Numbers that are read when the metrics are.

use std::time::Duration;

/// Numbers that are read when the metrics are.
#[derive(Debug)]
pub(crate) struct Gauges {
    /// Age of the user pool's keys; `None` while there are none.
    pub(crate) key_age: Option<Duration>,
    /// Requests in progress, by class.
    pub(crate) in_progress: Vec<(&'static str, usize)>,
    /// Requests that the page cache answered, and those that it did not.
    pub(crate) cache_hits: u64,
    pub(crate) cache_misses: u64,
    /// Pages in the cache.
    pub(crate) cached_pages: u64,
    /// Lines of the log that were dropped.
    pub(crate) dropped_log_lines: u64,
    /// Requests that panicked.
    pub(crate) panics: u64,
    /// Memory of the process in bytes, if the system tells it.
    pub(crate) resident_bytes: Option<u64>,
}
