//! Samples of the counters, for the page of the status.

use std::sync::PoisonError;

use super::gauges::Gauges;
use super::history::{Durations, Kept, Recent, Totals};
use super::registry::Metrics;

impl Metrics {
    /// Adds the counts since the last sample to the last hour and the last day. The first sample
    /// begins them.
    pub(crate) fn sample(&self, now: i64, gauges: &Gauges) {
        let totals = self.totals(gauges);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.as_mut() {
            Some(kept) => kept.add(now, totals, gauges.resident_bytes),
            None => *kept = Some(Kept::new(now, totals)),
        }
    }

    /// Returns the last hour and the last day; `None` if no sample was taken.
    pub(crate) fn recent(&self, now: i64) -> Option<Recent> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().map(|kept| kept.recent(now))
    }

    fn totals(&self, gauges: &Gauges) -> Totals {
        let mut totals = Totals {
            cache_hits: gauges.cache_hits,
            cache_misses: gauges.cache_misses,
            pool: Durations::new(self.pool.durations.counts()),
            pool_errors: self.pool.errors(),
            store_errors: self.store_errors(),
            ..Totals::default()
        };
        self.add_requests(&mut totals);
        self.add_refusals(&mut totals);
        for histogram in &self.store {
            totals.store.add(&Durations::new(histogram.counts()));
        }
        totals
    }

    fn add_requests(&self, totals: &mut Totals) {
        let routes = self.routes();
        for route in routes.iter().map(AsRef::as_ref).chain([self.unmatched()]) {
            for (status, count) in route.statuses() {
                totals.requests += count;
                if status >= 500 {
                    totals.errors += count;
                }
            }
            totals.responses.add(&Durations::new(route.duration.counts()));
        }
    }

    fn add_refusals(&self, totals: &mut Totals) {
        for (code, count) in self.decisions.all() {
            if code.starts_with("deny.") {
                totals.denied += count;
                *totals.reasons.entry(code).or_default() += count;
            }
        }
        for (code, count) in self.verifications.all() {
            if code != "ok" {
                *totals.reasons.entry(code).or_default() += count;
            }
        }
        let limited = [
            ("limited.address", &self.limited_addresses),
            ("limited.person", &self.limited_people),
        ];
        for (code, counters) in limited {
            let count = counters.sum();
            totals.limited += count;
            totals.reasons.insert(code, count);
        }
        totals.shed = self.shed.sum();
        totals.reasons.insert("shed", totals.shed);
    }
}
