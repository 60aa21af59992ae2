//! Traces across services (W3C Trace Context).

mod context;
mod current;

pub(crate) use context::TraceContext;
pub(crate) use current::{add_headers, current, within};
