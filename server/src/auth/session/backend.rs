//! Services shared by the session modules.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use gazette_table::{Item, Table, TableError, Write};

use crate::auth::oidc::OidcClient;
use crate::auth::sealing::SealingKeys;
use crate::auth::session::end_reason::EndReason;
use crate::auth::session::error::SessionError;
use crate::auth::session::hash::SessionHash;
use crate::auth::session::record::{
    Owner, StoredSession, TokenRecord, current_key, list_key, owner_key, tokens_key,
};
use crate::auth::session::signed_in::SignedIn;
use crate::auth::session::store::TableSessionStore;
use crate::clock::Clock;
use crate::config::SessionConfig;
use crate::metrics::Metrics;

/// Maximum number of concurrent revocations.
const MAX_CONCURRENT_REVOCATIONS: usize = 8;
const REVOCATION_TIMEOUT: Duration = Duration::from_secs(5);

/// Table, user pool, keys and clock of the sessions.
pub(super) struct SessionBackend {
    pub(super) table: Arc<dyn Table>,
    pub(super) store: TableSessionStore,
    pub(super) oidc: Arc<OidcClient>,
    pub(super) keys: SealingKeys,
    pub(super) config: SessionConfig,
    pub(super) clock: Clock,
    pub(super) metrics: Arc<Metrics>,
}

/// Session read from the table.
pub(super) struct CurrentSession {
    pub(super) version: u64,
    pub(super) stored: StoredSession,
    pub(super) signed_in: SignedIn,
}

impl SessionBackend {
    pub(super) fn now(&self) -> i64 {
        self.clock.now().as_second()
    }

    pub(super) fn count_end(&self, reason: EndReason) {
        self.metrics.sessions.add(reason.as_str());
    }

    /// Reads a session from the table, bypassing the cache.
    pub(super) async fn read(
        &self,
        session: &SessionHash,
    ) -> Result<Option<CurrentSession>, TableError> {
        let Some(item) = self.table.get(&current_key(session)).await? else { return Ok(None) };
        let Some(stored) = StoredSession::parse(&item) else { return Ok(None) };
        let signed_in = stored.signed_in();
        Ok(signed_in.map(|it| CurrentSession { version: item.version, stored, signed_in: it }))
    }

    /// Returns the subject of the user that a session belongs or belonged to.
    pub(super) async fn owner_of(
        &self,
        session: &SessionHash,
    ) -> Result<Option<String>, TableError> {
        let Some(item) = self.table.get(&owner_key(session)).await? else { return Ok(None) };
        Ok(Some(item.parse::<Owner>()?.sub))
    }

    /// Returns the writes that create a session under a fresh id.
    pub(super) fn create(
        &self,
        session: &SessionHash,
        stored: &StoredSession,
        signed_in: &SignedIn,
        refresh_token: Option<&str>,
    ) -> Result<Vec<Write>, SessionError> {
        let (sub, cookie_ends_at) = (signed_in.sub(), signed_in.cookie_expires_at(&self.config));
        // Both outlive the session, which is counted as expired when its browser comes back.
        let listed = Item::new(list_key(sub, session), &())?.expires_at(cookie_ends_at);
        let owner = Item::new(owner_key(session), &Owner { sub: sub.to_owned() })?;
        let owner = owner.expires_at(cookie_ends_at);
        let current = stored.item(session, 1, self.store.expires_at(stored))?;
        let mut writes: Vec<_> = [current, listed, owner].map(Write::create).into();
        if let Some(token) = refresh_token {
            writes.push(Write::create(self.token_item(session, signed_in, token)?));
        }
        Ok(writes)
    }

    /// Returns the item that stores a refresh token, encrypted and without a lease.
    pub(super) fn token_item(
        &self,
        session: &SessionHash,
        signed_in: &SignedIn,
        refresh_token: &str,
    ) -> Result<Item, SessionError> {
        let sealed = self.keys.seal(refresh_token, session.as_str())?;
        let record = TokenRecord { sealed, leased_until: 0 };
        let item = Item::new(tokens_key(session), &record)?;
        Ok(item.expires_at(signed_in.ends_at(&self.config)))
    }

    /// Revokes a refresh token at the pool. A failure is only logged, because the session ends in
    /// any case.
    pub(super) async fn revoke(&self, refresh_token: &str) {
        if let Err(error) = self.oidc.revoke(refresh_token).await {
            tracing::warn!(%error, "a refresh token could not be revoked");
        }
    }

    /// Revokes refresh tokens, as many as the pool accepts in time.
    pub(super) async fn revoke_all(&self, refresh_tokens: Vec<String>) {
        let revocations = stream::iter(&refresh_tokens)
            .for_each_concurrent(MAX_CONCURRENT_REVOCATIONS, |token| self.revoke(token));
        if tokio::time::timeout(REVOCATION_TIMEOUT, revocations).await.is_err() {
            tracing::warn!(
                tokens = refresh_tokens.len(),
                "not all refresh tokens could be revoked in time"
            );
        }
    }
}
