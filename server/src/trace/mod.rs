//! Traces across services (W3C Trace Context).

mod context;
mod current;
#[cfg(feature = "otel")]
mod otlp;
mod request_trace;

pub(crate) use current::{add_headers, current, within};
#[cfg(feature = "otel")]
pub(crate) use otlp::{flush, start_export};
pub(crate) use request_trace::RequestTrace;
