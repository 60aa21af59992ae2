//! Id of each request, and its line in the log.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::clock::new_id;
use crate::http::request::RequestId;
use crate::http::state::AppState;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id and runs it in a span of that id. Writes one line about it if the
/// access log is on.
pub(in crate::http) async fn record(
    State(app): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId(new_id());
    // The query stays out of the log: it may hold a code or a search.
    // Error level, so that the span and its id exist under every log filter.
    let span = tracing::error_span!(
        "request",
        %id,
        method = %request.method(),
        path = request.uri().path()
    );
    request.headers_mut().remove(HEADER);
    request.extensions_mut().insert(id);
    let start = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    if app.access_log {
        let milliseconds = start.elapsed().as_secs_f64() * 1_000.0;
        let status = response.status().as_u16();
        span.in_scope(|| tracing::info!(status, milliseconds, "answered"));
    }
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
