//! Response to requests for which there is no room.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

const MESSAGE: &str = "The server has too many connections. Try again in a moment.\n";
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// Returns the response to any request in the reserve but a health check.
pub(super) fn too_many_connections() -> Response {
    let mut response = Response::new(Body::from(MESSAGE));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, TEXT);
    headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}
