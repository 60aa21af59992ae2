//! `If-None-Match` and `If-Modified-Since`: return 304 without a body if the client's copy is
//! current (RFC 9110 §13.1).

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, IF_NONE_MATCH};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum_extra::headers::{ETag, HeaderMapExt as _, IfModifiedSince, IfNoneMatch, LastModified};

/// Validator of the client's copy.
pub(in crate::http) enum Condition {
    NoneMatch(IfNoneMatch),
    ModifiedSince(IfModifiedSince),
}

impl Condition {
    /// Reads the condition of a request. The date counts only without an entity tag, which is more
    /// exact.
    pub(in crate::http) fn of(request: &Request) -> Option<Self> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let headers = request.headers();
        if headers.contains_key(IF_NONE_MATCH) {
            return headers.typed_get().map(Self::NoneMatch);
        }
        headers.typed_get().map(Self::ModifiedSince)
    }

    /// Turns a response that the client has already into 304.
    pub(in crate::http) fn apply(&self, response: &mut Response) {
        if response.status() != StatusCode::OK || !self.is_current(response) {
            return;
        }
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(CONTENT_TYPE);
        response.headers_mut().remove(CONTENT_ENCODING);
        response.headers_mut().remove(CONTENT_LENGTH);
    }

    /// Checks whether the client's copy is the same as a response.
    fn is_current(&self, response: &Response) -> bool {
        let headers = response.headers();
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
