//! `If-None-Match` and `If-Modified-Since`: return 304 without a body if the client's copy is
//! current (RFC 9110 §13.1).

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, IF_NONE_MATCH};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::headers::{ETag, HeaderMapExt as _, IfModifiedSince, IfNoneMatch, LastModified};

/// Turns a response that the client has already into 304.
pub(in crate::http) async fn not_modified(request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let condition = Condition::of(request.headers()).filter(|_| is_read);
    let mut response = next.run(request).await;
    let Some(condition) = condition else { return response };
    if response.status() == StatusCode::OK && condition.has_current(response.headers()) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(CONTENT_TYPE);
        response.headers_mut().remove(CONTENT_ENCODING);
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    response
}

/// Validator of the client's copy.
enum Condition {
    NoneMatch(IfNoneMatch),
    ModifiedSince(IfModifiedSince),
}

impl Condition {
    /// Reads the headers. The date counts only without an entity tag, which is more exact.
    fn of(headers: &HeaderMap) -> Option<Self> {
        if headers.contains_key(IF_NONE_MATCH) {
            return headers.typed_get().map(Self::NoneMatch);
        }
        headers.typed_get().map(Self::ModifiedSince)
    }

    /// Checks whether the copy is the same as a response with these headers.
    fn has_current(&self, headers: &HeaderMap) -> bool {
        match self {
            Self::NoneMatch(tags) => {
                headers.typed_get::<ETag>().is_some_and(|etag| !tags.precondition_passes(&etag))
            }
            Self::ModifiedSince(date) => headers
                .typed_get::<LastModified>()
                .is_some_and(|last| !date.is_modified(last.into())),
        }
    }
}
