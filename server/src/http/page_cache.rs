//! Responses for anonymous readers, cached as bytes until the content changes.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::http::request::Preference;

/// The most that all responses together may weigh, in bytes.
const CAPACITY: u64 = 32 * 1024 * 1024;
/// Initial capacity of the cache.
const EXPECTED_PAGES: usize = 1_000;
/// Cached responses; `None` for a page that cannot be cached.
pub struct PageCache(pub(in crate::http) Cache<CacheKey, Option<Arc<CachedResponse>>, ByBytes>);

/// Everything a response depends on.
///
/// The content version is part of it, so pages of older content are never found again and are
/// evicted in time.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(in crate::http) struct CacheKey {
    pub(in crate::http) content_version: u64,
    pub(in crate::http) minute: i64,
    pub(in crate::http) preference: Preference,
    pub(in crate::http) path_and_query: String,
}

/// Response without its status, which is 200.
pub(in crate::http) struct CachedResponse {
    pub(in crate::http) headers: HeaderMap,
    pub(in crate::http) body: Bytes,
}

/// Weighs responses by their bytes.
#[derive(Clone)]
pub(in crate::http) struct ByBytes;

impl Weighter<CacheKey, Option<Arc<CachedResponse>>> for ByBytes {
    fn weight(&self, key: &CacheKey, response: &Option<Arc<CachedResponse>>) -> u64 {
        let body = response.as_ref().map_or(0, |response| response.body.len());
        // The structures around the bytes take memory too.
        (key.path_and_query.len() + body + 1_024) as u64
    }
}

impl Default for PageCache {
    fn default() -> Self {
        Self(Cache::with_weighter(EXPECTED_PAGES, CAPACITY, ByBytes))
    }
}

impl CachedResponse {
    pub(in crate::http) fn to_response(&self) -> Response {
        let mut response = self.body.clone().into_response();
        response.headers_mut().extend(self.headers.clone());
        response
    }
}
