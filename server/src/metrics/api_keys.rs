//! Requests by the names of their API keys.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest::{SHA256, digest};

use crate::config::ApiKey;

/// Requests by the names of their API keys: those that are configured, and one for all others.
#[derive(Debug)]
pub(crate) struct ApiKeyCounters {
    /// Names of the keys, by hash: the time of a search tells nothing about a key.
    names: BTreeMap<Hash, String>,
    counts: BTreeMap<String, AtomicU64>,
}

type Hash = [u8; 32];

impl ApiKeyCounters {
    pub(super) fn new(keys: &[ApiKey]) -> Self {
        let name_of = |key: &ApiKey| Some((hash(key.key.expose().as_bytes())?, key.name.clone()));
        let names: BTreeMap<Hash, String> = keys.iter().filter_map(name_of).collect();
        let unknown = (!names.is_empty()).then(|| ApiKey::UNKNOWN.to_owned());
        let counts = names.values().cloned().chain(unknown);
        Self { counts: counts.map(|name| (name, AtomicU64::new(0))).collect(), names }
    }

    /// Counts a request with a key and returns the name of the key; `None` if no key is configured.
    pub(crate) fn count(&self, key: &[u8]) -> Option<&str> {
        if self.names.is_empty() {
            return None;
        }
        let hash = if key.len() <= ApiKey::MAX_BYTES { hash(key) } else { None };
        let name = hash.and_then(|hash| self.names.get(&hash));
        let name = name.map_or(ApiKey::UNKNOWN, String::as_str);
        if let Some(count) = self.counts.get(name) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        Some(name)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counts.iter().map(|(name, count)| (name.as_str(), count.load(Ordering::Relaxed)))
    }
}

fn hash(key: &[u8]) -> Option<Hash> {
    digest(&SHA256, key).as_ref().try_into().ok()
}
