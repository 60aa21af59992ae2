//! Every counter of the process.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::api_keys::ApiKeyCounters;
use super::counters::Counters;
use super::gauges::Gauges;
use super::histogram::Histogram;
use super::history::Kept;
use super::pool_requests::PoolRequests;
use super::requests::RouteMetrics;
use super::text::Text;
use crate::build_info::BuildInfo;
use crate::config::{ApiKey, TrafficClass};

/// Operations of the store, in the order of their histograms.
const OPERATIONS: [&str; 6] = ["get", "get_many", "query", "write", "scan", "purge"];

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
    store_errors: [AtomicU64; OPERATIONS.len()],
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

    /// Writes everything in Prometheus's text format.
    pub(crate) fn text(&self, gauges: &Gauges) -> String {
        let mut text = Text::default();
        self.write_build(&mut text);
        self.write_requests(&mut text);
        self.write_reasons(&mut text);
        self.write_api_keys(&mut text);
        self.write_store(&mut text);
        self.write_pool(&mut text);
        write_gauges(&mut text, gauges);
        text.finish()
    }

    fn write_build(&self, text: &mut Text) {
        let labels = [("version", BuildInfo::version()), ("commit", self.build.commit())];
        text.family("gazette_build_info", "gauge", "Version and commit of the program.");
        text.sample("gazette_build_info", &labels, 1);
    }

    fn write_requests(&self, text: &mut Text) {
        let routes = self.routes();
        let all = || routes.iter().map(AsRef::as_ref).chain([&self.unmatched]);
        text.family("gazette_http_requests_total", "counter", "Requests that were answered.");
        for route in all() {
            for (status, count) in route.statuses() {
                let status = status.to_string();
                let labels =
                    [("route", route.route), ("method", route.method), ("status", &status)];
                text.sample("gazette_http_requests_total", &labels, count);
            }
        }
        let name = "gazette_http_request_duration_seconds";
        text.family(name, "histogram", "Time until the headers of the answer.");
        for route in all().filter(|route| route.statuses().next().is_some()) {
            let labels = [("route", route.route), ("method", route.method)];
            text.histogram(name, &labels, &route.duration);
        }
    }

    fn write_reasons(&self, text: &mut Text) {
        let families = [
            ("gazette_token_verifications_total", "code", "Bearer tokens.", &self.verifications),
            ("gazette_decisions_total", "reason", "Decisions of the policy.", &self.decisions),
            (
                "gazette_sessions_total",
                "event",
                "Sessions begun, and how they ended.",
                &self.sessions,
            ),
            ("gazette_shed_total", "class", "Requests refused while too many ran.", &self.shed),
        ];
        for (name, label, help, counters) in families {
            text.family(name, "counter", help);
            for (code, count) in counters.all() {
                text.sample(name, &[(label, code)], count);
            }
        }
        let name = "gazette_rate_limited_total";
        text.family(name, "counter", "Requests above a rate.");
        for (by, counters) in
            [("address", &self.limited_addresses), ("person", &self.limited_people)]
        {
            for (class, count) in counters.all() {
                text.sample(name, &[("class", class), ("by", by)], count);
            }
        }
    }

    fn write_api_keys(&self, text: &mut Text) {
        let name = "gazette_api_key_requests_total";
        text.family(name, "counter", "Requests with API keys, by the names of the keys.");
        for (key, count) in self.api_keys.all() {
            text.sample(name, &[("name", key)], count);
        }
    }

    fn write_store(&self, text: &mut Text) {
        let name = "gazette_store_operation_duration_seconds";
        text.family(name, "histogram", "Operations of the store.");
        for (operation, histogram) in OPERATIONS.into_iter().zip(&self.store) {
            text.histogram(name, &[("engine", self.engine), ("operation", operation)], histogram);
        }
        let name = "gazette_store_errors_total";
        text.family(name, "counter", "Operations of the store that failed.");
        for (operation, errors) in OPERATIONS.into_iter().zip(&self.store_errors) {
            let labels = [("engine", self.engine), ("operation", operation)];
            text.sample(name, &labels, errors.load(Ordering::Relaxed));
        }
    }

    fn write_pool(&self, text: &mut Text) {
        let name = "gazette_pool_request_duration_seconds";
        text.family(name, "histogram", "Requests to the user pool.");
        text.histogram(name, &[], &self.pool.durations);
        text.family(
            "gazette_pool_errors_total",
            "counter",
            "Requests to the user pool that failed.",
        );
        text.sample("gazette_pool_errors_total", &[], self.pool.errors());
    }
}

fn write_gauges(text: &mut Text, gauges: &Gauges) {
    if let Some(age) = gauges.key_age {
        text.family("gazette_key_age_seconds", "gauge", "Age of the user pool's keys.");
        text.sample("gazette_key_age_seconds", &[], age.as_secs());
    }
    text.family("gazette_requests_in_progress", "gauge", "Requests in progress.");
    for (class, count) in &gauges.in_progress {
        text.sample("gazette_requests_in_progress", &[("class", class)], *count as u64);
    }
    let name = "gazette_page_cache_requests_total";
    text.family(name, "counter", "Anonymous requests for pages, by whether they were cached.");
    text.sample(name, &[("result", "hit")], gauges.cache_hits);
    text.sample(name, &[("result", "miss")], gauges.cache_misses);
    text.family("gazette_page_cache_pages", "gauge", "Pages in the cache.");
    text.sample("gazette_page_cache_pages", &[], gauges.cached_pages);
    text.family("gazette_log_dropped_lines_total", "counter", "Lines of the log dropped.");
    text.sample("gazette_log_dropped_lines_total", &[], gauges.dropped_log_lines);
    text.family("gazette_panics_total", "counter", "Requests that panicked.");
    text.sample("gazette_panics_total", &[], gauges.panics);
    if let Some(bytes) = gauges.resident_bytes {
        text.family("process_resident_memory_bytes", "gauge", "Memory of the process.");
        text.sample("process_resident_memory_bytes", &[], bytes);
    }
}
