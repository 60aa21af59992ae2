//! Id of each request, and its line in the log.

use std::time::Instant;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::clock::new_id;
use crate::http::request::RequestId;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request an id, runs it in a span of that id and writes one line about it.
pub(in crate::http) async fn record(mut request: Request, next: Next) -> Response {
    let id = RequestId(new_id().to_string());
    // The query stays out of the log: it may hold a code or a search.
    let span = tracing::info_span!(
        "request",
        id = id.as_str(),
        method = %request.method(),
        path = request.uri().path()
    );
    request.headers_mut().remove(HEADER);
    request.extensions_mut().insert(id.clone());
    let start = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let milliseconds = start.elapsed().as_millis();
    span.in_scope(|| tracing::info!(status = response.status().as_u16(), milliseconds, "answered"));
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
