//! Responses of the listener itself.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

const TOO_MANY: &str = "The server has too many connections. Try again in a moment.\n";
const PANICKED: &str = "Internal Server Error\n";
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// Returns the response to any request in the reserve but a health check.
pub(super) fn too_many_connections() -> Response {
    let mut response = text(StatusCode::SERVICE_UNAVAILABLE, TOO_MANY);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// Returns the response to a request that panicked.
pub(super) fn panicked() -> Response {
    text(StatusCode::INTERNAL_SERVER_ERROR, PANICKED)
}

fn text(status: StatusCode, message: &'static str) -> Response {
    let mut response = Response::new(Body::from(message));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, TEXT);
    response
}
