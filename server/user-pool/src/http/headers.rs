//! What every answer carries, and the limit every request keeps.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::pages;

/// The longest query that is read, in bytes.
const MAX_QUERY_BYTES: usize = 8 * 1024;

/// Given to answers that say nothing else themselves.
const DEFAULTS: [(HeaderName, HeaderValue); 5] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    ),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

/// Refuses overlong queries and adds the headers that keep answers from being
/// stored, framed or guessed at.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let query_bytes = request.uri().query().map_or(0, str::len);
    let mut response = if query_bytes > MAX_QUERY_BYTES {
        pages::message(StatusCode::URI_TOO_LONG, "The address is too long.").into_response()
    } else {
        next.run(request).await
    };
    for (name, value) in DEFAULTS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}
