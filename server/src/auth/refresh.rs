//! Asks the pool again whom it vouches for: once per session, however many requests and
//! processes want to know.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use gazette_authorizer::TokenError;
use gazette_table::{Condition, Item, Table, TableError, Write};
use tower_sessions::session::Id;

use crate::auth::oidc::{LoginTokens, OidcClient, SignInError};
use crate::auth::session::SignedIn;
use crate::auth::session_keys::SessionKeys;
use crate::auth::session_records::{Owner, SessionName, Stored, Tokens};
use crate::auth::session_store::TableSessionStore;
use crate::clock::Clock;
use crate::config::SessionConfig;

/// For how long one process may ask on behalf of all; longer than any request to the pool.
const LEASE_SECONDS: i64 = 10;
/// How long nobody asks a pool that did not answer.
const REST_SECONDS: i64 = 5;
/// How often the table is looked at while another process asks, and how many times.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
const MAX_LOOKS: usize = 80;
/// How long it is remembered where a session went: longer than any request takes.
const MOVED_SECONDS: i64 = 10 * 60;
/// How often a write is tried again when requests of the same session interfere.
const MAX_TRIES: usize = 16;
/// How long is waited before a store that did not answer is asked again.
const STORE_PAUSE: Duration = Duration::from_millis(100);

/// What became of a session whose claims were to be verified for again.
#[derive(Clone, Debug)]
pub(super) enum Renewal {
    /// The pool vouches for these claims; under a new id when rights have changed (SES-02).
    Renewed(Box<SignedIn>, Option<Id>),
    /// The sign-in is over.
    Over,
    /// The pool cannot be asked now.
    Away,
    /// Somebody else is asking; returned only to who does not want to wait.
    UnderWay,
    /// There is no refresh token to ask with.
    NoTokens,
}

/// Renews sessions.
pub(super) struct Refresher {
    pub(super) table: Arc<dyn Table>,
    pub(super) store: TableSessionStore,
    pub(super) oidc: Arc<OidcClient>,
    pub(super) keys: SessionKeys,
    pub(super) config: SessionConfig,
    pub(super) clock: Clock,
    pub(super) flights: Flights,
    pub(super) resting_until: AtomicI64,
}

/// The renewals that are under way in this process. Who waits for one is told its outcome if
/// the session has moved, since under its old name there is nothing left to find.
#[derive(Default)]
pub(super) struct Flights(Mutex<HashMap<SessionName, Weak<Flight>>>);

type Flight = tokio::sync::Mutex<Option<Renewal>>;

/// The tokens of a session while this process alone may use them.
struct Leased {
    tokens: Tokens,
    version: u64,
}

impl Refresher {
    /// Sees to it that the claims were verified for at `wanted` or later.
    pub(super) async fn renew(
        &self,
        name: &SessionName,
        wanted: i64,
        patient: bool,
    ) -> Result<Renewal, TableError> {
        let flight = self.flights.join(name);
        let mut outcome = match flight.try_lock() {
            Ok(outcome) => outcome,
            Err(_) if patient => flight.lock().await,
            Err(_) => return Ok(Renewal::UnderWay),
        };
        if let Some(moved) = outcome.as_ref() {
            return Ok(moved.clone());
        }
        let renewal = self.renew_alone(name, wanted, patient).await?;
        if let Renewal::Renewed(_, Some(_)) = &renewal {
            *outcome = Some(renewal.clone());
        }
        Ok(renewal)
    }

    async fn renew_alone(
        &self,
        name: &SessionName,
        wanted: i64,
        patient: bool,
    ) -> Result<Renewal, TableError> {
        for _ in 0..MAX_LOOKS {
            let Some((_, _, signed_in)) = self.read(name).await? else { return Ok(Renewal::Over) };
            if signed_in.verified_at >= wanted {
                return Ok(Renewal::Renewed(Box::new(signed_in), None));
            }
            let now = self.now();
            let Some(item) = self.table.get(&name.tokens()).await? else {
                return Ok(Renewal::NoTokens);
            };
            let tokens: Tokens = item.parse()?;
            if tokens.leased_until > now {
                if !patient {
                    return Ok(Renewal::UnderWay);
                }
                tokio::time::sleep(LOOK_AGAIN).await;
                continue;
            }
            if self.resting_until.load(Ordering::Relaxed) > now {
                return Ok(Renewal::Away);
            }
            if let Some(leased) = self.lease(&item, tokens, now).await?
                && let Some(renewal) = self.ask(name, &signed_in, leased).await?
            {
                return Ok(renewal);
            }
        }
        Ok(Renewal::Away)
    }

    /// Says to all processes that this one asks now; `None` when another was faster.
    async fn lease(
        &self,
        item: &Item,
        tokens: Tokens,
        now: i64,
    ) -> Result<Option<Leased>, TableError> {
        let tokens = Tokens { leased_until: now + LEASE_SECONDS, ..tokens };
        let version = item.version + 1;
        let mut leased = Item::new(item.key.clone(), &tokens)?.version(version);
        leased.expires_at = item.expires_at;
        match self.table.write(vec![Write::replace(leased, item.version)]).await {
            Ok(()) => Ok(Some(Leased { tokens, version })),
            Err(TableError::Conflict { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Asks the pool; `None` when the session has to be looked at again.
    async fn ask(
        &self,
        name: &SessionName,
        signed_in: &SignedIn,
        leased: Leased,
    ) -> Result<Option<Renewal>, TableError> {
        let Some(token) = self.keys.open_sealed(&leased.tokens.sealed, name.as_str()) else {
            tracing::error!("a refresh token cannot be decrypted; is a session key missing?");
            self.release(name, signed_in, &leased).await?;
            return Ok(Some(Renewal::NoTokens));
        };
        let sub = signed_in.identity().claims().sub.clone();
        match self.oidc.refresh(token.clone(), self.now()).await {
            Ok(tokens) if tokens.identity.claims().sub == sub => {
                self.keep(name, tokens, leased, &token).await
            }
            Ok(_) | Err(SignInError::Token(TokenError::Issuer | TokenError::Client)) => {
                tracing::warn!("the pool answered a refresh with somebody else's token");
                self.end(name, &sub, &leased).await
            }
            Err(SignInError::GrantRefused) => {
                tracing::info!("the pool has ended a sign-in");
                self.end(name, &sub, &leased).await
            }
            Err(
                error @ (SignInError::Unreachable(_)
                | SignInError::WrongAnswer(_)
                | SignInError::RequestRefused(_)
                | SignInError::Token(_)),
            ) => {
                tracing::warn!(%error, "a session could not be renewed");
                self.resting_until.store(self.now() + REST_SECONDS, Ordering::Relaxed);
                self.release(name, signed_in, &leased).await?;
                Ok(Some(Renewal::Away))
            }
        }
    }

    /// Keeps what the pool has said, if the session is still there: in one batch with its
    /// tokens, and under a new id when a right has changed.
    async fn keep(
        &self,
        name: &SessionName,
        tokens: LoginTokens,
        leased: Leased,
        token: &str,
    ) -> Result<Option<Renewal>, TableError> {
        let token = tokens.refresh_token.as_deref().unwrap_or(token);
        for _ in 0..MAX_TRIES {
            let Some((item, mut stored, before)) = self.read(name).await? else {
                return self.drop_token(name, token).await.map(Some);
            };
            let (signed_in, changed) = before.verified_again(&tokens.identity, self.now());
            let Ok(()) = signed_in.write(&mut stored.data) else { return Ok(Some(Renewal::Away)) };
            let id = changed.then(Id::default);
            let home = id.as_ref().map_or_else(|| name.clone(), SessionName::of);
            let Some(sealed) = self.keys.seal(token, home.as_str()) else {
                return Ok(Some(Renewal::Away));
            };
            let place = Place { name, home: &home, current: item.version, tokens: leased.version };
            let batch = self.batch(&place, &stored, &signed_in, sealed)?;
            let written = self.table.write(batch).await;
            self.store.forget(name);
            match written {
                Ok(()) => return Ok(Some(Renewal::Renewed(Box::new(signed_in), id))),
                Err(TableError::Conflict { key }) if key == name.tokens() => {
                    // Another process has had fresh tokens; if nothing is there, it has ended.
                    if self.read(name).await?.is_some() {
                        return Ok(None);
                    }
                }
                Err(TableError::Conflict { .. }) => {}
                // The pool may have rotated the token, so giving up would end the session. Under
                // a new id it is not known whether the move has happened.
                Err(TableError::Unavailable { .. }) if id.is_none() => {
                    tokio::time::sleep(STORE_PAUSE).await;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Has the pool forget a fresh token whose session has ended while it was on its way.
    async fn drop_token(&self, name: &SessionName, token: &str) -> Result<Renewal, TableError> {
        // What has moved meanwhile lives on by this token or by one that would end with it.
        if self.table.get(&name.moved()).await?.is_none() {
            self.revoke(token).await;
        }
        Ok(Renewal::Over)
    }

    fn batch(
        &self,
        place: &Place<'_>,
        stored: &Stored,
        signed_in: &SignedIn,
        sealed: String,
    ) -> Result<Vec<Write>, TableError> {
        let &Place { name, home, current, tokens } = place;
        let expires_at = self.store.expires_at(stored);
        let ends_at = signed_in.ends_at(&self.config);
        let fresh = Tokens { sealed, leased_until: 0 };
        let fresh = Item::new(home.tokens(), &fresh)?.expires_at(ends_at);
        if name == home {
            let session = stored.item(home, current + 1, expires_at)?;
            let fresh = fresh.version(tokens + 1);
            return Ok(vec![Write::replace(fresh, tokens), Write::replace(session, current)]);
        }
        let sub = &signed_in.identity().claims().sub.clone();
        let pointer = Item::new(home.pointer(sub), &())?.expires_at(ends_at);
        let owner = Item::new(home.owner(), &Owner { sub: sub.clone() })?;
        let owner = owner.expires_at(signed_in.is_named_until(&self.config));
        let moved = Item::new(name.moved(), &home.as_str())?.expires_at(self.now() + MOVED_SECONDS);
        let gone = |key, version| Write::Delete { key, condition: Condition::Version(version) };
        Ok(vec![
            gone(name.tokens(), tokens),
            gone(name.current(), current),
            Write::delete(name.pointer(sub)),
            Write::put(moved),
            Write::create(stored.item(home, 1, expires_at)?),
            Write::create(fresh),
            Write::create(pointer),
            Write::create(owner),
        ])
    }

    /// Ends the session, unless another process has had fresh tokens for it meanwhile.
    async fn end(
        &self,
        name: &SessionName,
        sub: &str,
        leased: &Leased,
    ) -> Result<Option<Renewal>, TableError> {
        let condition = Condition::Version(leased.version);
        let batch = vec![
            Write::Delete { key: name.tokens(), condition },
            Write::delete(name.current()),
            Write::delete(name.pointer(sub)),
        ];
        let written = self.table.write(batch).await;
        self.store.forget(name);
        match written {
            Ok(()) => Ok(Some(Renewal::Over)),
            Err(TableError::Conflict { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn release(
        &self,
        name: &SessionName,
        signed_in: &SignedIn,
        leased: &Leased,
    ) -> Result<(), TableError> {
        let free = Tokens { leased_until: 0, ..leased.tokens.clone() };
        let free = Item::new(name.tokens(), &free)?
            .version(leased.version + 1)
            .expires_at(signed_in.ends_at(&self.config));
        match self.table.write(vec![Write::replace(free, leased.version)]).await {
            Ok(()) | Err(TableError::Conflict { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Has the pool forget a refresh token. That it cannot be asked is no reason to keep a
    /// session, so it is only written down.
    pub(super) async fn revoke(&self, token: &str) {
        if let Err(error) = self.oidc.revoke(token).await {
            tracing::warn!(%error, "a refresh token could not be revoked");
        }
    }

    /// The session as it is in the table now.
    pub(super) async fn read(
        &self,
        name: &SessionName,
    ) -> Result<Option<(Item, Stored, SignedIn)>, TableError> {
        let Some(item) = self.table.get(&name.current()).await? else { return Ok(None) };
        let Some(stored) = Stored::read(&item) else { return Ok(None) };
        let signed_in = stored.signed_in();
        Ok(signed_in.map(|signed_in| (item, stored, signed_in)))
    }

    fn now(&self) -> i64 {
        self.clock.now().as_second()
    }
}

/// Where a session is, where it will be, and the versions of what is there.
struct Place<'a> {
    name: &'a SessionName,
    home: &'a SessionName,
    current: u64,
    tokens: u64,
}

impl Flights {
    fn join(&self, name: &SessionName) -> Arc<Flight> {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(name).and_then(Weak::upgrade) {
            return flight;
        }
        flights.retain(|_, flight| flight.strong_count() > 0);
        let flight = Arc::new(Flight::default());
        flights.insert(name.clone(), Arc::downgrade(&flight));
        flight
    }
}
