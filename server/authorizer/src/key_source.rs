//! Fetches and caches the keys of an issuer.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};
use url::Url;

use crate::causes::causes;
use crate::document::{Document, Timeouts};
use crate::key_document::{KeyDocument, MAX_KEY_SET_BYTES};
use crate::key_set::{Key, KeyError, KeySet};
use crate::key_source_options::KeySourceOptions;
use crate::token_error::TokenError;

/// The keys of one issuer.
///
/// Looking up a cached key never waits. A fetched set replaces the whole previous set, so that
/// removed keys are refused; a set without a usable key is ignored. Intervals are measured with
/// a monotonic clock.
#[derive(Debug)]
pub struct KeySource {
    shared: Arc<Shared>,
    options: KeySourceOptions,
    /// Locked during a fetch, so that fetches do not overlap; contains the last fetch for an
    /// unknown key.
    fetch_lock: Arc<Mutex<Option<Fetch>>>,
}

/// A fetch for an unknown key.
#[derive(Clone, Copy, Debug)]
struct Fetch {
    at: Instant,
    succeeded: bool,
}

#[derive(Debug)]
struct Shared {
    /// `None` for fixed keys.
    document: Option<KeyDocument>,
    cached: RwLock<Option<CachedKeys>>,
}

#[derive(Clone, Debug)]
struct CachedKeys {
    keys: Arc<KeySet>,
    fetched_at: Instant,
}

impl KeySource {
    /// Creates a source without keys: call [`KeySource::refresh`] or spawn
    /// [`KeySource::keep_fresh`].
    ///
    /// # Errors
    /// When the URL is neither https nor http on loopback.
    pub fn new(jwks_url: Url, options: KeySourceOptions) -> Result<Self, KeyError> {
        let timeouts = Timeouts { connect: options.connect_timeout, total: options.total_timeout };
        let document = Document::new(jwks_url, MAX_KEY_SET_BYTES, timeouts)?;
        Ok(Self::from_shared(
            Shared { document: Some(KeyDocument::Url(document)), cached: RwLock::new(None) },
            options,
        ))
    }

    /// Creates a source that reads the key set from a file, for tests against pools that cannot
    /// be reached at their issuer. It is used as [`KeySource::new`]; use
    /// [`KeySourceOptions::of_file`].
    pub fn from_file(path: PathBuf, options: KeySourceOptions) -> Self {
        let document = Some(KeyDocument::File(path));
        Self::from_shared(Shared { document, cached: RwLock::new(None) }, options)
    }

    /// Creates a source of fixed keys, for tests.
    pub fn fixed(keys: KeySet) -> Self {
        let cached = CachedKeys { keys: Arc::new(keys), fetched_at: Instant::now() };
        let shared = Shared { document: None, cached: RwLock::new(Some(cached)) };
        Self::from_shared(shared, KeySourceOptions::default())
    }

    fn from_shared(shared: Shared, options: KeySourceOptions) -> Self {
        Self { shared: Arc::new(shared), options, fetch_lock: Arc::default() }
    }

    /// Checks that keys are cached and not too old.
    pub fn is_ready(&self) -> bool {
        self.current().is_some()
    }

    /// Returns the key with this id.
    ///
    /// For an unknown key it fetches the key set, at most once in the cool-down; concurrent
    /// callers wait for the same fetch.
    ///
    /// # Errors
    /// [`TokenError::UnknownKey`], or [`TokenError::KeysUnavailable`] without any keys or if the
    /// current key set cannot be fetched, which may contain the key after a rotation.
    pub async fn key(&self, key_id: &str) -> Result<Arc<Key>, TokenError> {
        if let Some(key) = self.cached_key(key_id) {
            return Ok(key);
        }
        let is_current = self.fetch_for(key_id).await;
        let is_known_missing = is_current && self.is_ready();
        let error =
            if is_known_missing { TokenError::UnknownKey } else { TokenError::KeysUnavailable };
        self.cached_key(key_id).ok_or(error)
    }

    /// Fetches the keys now; keeps the cached ones on failure.
    pub async fn refresh(&self) -> Result<(), KeyError> {
        let _lock = self.fetch_lock.lock().await;
        self.shared.fetch().await
    }

    /// Fetches the keys if a regular fetch is due, at most once in the cool-down; for a process
    /// that only runs during requests.
    pub async fn refresh_if_due(&self) {
        let mut last = self.fetch_lock.lock().await;
        let is_due = self.age().is_none_or(|age| age >= self.options.refresh_every);
        if !is_due || !self.is_cooled_down(*last) {
            return;
        }
        let at = Instant::now();
        let fetched = self.shared.fetch().await;
        *last = Some(Fetch { at, succeeded: fetched.is_ok() });
        if let Err(error) = fetched {
            log(&error);
        }
    }

    /// Fetches the keys regularly, at once if there are none; never returns, so spawn it and abort
    /// it at shutdown.
    pub async fn keep_fresh(self: Arc<Self>) {
        let mut log = ChangeLog::default();
        let until_due = self.age().map(|age| self.options.refresh_every.saturating_sub(age));
        sleep(until_due.unwrap_or_default()).await;
        loop {
            let fetched = self.refresh().await;
            log.record(fetched.as_ref());
            sleep(match fetched {
                Ok(()) => self.options.refresh_every,
                Err(_) if self.is_ready() => self.options.retry_every,
                Err(_) => self.options.retry_first_every,
            })
            .await;
        }
    }

    /// Returns the cached key with this id.
    pub(crate) fn cached_key(&self, key_id: &str) -> Option<Arc<Key>> {
        self.current()?.get(key_id).cloned()
    }

    /// Returns the cached key that an encoded header names, if the header has the usual form.
    pub(crate) fn cached_key_by_header(&self, header: &str) -> Option<Arc<Key>> {
        self.current()?.by_header(header).cloned()
    }

    /// Checks that a key is of the present set, which each fetch replaces.
    pub(crate) fn is_current(&self, key: &Arc<Key>) -> bool {
        self.current().is_some_and(|keys| keys.contains(key))
    }

    /// Returns the time since the keys were fetched; `None` while there are none.
    pub fn age(&self) -> Option<Duration> {
        let cached = self.shared.cached.read().unwrap_or_else(PoisonError::into_inner);
        cached.as_ref().map(|cached| cached.fetched_at.elapsed())
    }

    fn current(&self) -> Option<Arc<KeySet>> {
        let cached = self.shared.cached.read().unwrap_or_else(PoisonError::into_inner);
        let cached = cached.as_ref()?;
        let is_fixed = self.shared.document.is_none();
        let is_too_old = !is_fixed && cached.fetched_at.elapsed() >= self.options.max_stale;
        (!is_too_old).then(|| Arc::clone(&cached.keys))
    }

    /// Checks that the cool-down after the last fetch for an unknown key is over.
    fn is_cooled_down(&self, last: Option<Fetch>) -> bool {
        last.is_none_or(|last| last.at.elapsed() >= self.options.cool_down)
    }

    /// Fetches the key set for an unknown key, if the last such fetch is long enough ago.
    ///
    /// Returns `false` if the cached keys may be outdated because the latest fetch failed.
    async fn fetch_for(&self, key_id: &str) -> bool {
        let mut last = Arc::clone(&self.fetch_lock).lock_owned().await;
        let is_fixed = self.shared.document.is_none();
        if is_fixed || !self.is_cooled_down(*last) || self.cached_key(key_id).is_some() {
            return last.is_none_or(|last| last.succeeded || self.is_fetched_since(last.at));
        }
        let at = Instant::now();
        // Counts as failed if the task below ends early.
        *last = Some(Fetch { at, succeeded: false });
        let shared = Arc::clone(&self.shared);
        // In a task of its own, so that a client that disconnects does not cancel the fetch.
        let fetch = tokio::spawn(async move {
            let fetched = shared.fetch().await;
            *last = Some(Fetch { at, succeeded: fetched.is_ok() });
            drop(last);
            fetched
        });
        match fetch.await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                log(&error);
                false
            }
            Err(_) => false,
        }
    }

    fn is_fetched_since(&self, since: Instant) -> bool {
        let cached = self.shared.cached.read().unwrap_or_else(PoisonError::into_inner);
        cached.as_ref().is_some_and(|cached| cached.fetched_at >= since)
    }
}

impl Shared {
    async fn fetch(&self) -> Result<(), KeyError> {
        let Some(document) = &self.document else { return Ok(()) };
        let keys = KeySet::parse(&document.fetch().await?)?;
        if keys.dropped() > 0 {
            tracing::warn!(dropped = keys.dropped(), "the issuer's key set has unusable keys");
        }
        let cached = CachedKeys { keys: Arc::new(keys), fetched_at: Instant::now() };
        *self.cached.write().unwrap_or_else(PoisonError::into_inner) = Some(cached);
        Ok(())
    }
}

/// Log of regular fetches. An outage with a fetch a second must not fill the disk, so an error is
/// logged only if it differs from the one before.
#[derive(Debug, Default)]
struct ChangeLog {
    last_error: Option<String>,
}

impl ChangeLog {
    /// Logs a result unless it is the same as the one before. Returns whether it was logged.
    fn record(&mut self, fetched: Result<&(), &KeyError>) -> bool {
        let error = fetched.err().map(|error| format!("{error}: {}", causes(error)));
        let is_new = error != self.last_error;
        match fetched {
            Err(error) if is_new => log(error),
            Ok(()) if is_new => tracing::info!("the issuer's keys were fetched again"),
            Ok(()) | Err(_) => {}
        }
        self.last_error = error;
        is_new
    }
}

fn log(error: &KeyError) {
    let cause = causes(error);
    tracing::warn!(%error, cause, "the issuer's keys could not be fetched");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::DocumentError;

    #[test]
    fn a_repeated_error_of_regular_fetches_is_logged_once() {
        let mut log = ChangeLog::default();
        assert!(!log.record(Ok(&())), "nothing to tell");
        let [busy, down] = [429, 503].map(|status| DocumentError::Status(status).into());
        let results = [Err(&down), Err(&down), Err(&busy), Err(&down), Ok(&()), Ok(&())];
        let logged = results.map(|result| log.record(result));
        assert_eq!(logged, [true, false, true, true, true, false]);
    }
}
