//! Part that one request has in a trace.

use axum::extract::Request;

use super::context::TraceContext;
#[cfg(feature = "otel")]
use super::otlp::{self, Span};

/// Part that one request has in a trace.
pub(crate) struct RequestTrace {
    /// Trace of the request, and of what the site asks other services for it.
    pub(crate) context: Option<TraceContext>,
    #[cfg(feature = "otel")]
    span: Option<Span>,
}

impl RequestTrace {
    /// Begins the part of a request.
    pub(crate) fn of(request: &Request) -> Self {
        let context = TraceContext::of(request.headers());
        #[cfg(feature = "otel")]
        if let Some(span) = otlp::begin(request.method(), context.as_ref()) {
            return Self { context: Some(span.context.clone()), span: Some(span) };
        }
        Self {
            context,
            #[cfg(feature = "otel")]
            span: None,
        }
    }

    /// Exports the part of a request that was answered, if spans are exported.
    #[cfg(feature = "otel")]
    pub(crate) fn end(self, route: &'static str, status: u16) {
        if let Some(span) = self.span {
            otlp::export(span.ended(route, status));
        }
    }
}
