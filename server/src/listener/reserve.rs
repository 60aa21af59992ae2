//! Requests that are answered even when all connections are in use.

use axum::body::Body;
use axum::http::header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

const HEALTH_CHECKS: [&str; 2] = ["/healthz", "/readyz"];
const MESSAGE: &str = "The server has too many connections. Try again in a moment.\n";
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// Returns whether a path is one of a health check.
pub(super) fn is_health_check(path: &str) -> bool {
    HEALTH_CHECKS.contains(&path)
}

/// Returns the response to any other request in the reserve.
pub(super) fn too_many_connections() -> Response {
    let mut response = Response::new(Body::from(MESSAGE));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, TEXT);
    headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
