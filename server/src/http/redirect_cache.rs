//! Answers of the redirects, also that there is none: most unknown addresses are asked for again
//! and again.

use axum::http::Uri;
use gazette_domain::RedirectAnswer;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// The most that all answers may weigh, in bytes.
const CAPACITY: u64 = 4 * 1024 * 1024;
/// Initial capacity of the cache.
const EXPECTED_ANSWERS: usize = 10_000;
/// Longer addresses are not kept.
const MAX_ADDRESS_BYTES: usize = 2_000;

/// A content version, and an address as it was sent. Answers of older content are never found again
/// and are evicted in time.
type Asked = (u64, String);

/// A known answer, which may be that there is no redirect.
pub(in crate::http) struct Known(pub(in crate::http) Option<RedirectAnswer>);

/// Answers by address.
pub(crate) struct RedirectCache(Cache<Asked, Option<RedirectAnswer>, ByBytes>);

/// Weighs answers by their bytes.
#[derive(Clone)]
struct ByBytes;

impl Weighter<Asked, Option<RedirectAnswer>> for ByBytes {
    fn weight(&self, (_, address): &Asked, answer: &Option<RedirectAnswer>) -> u64 {
        let location = match answer {
            Some(RedirectAnswer::Moved(location)) => location.len(),
            Some(RedirectAnswer::Gone) | None => 0,
        };
        // The structures around the bytes take memory too.
        (address.len() + location + 128) as u64
    }
}

impl Default for RedirectCache {
    fn default() -> Self {
        Self(Cache::with_weighter(EXPECTED_ANSWERS, CAPACITY, ByBytes))
    }
}

impl RedirectCache {
    /// Returns the known answer for an address.
    pub(in crate::http) fn get(&self, content_version: u64, uri: &Uri) -> Option<Known> {
        self.0.get(&(content_version, address(uri)?.to_owned())).map(Known)
    }

    /// Keeps the answer for an address.
    pub(in crate::http) fn insert(
        &self,
        content_version: u64,
        uri: &Uri,
        answer: Option<RedirectAnswer>,
    ) {
        if let Some(address) = address(uri) {
            self.0.insert((content_version, address.to_owned()), answer);
        }
    }
}

fn address(uri: &Uri) -> Option<&str> {
    let address = uri.path_and_query()?.as_str();
    (address.len() <= MAX_ADDRESS_BYTES).then_some(address)
}
