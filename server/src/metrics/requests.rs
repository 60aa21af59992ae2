//! Requests of one route.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::histogram::Histogram;
use crate::config::TrafficClass;

/// Statuses that the site sends; any other counts as 0.
const STATUSES: [u16; 33] = [
    0, 200, 201, 202, 204, 206, 301, 303, 304, 307, 308, 400, 401, 403, 404, 405, 406, 408, 409,
    410, 412, 413, 414, 415, 422, 428, 429, 431, 500, 502, 503, 504, 507,
];

/// Requests of one route: a few atomic numbers, so that counting costs a request next to nothing.
#[derive(Debug)]
pub(crate) struct RouteMetrics {
    /// Template of the path, or the name of a group of requests.
    pub(crate) route: &'static str,
    pub(super) method: &'static str,
    /// Class of its requests.
    pub(crate) class: TrafficClass,
    statuses: [AtomicU64; STATUSES.len()],
    pub(super) duration: Histogram,
}

impl RouteMetrics {
    pub(super) fn new(route: &'static str, method: &'static str, class: TrafficClass) -> Self {
        let statuses = std::array::from_fn(|_| AtomicU64::new(0));
        Self { route, method, class, statuses, duration: Histogram::default() }
    }

    /// Counts a request that was answered.
    pub(crate) fn record(&self, status: u16, duration: Duration) {
        let index = STATUSES.iter().position(|known| *known == status).unwrap_or(0);
        if let Some(count) = self.statuses.get(index) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.duration.record(duration);
    }

    /// Returns the number of answers of each status that was sent.
    pub(super) fn statuses(&self) -> impl Iterator<Item = (u16, u64)> + '_ {
        let counts = self.statuses.iter().map(|count| count.load(Ordering::Relaxed));
        STATUSES.into_iter().zip(counts).filter(|(_, count)| *count > 0)
    }
}
