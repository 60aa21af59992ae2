//! Requests to the user pool.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::histogram::Histogram;

/// Requests to the user pool: their durations, and how many failed.
#[derive(Debug, Default)]
pub(crate) struct PoolRequests {
    pub(super) durations: Histogram,
    errors: AtomicU64,
}

impl PoolRequests {
    /// Counts and times a request. `is_failure` tells it from an answer that refuses something.
    pub(crate) async fn measured<T, E>(
        &self,
        request: impl Future<Output = Result<T, E>>,
        is_failure: impl FnOnce(&T) -> bool,
    ) -> Result<T, E> {
        let start = Instant::now();
        let result = request.await;
        self.durations.record(start.elapsed());
        if result.as_ref().map_or(true, is_failure) {
            self.errors.fetch_add(1, Ordering::Relaxed);
        }
        result
    }

    pub(super) fn errors(&self) -> u64 {
        self.errors.load(Ordering::Relaxed)
    }
}
