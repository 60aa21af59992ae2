//! API key of a request. It is counted, and decides nothing.

use axum::http::{HeaderMap, HeaderName};

use crate::metrics::ApiKeyCounters;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Counts a request that has an API key, and returns the name of the key.
pub(in crate::http) fn count_api_key<'a>(
    headers: &HeaderMap,
    counters: &'a ApiKeyCounters,
) -> Option<&'a str> {
    let mut keys = headers.get_all(API_KEY).into_iter();
    let (key, another) = (keys.next()?, keys.next());
    // Two keys are as good as an unknown one.
    counters.count(if another.is_none() { key.as_bytes() } else { &[] })
}
