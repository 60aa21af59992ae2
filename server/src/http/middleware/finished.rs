//! Public pages that are ready to be sent: their last headers and bytes, before anything else
//! looks at a request.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, COOKIE, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;

use crate::encoding::{Effort, Encoding};
use crate::http::middleware::admission::is_within_rate;
use crate::http::middleware::limits;
use crate::http::middleware::page_cache::cache_key;
use crate::http::page_cache::{CacheKey, CachedResponse, FinishedResponse, not_modified};
use crate::http::request::{RequestId, count_api_key};
use crate::http::state::AppState;
use crate::metrics::RouteMetrics;
#[cfg(feature = "otel")]
use crate::trace::RequestTrace;

/// Returns the finished page that answers a request, or that the client has it.
pub(in crate::http) fn find(app: &AppState, request: &Request) -> Option<Response> {
    let start = Instant::now();
    let (mut response, metrics) = Wanted::of(app, request)?.finished(app)?;
    // The entrance of the route tells who sends too many when to come back.
    if !is_within_rate(app, metrics.class, request) {
        return None;
    }
    #[cfg(feature = "otel")]
    let trace = RequestTrace::of(request);
    if request.method() == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    RequestId::of_new(request, &app.trusted_proxies).add_to(&mut response);
    count_api_key(request.headers(), &app.metrics.api_keys);
    app.page_cache.hits.fetch_add(1, Ordering::Relaxed);
    metrics.record(response.status().as_u16(), start.elapsed());
    #[cfg(feature = "otel")]
    trace.end(metrics.route, response.status().as_u16());
    Some(response)
}

/// Page to be finished.
pub(in crate::http) struct Unfinished {
    wanted: Wanted,
    /// The condition was taken out of the request.
    is_conditional: bool,
}

impl Unfinished {
    /// Returns the page to be finished with the answer to a request, if it is one.
    pub(in crate::http) fn of(app: &AppState, request: &mut Request) -> Option<Self> {
        // Until then, the content security policy of pages lacks the origin of the hosted UI.
        let can_finish = request.method() == Method::GET && app.oidc.knows_hosted_ui();
        let wanted = Wanted::of(app, request).filter(|_| can_finish)?;
        // Otherwise a page would never be finished while all who ask for it have it, as programs do
        // that look for news.
        let is_conditional = wanted.one_tag().is_some() && wanted.is_kept(app);
        if is_conditional {
            request.headers_mut().remove(IF_NONE_MATCH);
        }
        Some(Self { wanted, is_conditional })
    }

    /// Finishes the page, and returns what its client gets.
    pub(in crate::http) async fn finish(self, app: &AppState, response: Response) -> Response {
        let response = self.wanted.finish(app, response).await;
        match self.wanted.one_tag().filter(|_| self.is_conditional) {
            Some(tag) => unless_current(tag, response),
            None => response,
        }
    }
}

/// What decides which finished page a request gets.
struct Wanted {
    key: CacheKey,
    encoding: Option<Encoding>,
    none_match: Option<HeaderValue>,
}

impl Wanted {
    /// Returns `None` for a request that anything else decides about: a cookie, a token, a date,
    /// or a limit that it breaks.
    fn of(app: &AppState, request: &Request) -> Option<Self> {
        let headers = request.headers();
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        let is_plain = is_read
            // The line of the log has to be written.
            && !app.access_log
            && !headers.contains_key(COOKIE)
            && !headers.contains_key(AUTHORIZATION)
            && !headers.contains_key(IF_MODIFIED_SINCE);
        if !is_plain || limits::check(request).is_err() {
            return None;
        }
        let mut accepted = headers.get_all(ACCEPT_ENCODING).into_iter();
        let (accepted, another) = (accepted.next(), accepted.next());
        if another.is_some() {
            return None;
        }
        let accepted = accepted.and_then(|value| value.to_str().ok()).into_iter();
        Some(Self {
            key: cache_key(app, request),
            encoding: Encoding::preferred(accepted, Effort::Shared),
            none_match: headers.get(IF_NONE_MATCH).cloned(),
        })
    }

    /// Returns the tag of the page that the client has, if it names exactly one.
    fn one_tag(&self) -> Option<&[u8]> {
        let tag = opaque_tag(self.none_match.as_ref()?);
        let within = tag.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        (!within.contains(&b'"')).then_some(tag)
    }

    /// Returns whether the page is kept, finished or not.
    fn is_kept(&self, app: &AppState) -> bool {
        app.page_cache.current.get(&self.key).flatten().is_some()
    }

    /// Returns the finished page, or says that the client has it.
    fn finished(&self, app: &AppState) -> Option<(Response, Arc<RouteMetrics>)> {
        let page = app.page_cache.current.get(&self.key).flatten()?;
        let finished = page.finished.get(self.encoding)?;
        let is_current = match &self.none_match {
            None => false,
            Some(tag) if Some(tag) == finished.headers.get(ETAG) => true,
            // The layer for conditions compares the others.
            Some(_) => return None,
        };
        let response = if is_current {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            *response.headers_mut() = finished.not_modified.clone();
            response
        } else {
            let mut response = Response::new(Body::from(finished.body.clone()));
            *response.headers_mut() = finished.headers.clone();
            response
        };
        Some((response, Arc::clone(&finished.metrics)))
    }

    /// Keeps what a client gets, if it is the page of this key and nothing but the key and the
    /// encoding decided about it.
    async fn finish(&self, app: &AppState, response: Response) -> Response {
        let Some(page) = response.extensions().get::<Arc<CachedResponse>>().cloned() else {
            return response;
        };
        let Some(metrics) = response.extensions().get::<Arc<RouteMetrics>>().cloned() else {
            return response;
        };
        let current = app.page_cache.current.get(&self.key).flatten();
        let is_of_key = current.is_some_and(|current| Arc::ptr_eq(&current, &page));
        if !is_of_key || response.status() != StatusCode::OK {
            return response;
        }
        let (parts, body) = response.into_parts();
        let Ok(body) = to_bytes(body, usize::MAX).await else {
            return Response::from_parts(parts, Body::empty());
        };
        let finished = FinishedResponse::new(metrics, &parts.headers, body.clone());
        page.finished.set(self.encoding, finished);
        Response::from_parts(parts, Body::from(body))
    }
}

/// Answers 304 instead of the page that the client has (RFC 9110 §13.1.2).
fn unless_current(tag: &[u8], response: Response) -> Response {
    let current = response.headers().get(ETAG).map(opaque_tag);
    if response.status() != StatusCode::OK || current != Some(tag) {
        return response;
    }
    let mut response = response.map(|_| Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.headers_mut() = not_modified(response.headers());
    response
}

/// Returns a tag without the mark of weak ones, which conditions of this kind ignore.
fn opaque_tag(tag: &HeaderValue) -> &[u8] {
    let tag = tag.as_bytes();
    tag.strip_prefix(b"W/").unwrap_or(tag)
}
