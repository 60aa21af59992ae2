//! The counters in Prometheus's text format.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, prometheus_text};
use prometheus_client::registry::Registry;

use super::families::{Families, NO_LABELS};
use super::gauges::Gauges;
use super::registry::{Metrics, OPERATIONS};
use super::requests::RouteMetrics;
use crate::build_info::BuildInfo;

impl Metrics {
    /// Media type of the text.
    pub(crate) const MEDIA_TYPE: &str = prometheus_text::CONTENT_TYPE;

    /// Returns everything in Prometheus's text format.
    pub(crate) fn text(self: &Arc<Self>, gauges: Gauges) -> Result<String, fmt::Error> {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Scrape { metrics: Arc::clone(self), gauges }));
        let mut text = String::new();
        prometheus_text::encode(&mut text, &registry)?;
        Ok(text)
    }
}

/// Everything that one request for the metrics tells.
#[derive(Debug)]
struct Scrape {
    metrics: Arc<Metrics>,
    gauges: Gauges,
}

impl Collector for Scrape {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut families = Families(encoder);
        self.build(&mut families)?;
        self.requests(&mut families)?;
        self.reasons(&mut families)?;
        self.store(&mut families)?;
        self.pool(&mut families)?;
        self.gauges(&mut families)
    }
}

impl Scrape {
    fn build(&self, families: &mut Families<'_>) -> fmt::Result {
        let labels = [("version", BuildInfo::version()), ("commit", self.metrics.build().commit())];
        let help = "Version and commit of the program.";
        families.gauges("gazette_build_info", help, [(labels, 1)])
    }

    fn requests(&self, families: &mut Families<'_>) -> fmt::Result {
        let routes = self.metrics.routes();
        let all = || routes.iter().map(AsRef::as_ref).chain([self.metrics.unmatched()]);
        let labels = |route: &RouteMetrics| [("route", route.route), ("method", route.method)];
        let counts = all().flat_map(|route| {
            let status = move |(status, count)| ((labels(route), [("status", status)]), count);
            route.statuses().map(status)
        });
        families.counters("gazette_http_requests", "Requests that were answered.", counts)?;
        let used = all().filter(|route| route.statuses().next().is_some());
        families.histograms(
            "gazette_http_request_duration_seconds",
            "Time until the headers of the answer.",
            used.map(|route| (labels(route), &route.duration)),
        )
    }

    fn reasons(&self, families: &mut Families<'_>) -> fmt::Result {
        let metrics = &self.metrics;
        let by_code = [
            ("gazette_token_verifications", "code", "Bearer tokens.", &metrics.verifications),
            ("gazette_decisions", "reason", "Decisions of the policy.", &metrics.decisions),
            ("gazette_sessions", "event", "Sessions begun, and how they ended.", &metrics.sessions),
            ("gazette_shed", "class", "Requests refused while too many ran.", &metrics.shed),
        ];
        for (name, label, help, counters) in by_code {
            let counts = counters.all().into_iter();
            families.counters(name, help, counts.map(|(code, count)| ([(label, code)], count)))?;
        }
        let limited =
            [("address", &metrics.limited_addresses), ("person", &metrics.limited_people)];
        let limited = limited.into_iter().flat_map(|(by, counters)| {
            let counts = counters.all().into_iter();
            counts.map(move |(class, count)| ([("class", class), ("by", by)], count))
        });
        families.counters("gazette_rate_limited", "Requests above a rate.", limited)?;
        let help = "Requests with API keys, by the names of the keys.";
        let keys = metrics.api_keys.all().map(|(key, count)| ([("name", key)], count));
        families.counters("gazette_api_key_requests", help, keys)
    }

    fn store(&self, families: &mut Families<'_>) -> fmt::Result {
        let metrics = &self.metrics;
        let labels = |operation| [("engine", metrics.engine()), ("operation", operation)];
        let durations = OPERATIONS.into_iter().zip(&metrics.store);
        families.histograms(
            "gazette_store_operation_duration_seconds",
            "Operations of the store.",
            durations.map(|(operation, durations)| (labels(operation), durations)),
        )?;
        let errors = OPERATIONS.into_iter().zip(&metrics.store_errors);
        families.counters(
            "gazette_store_errors",
            "Operations of the store that failed.",
            errors.map(|(operation, errors)| (labels(operation), errors.load(Ordering::Relaxed))),
        )
    }

    fn pool(&self, families: &mut Families<'_>) -> fmt::Result {
        let pool = &self.metrics.pool;
        families.histograms(
            "gazette_pool_request_duration_seconds",
            "Requests to the user pool.",
            [(NO_LABELS, &pool.durations)],
        )?;
        let help = "Requests to the user pool that failed.";
        families.counters("gazette_pool_errors", help, [(NO_LABELS, pool.errors())])
    }

    fn gauges(&self, families: &mut Families<'_>) -> fmt::Result {
        let gauges = &self.gauges;
        if let Some(age) = gauges.key_age {
            let help = "Age of the user pool's keys.";
            families.gauges("gazette_key_age_seconds", help, [(NO_LABELS, age.as_secs())])?;
        }
        let in_progress = gauges.in_progress.iter();
        families.gauges(
            "gazette_requests_in_progress",
            "Requests in progress.",
            in_progress.map(|(class, count)| ([("class", *class)], *count as u64)),
        )?;
        families.counters(
            "gazette_page_cache_requests",
            "Anonymous requests for pages, by whether they were cached.",
            [([("result", "hit")], gauges.cache_hits), ([("result", "miss")], gauges.cache_misses)],
        )?;
        let pages = [(NO_LABELS, gauges.cached_pages)];
        families.gauges("gazette_page_cache_pages", "Pages in the cache.", pages)?;
        let lines = [(NO_LABELS, gauges.dropped_log_lines)];
        families.counters("gazette_log_dropped_lines", "Lines of the log dropped.", lines)?;
        let panics = [(NO_LABELS, gauges.panics)];
        families.counters("gazette_panics", "Requests that panicked.", panics)?;
        if let Some(bytes) = gauges.resident_bytes {
            let bytes = [(NO_LABELS, bytes)];
            families.gauges("process_resident_memory_bytes", "Memory of the process.", bytes)?;
        }
        Ok(())
    }
}
