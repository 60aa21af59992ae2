//! Pages and JSON with their caching headers.

use std::time::SystemTime;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum_extra::headers::{HeaderMapExt as _, LastModified};
use bytes::Bytes;
use jiff::Timestamp;

use crate::etag::etag;

/// Browsers ask each time whether their copy is current; a shared cache may keep it for a minute,
/// and longer while it asks again or this site does not answer.
const PUBLIC: HeaderValue = HeaderValue::from_static(
    "public, max-age=0, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400",
);
/// Headers on which a private response depends.
const PRIVATE_VARIES: HeaderValue = HeaderValue::from_static("Accept, Cookie, Authorization");
/// Headers on which a public response depends. Requests with a session or a token get private
/// responses, so that shared caches must pass them by; see `docs/operations.md`.
const VARIES: HeaderValue = HeaderValue::from_static("Accept, Accept-Encoding");
/// The same for a file in one format.
const FILE_VARIES: HeaderValue = HeaderValue::from_static("Accept-Encoding");

/// Returns an HTML page: public ones are the same bytes for every anonymous reader.
pub(in crate::http) fn page(html: String, is_public: bool) -> Response {
    if is_public {
        return public(html.into(), "text/html; charset=utf-8");
    }
    let mut response = Html(html).into_response();
    private(&mut response);
    response
}

/// Returns a public response that is a page or JSON, as the request prefers.
pub(in crate::http) fn public(body: Bytes, content_type: &'static str) -> Response {
    let etag = etag(&body);
    public_with_etag(body, content_type, &etag)
}

/// Returns a public response in its only format.
pub(in crate::http) fn public_file(body: Bytes, content_type: &'static str) -> Response {
    let mut response = public(body, content_type);
    response.headers_mut().insert(VARY, FILE_VARIES);
    response
}

/// Returns the same with the time of its last change.
pub(in crate::http) fn public_file_since(
    body: Bytes,
    content_type: &'static str,
    last_modified: Option<Timestamp>,
) -> Response {
    let mut response = public_file(body, content_type);
    if let Some(time) = last_modified {
        response.headers_mut().typed_insert(LastModified::from(SystemTime::from(time)));
    }
    response
}

/// Returns the same with an entity tag of its own.
pub(super) fn public_with_etag(body: Bytes, content_type: &'static str, etag: &str) -> Response {
    let mut response = ([(CONTENT_TYPE, content_type)], body).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, PUBLIC);
    headers.insert(VARY, VARIES);
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(ETAG, etag);
    }
    response
}

/// Redirects permanently to a path of this site, which must be percent-encoded.
pub(in crate::http) fn moved(path: &str) -> Response {
    (StatusCode::MOVED_PERMANENTLY, [(LOCATION, path)]).into_response()
}

/// Forbids caching (SES-07).
pub(in crate::http) fn private(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(VARY, PRIVATE_VARIES);
}
