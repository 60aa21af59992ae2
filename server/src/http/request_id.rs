//! A name for each request, in its answer and in the log.

use std::time::Instant;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::clock::new_id;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The name of a request; always ours, never one that came with it.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestId(String);

impl RequestId {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Names the request, runs it in a span of that name and writes one line about it.
pub(super) async fn assign(mut request: Request, next: Next) -> Response {
    let id = RequestId(new_id().to_string());
    // The query base out of the log: it may hold a code or a search.
    let span = tracing::info_span!(
        "request",
        id = id.as_str(),
        method = %request.method(),
        path = request.uri().path()
    );
    request.headers_mut().remove(HEADER);
    request.extensions_mut().insert(id.clone());
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let milliseconds = began.elapsed().as_millis();
    span.in_scope(|| tracing::info!(status = response.status().as_u16(), milliseconds, "answered"));
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
