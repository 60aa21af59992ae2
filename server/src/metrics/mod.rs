//! Counters of the process: their text for Prometheus, and those of the last hour and the last day.
//! Knows no HTTP.

mod api_keys;
mod counters;
mod families;
mod gauges;
mod histogram;
mod history;
mod measured_table;
mod pool_requests;
mod registry;
mod requests;
mod sample;
mod text;

pub(crate) use api_keys::ApiKeyCounters;
pub(crate) use gauges::Gauges;
pub(crate) use history::{Durations, Recent, Slot, SlotRange};
pub(crate) use measured_table::MeasuredTable;
pub(crate) use pool_requests::PoolRequests;
pub(crate) use registry::Metrics;
pub(crate) use requests::RouteMetrics;
