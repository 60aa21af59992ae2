//! Id of each request, and its line in the log.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::Request;
use axum::response::Response;
use gazette_domain::Slug;
use percent_encoding::percent_decode_str;
use tracing::{Instrument as _, Span};

use crate::http::request::{REQUEST_ID, RequestId, count_api_key};
use crate::http::state::AppState;
use crate::metrics::RouteMetrics;
use crate::trace::{self, RequestTrace};

/// A request in the log, the metrics and its trace.
pub(in crate::http) struct LoggedRequest {
    id: RequestId,
    trace: RequestTrace,
    span: Span,
    start: Instant,
}

impl LoggedRequest {
    /// Gives a request its id.
    pub(in crate::http) fn begin(app: &AppState, request: &mut Request) -> Self {
        let id = RequestId::of_new(request, &app.trusted_proxies);
        let trace = RequestTrace::of(request);
        let api_key = count_api_key(request.headers(), &app.metrics.api_keys);
        // The query stays out of the log: it may hold a code or a search.
        // Error level, so that the span and its id exist under every log filter.
        let span = tracing::error_span!(
            "request",
            id = id.as_text(&mut [0; _]),
            method = request.method().as_str(),
            path = &*readable(request.uri().path()),
            trace_id = trace.context.as_ref().map(|context| display(context.id())),
            api_key
        );
        request.headers_mut().remove(REQUEST_ID);
        request.extensions_mut().insert(id.clone());
        Self { id, trace, span, start: Instant::now() }
    }

    /// Runs the work for the request in a span of its id.
    pub(in crate::http) async fn run(&self, work: impl Future<Output = Response>) -> Response {
        trace::within(self.trace.context.clone(), work).instrument(self.span.clone()).await
    }

    /// Counts the answer, writes a line about it if the access log is on, and tells the client the id.
    pub(in crate::http) fn end(self, app: &AppState, response: &mut Response) {
        let (status, duration) = (response.status().as_u16(), self.start.elapsed());
        let metrics = response.extensions().get::<Arc<RouteMetrics>>();
        let metrics = metrics.map_or(app.metrics.unmatched(), AsRef::as_ref);
        metrics.record(status, duration);
        #[cfg(feature = "otel")]
        self.trace.end(metrics.route, status);
        if app.access_log {
            let milliseconds = duration.as_secs_f64() * 1_000.0;
            self.span.in_scope(|| tracing::info!(status, milliseconds, "answered"));
        }
        self.id.add_to(response);
    }
}

/// Returns a path with its letters decoded, so that a slug in any script can be read; a path with
/// anything else in its escapes is returned as it is.
fn readable(path: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~');
    let is_readable =
        |segment: &str| segment.chars().all(is_plain) || segment.parse::<Slug>().is_ok();
    match percent_decode_str(path).decode_utf8() {
        Ok(decoded) if decoded.split('/').all(is_readable) => decoded,
        _ => Cow::Borrowed(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_readable_in_the_log() {
        for (path, expected) in [
            ("/news/rivers", "/news/rivers"),
            ("/news/%E6%A9%8B", "/news/橋"),
            ("/news/%D0%BC%D1%96%D1%81%D1%82-1", "/news/міст-1"),
            ("/tag/%E0%A4%AA%E0%A5%81%E0%A4%B2", "/tag/पुल"),
            ("/news/a%0Ab", "/news/a%0Ab"),
            ("/news/%E2%80%AEx", "/news/%E2%80%AEx"),
            ("/news/%FF", "/news/%FF"),
            ("/news/%25", "/news/%25"),
        ] {
            assert_eq!(readable(path), expected);
        }
    }
}
