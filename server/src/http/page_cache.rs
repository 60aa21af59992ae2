//! Responses for anonymous readers, cached as bytes: the current ones, and the last good ones for
//! the time in which the store is unavailable.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::http::header::{AGE, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use bytes::Bytes;
use gazette_app::{RenderedPage, Shell, Theme};
use jiff::Timestamp;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::encoding::{EncodedForms, Encoding};
use crate::http::request::{Preference, REQUEST_ID};
use crate::http::store_outage::StoreOutage;
use crate::metrics::RouteMetrics;

/// The most that all current responses may weigh, and all last good ones, in bytes. A response
/// that is both takes its memory once.
const CAPACITY: u64 = 32 * 1024 * 1024;
/// The longest time a page is kept, in seconds, because pages show relative times.
const MAX_AGE_SECONDS: i64 = 60;
/// The most that the contents of pages may weigh, and the documents around them, in bytes.
const CONTENTS_CAPACITY: u64 = 8 * 1024 * 1024;
/// Initial capacities of the caches.
const EXPECTED_PAGES: usize = 1_000;
const EXPECTED_CONTENTS: usize = 100;
const EXPECTED_BUSY_PAGES: usize = 8;
/// Describes how a cache handled the request (RFC 9211).
const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// Cached responses.
pub(crate) struct PageCache {
    /// Responses for the current content; `None` while it is known that a page cannot be kept.
    pub(in crate::http) current: Cache<CacheKey, Option<Arc<CachedResponse>>, ByBytes>,
    /// The last good response of each page.
    pub(in crate::http) last_good: Cache<PageKey, Arc<CachedResponse>, ByBytes>,
    /// Contents that are the same for everyone, for the pages of people who are signed in.
    pub(in crate::http) contents: Cache<ContentKey, Arc<RenderedPage>, ByBytes>,
    /// The documents around these contents, without anything personal.
    pub(in crate::http) shells: Cache<ShellKey, Arc<Shell>, ByBytes>,
    /// The page of a busy server, by minute and theme: to refuse a request must take less than to
    /// answer it.
    pub(in crate::http) busy: Cache<(i64, Option<Theme>), Bytes>,
    /// Requests that were answered from the cache.
    pub(in crate::http) hits: AtomicU64,
    /// Requests for which a page was rendered.
    pub(in crate::http) misses: AtomicU64,
    /// Outage of the store.
    pub(in crate::http) outage: StoreOutage,
}

/// A page and its representation.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(in crate::http) struct PageKey {
    pub(in crate::http) preference: Preference,
    /// Theme that the reader chose.
    pub(in crate::http) theme: Option<Theme>,
    /// Canonical path and query.
    pub(in crate::http) path_and_query: String,
}

/// Everything a response depends on.
///
/// The content version is part of it, so pages of older content are never found again and are
/// evicted in time.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(in crate::http) struct CacheKey {
    pub(in crate::http) content_version: u64,
    pub(in crate::http) minute: i64,
    pub(in crate::http) page: PageKey,
}

/// Everything that the content of a page depends on, if it is the same for everyone.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(in crate::http) struct ContentKey {
    pub(in crate::http) content_version: u64,
    pub(in crate::http) minute: i64,
    /// Canonical path and query.
    pub(in crate::http) path_and_query: Arc<str>,
}

/// Everything that the document around a content depends on, except for the viewer.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(in crate::http) struct ShellKey {
    pub(in crate::http) content: ContentKey,
    /// Theme that the reader chose.
    pub(in crate::http) theme: Option<Theme>,
    /// The page says that the session of its viewer cannot be checked.
    pub(in crate::http) sign_in_unknown: bool,
}

/// Response without its status, which is 200.
pub(in crate::http) struct CachedResponse {
    pub(in crate::http) headers: HeaderMap,
    pub(in crate::http) body: Bytes,
    pub(in crate::http) forms: Arc<EncodedForms>,
    pub(in crate::http) finished: FinishedResponses,
    pub(in crate::http) content_version: u64,
    pub(in crate::http) rendered_at: Timestamp,
}

/// A page as it goes to a client: every header, with an empty id of the request, and the encoded
/// bytes.
pub(in crate::http) struct FinishedResponse {
    /// Counters and class of its route.
    pub(in crate::http) metrics: Arc<RouteMetrics>,
    pub(in crate::http) headers: HeaderMap,
    /// Headers of the answer to a client that has the page.
    pub(in crate::http) not_modified: HeaderMap,
    pub(in crate::http) body: Bytes,
}

impl FinishedResponse {
    /// Makes a page of the response to one client.
    pub(in crate::http) fn new(
        metrics: Arc<RouteMetrics>,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Self {
        let mut headers = headers.clone();
        // A header that is there already is replaced; a new one would make the map grow each time.
        headers.insert(REQUEST_ID, HeaderValue::from_static(""));
        headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        let not_modified = not_modified(&headers);
        Self { metrics, headers, not_modified, body }
    }
}

/// Returns the headers of the answer to a client that has the page with these headers.
pub(in crate::http) fn not_modified(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in [CONTENT_TYPE, CONTENT_ENCODING, CONTENT_LENGTH] {
        headers.remove(name);
    }
    headers
}

/// The finished responses of a page: one for each encoding, and one without.
#[derive(Default)]
pub(in crate::http) struct FinishedResponses {
    plain: OnceLock<FinishedResponse>,
    brotli: OnceLock<FinishedResponse>,
    zstd: OnceLock<FinishedResponse>,
    gzip: OnceLock<FinishedResponse>,
}

impl FinishedResponses {
    pub(in crate::http) fn get(&self, encoding: Option<Encoding>) -> Option<&FinishedResponse> {
        self.slot(encoding).get()
    }

    pub(in crate::http) fn set(&self, encoding: Option<Encoding>, response: FinishedResponse) {
        // Another request may have finished the same page in the meantime.
        let _ = self.slot(encoding).set(response);
    }

    fn slot(&self, encoding: Option<Encoding>) -> &OnceLock<FinishedResponse> {
        match encoding {
            None => &self.plain,
            Some(Encoding::Brotli) => &self.brotli,
            Some(Encoding::Zstd) => &self.zstd,
            Some(Encoding::Gzip) => &self.gzip,
        }
    }
}

/// Returns the minute of a time.
pub(in crate::http) fn minute_of(now: Timestamp) -> i64 {
    now.as_second().div_euclid(MAX_AGE_SECONDS)
}

/// Weighs responses by their bytes.
#[derive(Clone)]
pub(in crate::http) struct ByBytes;

impl Weighter<CacheKey, Option<Arc<CachedResponse>>> for ByBytes {
    fn weight(&self, key: &CacheKey, response: &Option<Arc<CachedResponse>>) -> u64 {
        weight(&key.page, response.as_ref())
    }
}

impl Weighter<PageKey, Arc<CachedResponse>> for ByBytes {
    fn weight(&self, key: &PageKey, response: &Arc<CachedResponse>) -> u64 {
        weight(key, Some(response))
    }
}

impl Weighter<ContentKey, Arc<RenderedPage>> for ByBytes {
    fn weight(&self, key: &ContentKey, page: &Arc<RenderedPage>) -> u64 {
        // The metadata of the page takes memory too.
        (key.path_and_query.len() + page.size() + 2 * 1_024) as u64
    }
}

impl Weighter<ShellKey, Arc<Shell>> for ByBytes {
    fn weight(&self, key: &ShellKey, shell: &Arc<Shell>) -> u64 {
        (key.content.path_and_query.len() + shell.size() + 512) as u64
    }
}

fn weight(key: &PageKey, response: Option<&Arc<CachedResponse>>) -> u64 {
    let body = response.map_or(0, |response| response.body.len());
    // The encoded forms, the finished headers and the structures around the bytes take memory too.
    (key.path_and_query.len() + body + body / 2 + 8 * 1_024) as u64
}

impl Default for PageCache {
    fn default() -> Self {
        Self {
            current: Cache::with_weighter(EXPECTED_PAGES, CAPACITY, ByBytes),
            last_good: Cache::with_weighter(EXPECTED_PAGES, CAPACITY, ByBytes),
            contents: Cache::with_weighter(EXPECTED_CONTENTS, CONTENTS_CAPACITY, ByBytes),
            shells: Cache::with_weighter(EXPECTED_CONTENTS, CONTENTS_CAPACITY, ByBytes),
            busy: Cache::new(EXPECTED_BUSY_PAGES),
            hits: AtomicU64::default(),
            misses: AtomicU64::default(),
            outage: StoreOutage::default(),
        }
    }
}

impl CachedResponse {
    /// Returns the response, which names this page so that it can be finished.
    pub(in crate::http) fn to_response(self: &Arc<Self>) -> Response {
        let mut response = self.unnamed_response();
        response.extensions_mut().insert(Arc::clone(self));
        response
    }

    fn unnamed_response(&self) -> Response {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.headers_mut() = self.headers.clone();
        response.extensions_mut().insert(Arc::clone(&self.forms));
        response
    }

    /// Returns the response with its age, for the time in which it cannot be replaced.
    pub(in crate::http) fn to_stale_response(&self, now: Timestamp) -> Response {
        let age = now.duration_since(self.rendered_at).as_secs().max(0);
        let status = format!("gazette; hit; ttl=-{age}; detail=store-unavailable");
        let mut response = self.unnamed_response();
        let headers = response.headers_mut();
        headers.insert(AGE, HeaderValue::from(age));
        if let Ok(status) = HeaderValue::from_str(&status) {
            headers.insert(CACHE_STATUS, status);
        }
        response
    }
}
