//! Outage of the store, as the readers' pages notice it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Time between two attempts to reach an unavailable store.
const RETRY_INTERVAL: Duration = Duration::from_millis(500);

/// Remembers that the store is unavailable, so that most requests need not find out.
#[derive(Default)]
pub(in crate::http) struct StoreOutage(Mutex<Option<Outage>>);

struct Outage {
    since: Instant,
    last_try: Instant,
}

/// Decision about a request that the store would have to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Attempt {
    /// The store is not known to be unavailable.
    Normal,
    /// The store is unavailable, and this request tries it again.
    Retry,
    /// The store is unavailable, and another request tries it.
    Skip,
}

impl StoreOutage {
    /// Returns whether a request should ask the store; at most one in [`RETRY_INTERVAL`] tries an
    /// unavailable one.
    pub(in crate::http) fn attempt(&self) -> Attempt {
        let mut outage = self.lock();
        let Some(outage) = outage.as_mut() else { return Attempt::Normal };
        if outage.last_try.elapsed() < RETRY_INTERVAL {
            return Attempt::Skip;
        }
        outage.last_try = Instant::now();
        Attempt::Retry
    }

    /// Records that the store failed; the log gets one line for each outage.
    pub(in crate::http) fn record_failure(&self, cause: &str) {
        let mut outage = self.lock();
        let now = Instant::now();
        if outage.is_none() {
            tracing::warn!(cause, "the store is unavailable; pages are served from memory");
            *outage = Some(Outage { since: now, last_try: now });
        }
    }

    /// Records that the store answered.
    pub(in crate::http) fn record_success(&self) {
        if let Some(outage) = self.lock().take() {
            let seconds = outage.since.elapsed().as_secs();
            tracing::info!(seconds, "the store answers again");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Outage>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_request_in_an_interval_tries_an_unavailable_store() {
        let outage = StoreOutage::default();
        assert_eq!(outage.attempt(), Attempt::Normal);
        outage.record_failure("gone");
        assert_eq!(outage.attempt(), Attempt::Skip);
        std::thread::sleep(RETRY_INTERVAL);
        assert_eq!([outage.attempt(), outage.attempt()], [Attempt::Retry, Attempt::Skip]);
        outage.record_success();
        assert_eq!(outage.attempt(), Attempt::Normal);
    }
}
