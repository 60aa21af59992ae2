//! Export of spans by the OpenTelemetry protocol (OTLP over HTTP, in JSON).

mod exporter;
mod payload;
mod span;

pub(super) use exporter::{begin, export};
pub(crate) use exporter::{flush, start_export};
pub(super) use span::Span;
