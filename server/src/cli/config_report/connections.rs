//! Connections, limits and metrics in the report.

use serde::Serialize;

use super::line;
use crate::config::{Config, MetricsAddr};

/// Limits of connections and requests, and the address of the metrics.
#[derive(Serialize)]
pub(super) struct Connections {
    maximum: usize,
    maximum_per_address: usize,
    trusted_proxies: Vec<String>,
    rate_limits: String,
    maximum_requests: usize,
    maximum_queue_delay: String,
    metrics: String,
    shutdown_grace_seconds: u64,
}

impl Connections {
    pub(super) fn of(config: &Config) -> Self {
        let proxies = &config.network.trusted_proxies;
        Self {
            maximum: config.connections.max_connections,
            maximum_per_address: config.connections.max_connections_per_address,
            trusted_proxies: proxies.iter().map(ToString::to_string).collect(),
            rate_limits: config.network.rate_limit.to_string(),
            maximum_requests: config.network.max_requests,
            maximum_queue_delay: config.network.max_queue_delay.to_string(),
            metrics: match config.network.metrics_addr {
                Some(MetricsAddr::Off) => "off".to_owned(),
                Some(MetricsAddr::On(addr)) => addr.to_string(),
                None => MetricsAddr::DEFAULT.to_string(),
            },
            shutdown_grace_seconds: config.connections.shutdown_grace_seconds,
        }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let Self { maximum, maximum_per_address, .. } = self;
        vec![
            line("connections", format_args!("{maximum}, {maximum_per_address} per address")),
            line("trusted proxies", self.trusted_proxies.join(", ")),
            line("rate limits", &self.rate_limits),
            line("requests", format_args!("{} in progress of each class", self.maximum_requests)),
            line("queueing delay", &self.maximum_queue_delay),
            line("metrics", &self.metrics),
            line("shutdown grace", format_args!("{} seconds", self.shutdown_grace_seconds)),
        ]
    }
}
