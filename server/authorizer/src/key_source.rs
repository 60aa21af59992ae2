//! Where the issuer's keys come from: fetched, kept, and fetched again when need be.

use std::error::Error as _;
use std::iter::successors;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep};
use url::Url;

use crate::document::{Document, Patience};
use crate::keys::{Key, KeyError, KeySet};
use crate::token_error::TokenError;

const MAX_KEY_SET_BYTES: usize = 256 * 1024;

/// How patient and how persistent a [`KeySource`] is.
#[derive(Clone, Copy, Debug)]
pub struct KeySourceOptions {
    /// Between two regular fetches; a key that the issuer took back is refused after that.
    pub refresh_every: Duration,
    /// After a regular fetch that failed, while there are keys to go on with.
    pub retry_every: Duration,
    /// After a fetch that failed, while there are none.
    pub retry_first_every: Duration,
    /// Between two fetches that tokens with unknown keys cause, however many there are.
    pub cool_down: Duration,
    /// How long keys are used while the issuer does not answer.
    pub max_stale: Duration,
    /// For a connection to the issuer.
    pub connect_timeout: Duration,
    /// For a whole fetch.
    pub total_timeout: Duration,
}

impl Default for KeySourceOptions {
    fn default() -> Self {
        Self {
            refresh_every: Duration::from_secs(600),
            retry_every: Duration::from_secs(60),
            retry_first_every: Duration::from_secs(1),
            cool_down: Duration::from_secs(10),
            max_stale: Duration::from_secs(24 * 60 * 60),
            connect_timeout: Duration::from_secs(2),
            total_timeout: Duration::from_secs(3),
        }
    }
}

/// The keys of one issuer.
///
/// Looking up a known key never waits. A fetched set replaces the one before it as a
/// whole, so a key that the issuer took back is gone; a set without a usable key replaces
/// nothing. Intervals are measured by a clock that nobody sets.
#[derive(Debug)]
pub struct KeySource {
    shared: Arc<Shared>,
    options: KeySourceOptions,
    /// Held during a fetch, so there is one at a time; within, when a token last caused one.
    turn: Arc<Mutex<Option<Instant>>>,
}

#[derive(Debug)]
struct Shared {
    /// `None` for keys that never change.
    document: Option<Document>,
    held: RwLock<Option<Held>>,
}

#[derive(Clone, Debug)]
struct Held {
    keys: Arc<KeySet>,
    since: Instant,
}

impl KeySource {
    /// Makes a source that has no keys yet: call [`KeySource::refresh`] or spawn
    /// [`KeySource::keep_fresh`].
    ///
    /// # Errors
    /// When the address is neither https nor on this machine.
    pub fn new(jwks_url: Url, options: KeySourceOptions) -> Result<Self, KeyError> {
        let patience = Patience { connect: options.connect_timeout, total: options.total_timeout };
        let document = Document::new(jwks_url, MAX_KEY_SET_BYTES, patience)?;
        Ok(Self::with(Shared { document: Some(document), held: RwLock::new(None) }, options))
    }

    /// Makes a source of keys that never change: for tests and for a pool in this process.
    pub fn fixed(keys: KeySet) -> Self {
        let held = Held { keys: Arc::new(keys), since: Instant::now() };
        let shared = Shared { document: None, held: RwLock::new(Some(held)) };
        Self::with(shared, KeySourceOptions::default())
    }

    fn with(shared: Shared, options: KeySourceOptions) -> Self {
        Self { shared: Arc::new(shared), options, turn: Arc::default() }
    }

    /// Whether tokens can be verified: there are keys, and they are not too old.
    pub fn is_ready(&self) -> bool {
        self.current().is_some()
    }

    /// The key with this id.
    ///
    /// An unknown one is asked of the issuer, at most once in the cool-down; the callers
    /// that come meanwhile wait for that answer.
    ///
    /// # Errors
    /// [`TokenError::UnknownKey`], or [`TokenError::KeysUnavailable`] when there are no keys.
    pub async fn key(&self, kid: &str) -> Result<Arc<Key>, TokenError> {
        if let Some(key) = self.known(kid) {
            return Ok(key);
        }
        self.ask_for(kid).await;
        let missing =
            if self.is_ready() { TokenError::UnknownKey } else { TokenError::KeysUnavailable };
        self.known(kid).ok_or(missing)
    }

    /// Fetches the issuer's keys now; those at hand stay when that fails.
    pub async fn refresh(&self) -> Result<(), KeyError> {
        let _turn = self.turn.lock().await;
        self.shared.fetch().await
    }

    /// Fetches the keys if it is time for the regular fetch, and never twice within the
    /// cool-down: for a process that is only awake during requests.
    pub async fn freshen(&self) {
        let mut last = self.turn.lock().await;
        let is_due = self.age().is_none_or(|age| age >= self.options.refresh_every);
        if !is_due || !self.may_ask_again(*last) {
            return;
        }
        *last = Some(Instant::now());
        if let Err(error) = self.shared.fetch().await {
            report(&error);
        }
    }

    /// Fetches the keys again and again; to be spawned, and aborted when the server ends.
    pub async fn keep_fresh(self: Arc<Self>) {
        loop {
            let pause = match self.refresh().await {
                Ok(()) => self.options.refresh_every,
                Err(error) => {
                    report(&error);
                    let is_ready = self.is_ready();
                    if is_ready { self.options.retry_every } else { self.options.retry_first_every }
                }
            };
            sleep(pause).await;
        }
    }

    /// The key with this id among those at hand.
    pub(crate) fn known(&self, kid: &str) -> Option<Arc<Key>> {
        self.current()?.get(kid).cloned()
    }

    /// The key that a header names, if it is written as the pool writes it.
    pub(crate) fn known_by_header(&self, header: &str) -> Option<Arc<Key>> {
        self.current()?.by_header(header).cloned()
    }

    fn age(&self) -> Option<Duration> {
        let held = self.shared.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().map(|held| held.since.elapsed())
    }

    fn current(&self) -> Option<Arc<KeySet>> {
        let held = self.shared.held.read().unwrap_or_else(PoisonError::into_inner);
        let held = held.as_ref()?;
        let is_fixed = self.shared.document.is_none();
        let is_too_old = !is_fixed && held.since.elapsed() >= self.options.max_stale;
        (!is_too_old).then(|| Arc::clone(&held.keys))
    }

    /// Whether the cool-down since the last fetch for a token is over.
    fn may_ask_again(&self, last: Option<Instant>) -> bool {
        last.is_none_or(|last| last.elapsed() >= self.options.cool_down)
    }

    async fn ask_for(&self, kid: &str) {
        let mut last = Arc::clone(&self.turn).lock_owned().await;
        let is_fixed = self.shared.document.is_none();
        if is_fixed || !self.may_ask_again(*last) || self.known(kid).is_some() {
            return;
        }
        *last = Some(Instant::now());
        let shared = Arc::clone(&self.shared);
        // On its own task: a client that hangs up must not cost the others this fetch.
        let fetch = tokio::spawn(async move {
            let fetched = shared.fetch().await;
            drop(last);
            fetched
        });
        if let Ok(Err(error)) = fetch.await {
            report(&error);
        }
    }
}

impl Shared {
    async fn fetch(&self) -> Result<(), KeyError> {
        let Some(document) = &self.document else { return Ok(()) };
        let keys = KeySet::parse(&document.fetch().await?)?;
        if keys.dropped() > 0 {
            tracing::warn!(dropped = keys.dropped(), "the issuer's key set has unusable keys");
        }
        let held = Held { keys: Arc::new(keys), since: Instant::now() };
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
        Ok(())
    }
}

fn report(error: &KeyError) {
    let causes: Vec<_> =
        successors(error.source(), |&cause| cause.source()).map(ToString::to_string).collect();
    tracing::warn!(%error, cause = causes.join(": "), "the issuer's keys could not be had");
}
