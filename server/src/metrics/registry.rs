//! Every counter of the process.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::api_keys::ApiKeyCounters;
use super::counters::Counters;
use super::histogram::Histogram;
use super::history::Kept;
use super::pool_requests::PoolRequests;
use super::requests::RouteMetrics;
use crate::build_info::BuildInfo;
use crate::config::{ApiKey, TrafficClass};

/// Operations of the store, in the order of their histograms.
pub(super) const OPERATIONS: [&str; 6] = ["get", "get_many", "query", "write", "scan", "purge"];

/// Every counter of the process.
#[derive(Debug)]
pub(crate) struct Metrics {
    build: BuildInfo,
    engine: &'static str,
    routes: Mutex<Vec<Arc<RouteMetrics>>>,
    unmatched: RouteMetrics,
    /// Bearer tokens, by `ok` or the reason of their refusal.
    pub(crate) verifications: Counters,
    /// Decisions of the policy, by reason.
    pub(crate) decisions: Counters,
    /// Sessions: begun, and how they ended.
    pub(crate) sessions: Counters,
    /// Requests above the rate of their address, by class.
    pub(crate) limited_addresses: Counters,
    /// Requests above the rate of their person, by class.
    pub(crate) limited_people: Counters,
    /// Requests that were shed, by class.
    pub(crate) shed: Counters,
    /// Requests with API keys, by the names of the keys.
    pub(crate) api_keys: ApiKeyCounters,
    /// Requests to the user pool.
    pub(crate) pool: Arc<PoolRequests>,
    pub(super) store: [Histogram; OPERATIONS.len()],
    pub(super) store_errors: [AtomicU64; OPERATIONS.len()],
    /// The last hour and the last day, once samples are taken.
    pub(super) kept: Mutex<Option<Kept>>,
}

impl Metrics {
    pub(crate) fn new(build: BuildInfo, engine: &'static str, keys: &[ApiKey]) -> Arc<Self> {
        Arc::new(Self {
            build,
            engine,
            routes: Mutex::default(),
            unmatched: RouteMetrics::new("unmatched", "other", TrafficClass::Read),
            verifications: Counters::default(),
            decisions: Counters::default(),
            sessions: Counters::default(),
            limited_addresses: Counters::default(),
            limited_people: Counters::default(),
            shed: Counters::default(),
            api_keys: ApiKeyCounters::new(keys),
            pool: Arc::default(),
            store: Default::default(),
            store_errors: Default::default(),
            kept: Mutex::default(),
        })
    }

    /// Adds a route.
    pub(crate) fn add_route(
        &self,
        route: &'static str,
        method: &'static str,
        class: TrafficClass,
    ) -> Arc<RouteMetrics> {
        let metrics = Arc::new(RouteMetrics::new(route, method, class));
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        routes.push(Arc::clone(&metrics));
        metrics
    }

    /// Returns the counters of requests that reached no route.
    pub(crate) fn unmatched(&self) -> &RouteMetrics {
        &self.unmatched
    }

    /// Returns the build of the program.
    pub(crate) fn build(&self) -> BuildInfo {
        self.build
    }

    /// Returns the engine of the store.
    pub(crate) fn engine(&self) -> &'static str {
        self.engine
    }

    /// Returns the routes that were added.
    pub(super) fn routes(&self) -> Vec<Arc<RouteMetrics>> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the number of operations of the store that failed.
    pub(super) fn store_errors(&self) -> u64 {
        self.store_errors.iter().map(|errors| errors.load(Ordering::Relaxed)).sum()
    }

    pub(super) fn record_store(&self, operation: &str, duration: Duration, failed: bool) {
        let index = OPERATIONS.iter().position(|known| *known == operation).unwrap_or(0);
        if let Some(histogram) = self.store.get(index) {
            histogram.record(duration);
        }
        if failed && let Some(errors) = self.store_errors.get(index) {
            errors.fetch_add(1, Ordering::Relaxed);
        }
    }
}
