//! Counters of the process, and their text for Prometheus. Knows no HTTP.

mod counters;
mod histogram;
mod measured_table;
mod registry;
mod requests;
mod text;

pub(crate) use measured_table::MeasuredTable;
pub(crate) use registry::{Gauges, Metrics};
pub(crate) use requests::RouteMetrics;
