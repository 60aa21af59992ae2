//! Answers that can be kept: entity tags, and who may keep what for how long.

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use gazette_app::Frame;
use gazette_app::pages::Page;
use gazette_domain::Caller;

use crate::http::caller::RequestContext;

/// A page: the same bytes for every anonymous reader, nobody else's business otherwise.
pub(super) fn page(
    frame: &Frame,
    page: Page,
    context: &RequestContext,
    headers: &HeaderMap,
) -> Response {
    let shared = page.canonical.is_some();
    let html = gazette_app::render(frame, page);
    if shared && matches!(context.caller, Caller::Anonymous) && !context.unsure {
        return public(html.into(), "text/html; charset=utf-8", headers);
    }
    let mut response = Html(html).into_response();
    private(&mut response);
    response
}

/// JSON that is the same for everybody.
pub(super) fn json(body: Bytes, headers: &HeaderMap) -> Response {
    public(body, "application/json", headers)
}

/// JSON of one version of a story; the version begins the entity tag, so that `If-Match` can
/// name it.
pub(super) fn versioned_json(version: u64, body: Bytes, headers: &HeaderMap) -> Response {
    let etag = version_etag(version, &body);
    tagged(body, "application/json", &etag, headers)
}

/// JSON of one version of a story for whoever works on it, kept by nobody.
pub(super) fn private_version(version: u64, body: Vec<u8>) -> Response {
    let etag = version_etag(version, &body);
    let mut response = ([(CONTENT_TYPE, "application/json")], body).into_response();
    private(&mut response);
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        response.headers_mut().insert(ETAG, etag);
    }
    response
}

fn version_etag(version: u64, body: &[u8]) -> String {
    format!("\"{version}-{}", etag(body).trim_start_matches('"'))
}

/// Which version of a story a change is meant for (RFC 9110 §13.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IfMatch {
    /// Nothing was said, or `*`.
    Anything,
    /// The one that begins the entity tag.
    Version(u64),
    /// No version of any story.
    Nothing,
}

impl IfMatch {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let Some(value) = headers.get(IF_MATCH) else { return Self::Anything };
        let tag = value.to_str().unwrap_or_default().trim();
        if tag == "*" {
            return Self::Anything;
        }
        let inner = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
        let version = inner.and_then(|tag| tag.split('-').next()?.parse().ok());
        version.map_or(Self::Nothing, Self::Version)
    }
}

/// Keeps an answer out of every cache (SES-07).
pub(super) fn private(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(VARY, HeaderValue::from_static("Accept, Cookie, Authorization"));
}

/// Caches may keep it but must ask each time whether it is still so.
fn public(body: Bytes, content_type: &'static str, headers: &HeaderMap) -> Response {
    let etag = etag(&body);
    tagged(body, content_type, &etag, headers)
}

fn tagged(body: Bytes, content_type: &'static str, etag: &str, headers: &HeaderMap) -> Response {
    let mut response = if is_known(etag, headers) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, content_type)], body).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("Accept, Cookie, Authorization"));
    if let Ok(etag) = HeaderValue::from_str(etag) {
        headers.insert(ETAG, etag);
    }
    response
}

/// Whether the request has the bytes behind an entity tag already (RFC 9110 §13.1.2).
pub(super) fn is_known(etag: &str, headers: &HeaderMap) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim().trim_start_matches("W/") == etag || known.trim() == "*")
}

/// A strong entity tag: the hash of the very bytes (RFC 9110 §8.8.3).
pub(super) fn etag(body: &[u8]) -> String {
    let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, body));
    format!("\"{}\"", hash.get(..22).unwrap_or(&hash))
}
