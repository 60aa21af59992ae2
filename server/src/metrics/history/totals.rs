//! The counters at one moment, or their change between two.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::metrics::histogram::{BOUNDS, Buckets};

/// The counters at one moment, or their change between two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// Requests that were answered.
    pub(crate) requests: u64,
    /// Answers with a status of 500 or above.
    pub(crate) errors: u64,
    /// Time until the headers of the answer.
    pub(crate) responses: Durations,
    /// Requests that the policy refused.
    pub(crate) denied: u64,
    /// Requests above a rate.
    pub(crate) limited: u64,
    /// Requests refused while too many ran.
    pub(crate) shed: u64,
    /// Refusals by code, also those of tokens. Codes are texts of the program.
    pub(crate) reasons: BTreeMap<&'static str, u64>,
    /// Requests that the page cache answered, and those that it did not.
    pub(crate) cache_hits: u64,
    pub(crate) cache_misses: u64,
    /// Operations of the store.
    pub(crate) store: Durations,
    pub(crate) store_errors: u64,
    /// Requests to the user pool.
    pub(crate) pool: Durations,
    pub(crate) pool_errors: u64,
}

impl Totals {
    /// Returns the change since an earlier moment.
    pub(super) fn since(&self, earlier: &Self) -> Self {
        let reason = |(code, count): (&&'static str, &u64)| {
            let before = earlier.reasons.get(code).copied().unwrap_or_default();
            (*count > before).then(|| (*code, count - before))
        };
        Self {
            requests: self.requests.saturating_sub(earlier.requests),
            errors: self.errors.saturating_sub(earlier.errors),
            responses: self.responses.since(&earlier.responses),
            denied: self.denied.saturating_sub(earlier.denied),
            limited: self.limited.saturating_sub(earlier.limited),
            shed: self.shed.saturating_sub(earlier.shed),
            reasons: self.reasons.iter().filter_map(reason).collect(),
            cache_hits: self.cache_hits.saturating_sub(earlier.cache_hits),
            cache_misses: self.cache_misses.saturating_sub(earlier.cache_misses),
            store: self.store.since(&earlier.store),
            store_errors: self.store_errors.saturating_sub(earlier.store_errors),
            pool: self.pool.since(&earlier.pool),
            pool_errors: self.pool_errors.saturating_sub(earlier.pool_errors),
        }
    }

    /// Adds another change.
    pub(super) fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.errors += other.errors;
        self.responses.add(&other.responses);
        self.denied += other.denied;
        self.limited += other.limited;
        self.shed += other.shed;
        for (code, count) in &other.reasons {
            *self.reasons.entry(code).or_default() += count;
        }
        self.cache_hits += other.cache_hits;
        self.cache_misses += other.cache_misses;
        self.store.add(&other.store);
        self.store_errors += other.store_errors;
        self.pool.add(&other.pool);
        self.pool_errors += other.pool_errors;
    }
}

/// Durations by the bounds of the histogram, not cumulated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Durations(Buckets);

impl Durations {
    pub(in crate::metrics) fn new(counts: Buckets) -> Self {
        Self(counts)
    }

    /// Adds other durations.
    pub(in crate::metrics) fn add(&mut self, other: &Self) {
        for (count, other) in self.0.iter_mut().zip(other.0) {
            *count += other;
        }
    }

    fn since(&self, earlier: &Self) -> Self {
        let mut change = self.clone();
        for (count, earlier) in change.0.iter_mut().zip(earlier.0) {
            *count = count.saturating_sub(earlier);
        }
        change
    }

    /// Returns the duration below which a share of all is, estimated within its bounds as
    /// Prometheus does; `None` if there are none. What is above the last bound counts as that.
    pub(crate) fn quantile(&self, share: f64) -> Option<Duration> {
        let total: u64 = self.0.iter().sum();
        let rank = share * as_f64(total);
        let (mut below, mut lower) = (0, 0);
        for (count, upper) in self.0.iter().zip(BOUNDS) {
            if *count > 0 && as_f64(below + count) >= rank {
                let part = (rank - as_f64(below)) / as_f64(*count);
                let micros = as_f64(lower) + as_f64(upper - lower) * part;
                return Some(Duration::from_secs_f64(micros / 1e6));
            }
            (below, lower) = (below + count, upper);
        }
        (total > 0).then(|| Duration::from_micros(lower))
    }
}

/// Returns a count as a float; exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "counts are small, and estimates follow")]
fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn durations(counts: &[(usize, u64)]) -> Durations {
        let mut durations = Durations::default();
        for (index, count) in counts {
            durations.0[*index] = *count;
        }
        durations
    }

    #[test]
    fn quantiles_are_estimated_within_their_bounds() {
        assert_eq!(Durations::default().quantile(0.5), None);
        // 100 between 1 and 2.5 ms.
        let even = durations(&[(3, 100)]);
        assert_eq!(even.quantile(0.5), Some(Duration::from_micros(1_750)));
        assert_eq!(even.quantile(0.99), Some(Duration::from_micros(2_485)));
        let skewed = durations(&[(0, 98), (10, 2)]);
        assert!(skewed.quantile(0.5) < Some(Duration::from_micros(250)));
        assert_eq!(skewed.quantile(0.99), Some(Duration::from_millis(625)));
        assert_eq!(durations(&[(12, 1)]).quantile(0.5), Some(Duration::from_secs(5)));
    }

    #[test]
    fn a_change_is_what_was_added_since() {
        let of = |requests, count| Totals {
            requests,
            reasons: BTreeMap::from([("a", 1), ("b", count)]),
            store: durations(&[(2, count)]),
            ..Totals::default()
        };
        let mut change = of(9, 5).since(&of(2, 3));
        assert_eq!(change.requests, 7);
        assert_eq!(change.reasons, BTreeMap::from([("b", 2)]));
        assert_eq!(change.store, durations(&[(2, 2)]));
        change.add(&of(1, 1));
        assert_eq!(change.requests, 8);
        assert_eq!(change.reasons, BTreeMap::from([("a", 1), ("b", 3)]));
        assert_eq!(change.store, durations(&[(2, 3)]));
    }
}
