//! Histogram of durations.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds in microseconds, with their text in seconds.
pub(super) const BOUNDS: [(u64, &str); 12] = [
    (250, "0.00025"),
    (500, "0.0005"),
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (1_000_000, "1"),
    (5_000_000, "5"),
];

/// One count for each bound, and one for what is above all of them.
pub(super) type Buckets = [u64; BOUNDS.len() + 1];

/// Number of durations below each bound, and their sum.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    /// Not cumulated.
    counts: [AtomicU64; BOUNDS.len() + 1],
    sum_micros: AtomicU64,
}

impl Histogram {
    pub(super) fn record(&self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        let index = BOUNDS.iter().take_while(|(bound, _)| micros > *bound).count();
        if let Some(count) = self.counts.get(index) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.sum_micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// Returns the counts, not cumulated.
    pub(super) fn counts(&self) -> Buckets {
        self.counts.each_ref().map(|count| count.load(Ordering::Relaxed))
    }

    /// Returns the cumulated counts, the last of which is the number of all durations.
    pub(super) fn cumulated(&self) -> Buckets {
        let mut total = 0;
        self.counts().map(|count| {
            total += count;
            total
        })
    }

    /// Returns the sum of all durations.
    pub(super) fn sum(&self) -> Duration {
        Duration::from_micros(self.sum_micros.load(Ordering::Relaxed))
    }
}
