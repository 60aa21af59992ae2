//! Compression of responses, by `Accept-Encoding`.

use std::sync::Arc;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE,
    ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use gazette_domain::SIGN_IN_PREFIX;

use crate::encoding::{Effort, EncodedForms, Encoding, encoded};
use crate::etag::etag_of_form;
use crate::http::request::has_session_cookie;

/// Smaller responses fit into one packet anyway.
const MIN_BYTES: u64 = 1_024;
/// Larger ones take too long.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// Headers of a request that decide the encoding of its response.
pub(in crate::http) struct WantedEncoding {
    accepted: Vec<HeaderValue>,
    none_match: Option<HeaderValue>,
    is_head: bool,
    /// The response may mix what the request says with what only its caller may read, so that its
    /// length would tell a listener on the network about it (BREACH).
    is_sensitive: bool,
}

impl WantedEncoding {
    pub(in crate::http) fn of(request: &Request) -> Self {
        let headers = request.headers();
        let is_head = request.method() == Method::HEAD;
        let is_private = headers.contains_key(AUTHORIZATION) || has_session_cookie(headers);
        let is_safe = is_head || request.method() == Method::GET;
        let reflects = !is_safe || request.uri().query().is_some();
        let is_sign_in = request.uri().path().starts_with(SIGN_IN_PREFIX);
        Self {
            accepted: headers.get_all(ACCEPT_ENCODING).into_iter().cloned().collect(),
            none_match: headers.get(IF_NONE_MATCH).cloned(),
            is_head,
            is_sensitive: is_sign_in || (is_private && reflects),
        }
    }

    /// Encodes a text in the smallest form that the client accepts.
    pub(in crate::http) async fn encode(self, mut response: Response) -> Response {
        if !is_text(response.headers()) {
            return response;
        }
        add_vary(response.headers_mut());
        let forms = response.extensions_mut().remove::<Arc<EncodedForms>>();
        let effort = if forms.is_some() { Effort::Shared } else { Effort::Once };
        let accepted = self.accepted.iter().filter_map(|value| value.to_str().ok());
        let encoding = Encoding::preferred(accepted, effort).filter(|_| !self.is_sensitive);
        let Some(encoding) = encoding.filter(|_| has_good_size(&response)) else { return response };
        let etag = response.headers().get(ETAG).and_then(|tag| etag_of_form(tag, encoding));
        if let Some(etag) = &etag
            && response.status() == StatusCode::OK
            && self.has(etag)
        {
            // The response becomes 304, so that its body need not be encoded.
            response.headers_mut().insert(ETAG, etag.clone());
            return response;
        }
        let (mut parts, body) = response.into_parts();
        let size = body.size_hint().exact().unwrap_or(0);
        let body = if self.is_head && size == 0 {
            // The length of what GET would send is not known.
            parts.headers.remove(CONTENT_LENGTH);
            Body::empty()
        } else {
            let Ok(bytes) = to_bytes(body, usize::MAX).await else {
                return Response::from_parts(parts, Body::empty());
            };
            let Some(form) = form(forms, &bytes, encoding).await else {
                return Response::from_parts(parts, Body::from(bytes));
            };
            parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(form.len()));
            Body::from(form)
        };
        parts.headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
        if let Some(etag) = etag {
            parts.headers.insert(ETAG, etag);
        }
        Response::from_parts(parts, body)
    }

    /// Returns whether the client says that it has a form already.
    fn has(&self, etag: &HeaderValue) -> bool {
        let tags = self.none_match.as_ref().and_then(|tags| tags.to_str().ok());
        tags.zip(etag.to_str().ok()).is_some_and(|(tags, etag)| tags.contains(etag))
    }
}

async fn form(
    forms: Option<Arc<EncodedForms>>,
    bytes: &Bytes,
    encoding: Encoding,
) -> Option<Bytes> {
    match forms {
        Some(forms) => forms.of(bytes, encoding).await,
        None => encoded(bytes, encoding, Effort::Once).await,
    }
}

/// Returns whether a body is known to be neither too small nor too large.
fn has_good_size(response: &Response) -> bool {
    let length = || response.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok();
    let exact = response.body().size_hint().exact().filter(|size| *size > 0);
    exact.or_else(length).is_some_and(|size| (MIN_BYTES..=MAX_BYTES).contains(&size))
}

/// Returns whether a response is text or a program that is not encoded yet.
fn is_text(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let media_type = text(CONTENT_TYPE).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let is_text = media_type.starts_with("text/")
        || media_type.ends_with("+json")
        || media_type.ends_with("+xml")
        || matches!(
            media_type,
            "application/json"
                | "application/x-ndjson"
                | "application/xml"
                | "application/javascript"
                | "application/wasm"
        );
    is_text
        && !headers.contains_key(CONTENT_ENCODING)
        && !text(CACHE_CONTROL).is_some_and(|value| value.contains("no-transform"))
}

/// Says that the response depends on `Accept-Encoding`, also if it was sent as it is.
fn add_vary(headers: &mut HeaderMap) {
    let vary = headers.get(VARY).map(HeaderValue::as_bytes).unwrap_or_default();
    let name = ACCEPT_ENCODING.as_str().as_bytes();
    if vary.windows(name.len()).any(|part| part.eq_ignore_ascii_case(name)) {
        return;
    }
    let vary = match vary {
        b"" => Ok(HeaderValue::from_static("Accept-Encoding")),
        vary => HeaderValue::from_bytes(&[vary, b", Accept-Encoding"].concat()),
    };
    if let Ok(vary) = vary {
        headers.insert(VARY, vary);
    }
}
