//! `If-None-Match`: returns 304 without a body if the client's copy is current (RFC 9110 §13.1.2).

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::headers::{ETag, HeaderMapExt as _, IfNoneMatch};

/// Turns a response whose entity tag the client knows into 304.
pub(in crate::http) async fn not_modified(request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let condition = request.headers().typed_get::<IfNoneMatch>().filter(|_| is_read);
    let mut response = next.run(request).await;
    let Some(condition) = condition else { return response };
    let etag = response.headers().typed_get::<ETag>();
    if response.status() == StatusCode::OK
        && etag.is_some_and(|etag| !condition.precondition_passes(&etag))
    {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(CONTENT_TYPE);
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    response
}
