//! Decides whether a session must be renewed, and asks the pool.

use std::sync::Arc;
use std::time::Duration;

use gazette_authorizer::TokenError;

use super::backoff::Backoff;
use super::in_flight::InFlight;
use super::lease::{Lease, is_held};
use super::outcome::{Renewal, Wait};
use super::save::{end, keep_token, save};
use crate::auth::oidc::{Refreshed, SignInError};
use crate::auth::session::backend::SessionBackend;
use crate::auth::session::end_reason::EndReason;
use crate::auth::session::error::SessionError;
use crate::auth::session::hash::SessionHash;
use crate::auth::session::record::{TokenRecord, tokens_key};
use crate::auth::session::signed_in::SignedIn;

/// Interval at which the table is read while another process holds the lease.
const LEASE_POLL_INTERVAL: Duration = Duration::from_millis(100);
const MAX_ATTEMPTS: usize = 80;

/// Renews sessions.
pub(in crate::auth::session) struct Renewer {
    backend: Arc<SessionBackend>,
    in_flight: InFlight,
    backoff: Backoff,
}

impl Renewer {
    pub(in crate::auth::session) fn new(backend: Arc<SessionBackend>) -> Self {
        Self { backend, in_flight: InFlight::default(), backoff: Backoff::default() }
    }

    /// Ensures that the claims were verified at or after `verified_since`.
    pub(in crate::auth::session) async fn renew(
        &self,
        session: &SessionHash,
        verified_since: i64,
        wait: Wait,
    ) -> Result<Renewal, SessionError> {
        let flight = self.in_flight.join(session);
        let mut outcome = match (flight.try_lock(), wait) {
            (Ok(outcome), _) => outcome,
            (Err(_), Wait::ForResult) => flight.lock().await,
            (Err(_), Wait::No) => return Ok(Renewal::InProgress),
        };
        if let Some(moved) = outcome.as_ref() {
            return Ok(moved.clone());
        }
        let renewal = self.renew_alone(session, verified_since, wait).await?;
        if let Renewal::Renewed { new_id: Some(_), .. } = &renewal {
            *outcome = Some(renewal.clone());
        }
        Ok(renewal)
    }

    async fn renew_alone(
        &self,
        session: &SessionHash,
        verified_since: i64,
        wait: Wait,
    ) -> Result<Renewal, SessionError> {
        for _ in 0..MAX_ATTEMPTS {
            if let Some(renewal) = self.attempt(session, verified_since, wait).await? {
                return Ok(renewal);
            }
        }
        Ok(Renewal::PoolUnavailable)
    }

    /// Makes one attempt; `None` if another process holds the lease or was faster.
    async fn attempt(
        &self,
        session: &SessionHash,
        verified_since: i64,
        wait: Wait,
    ) -> Result<Option<Renewal>, SessionError> {
        let Some(current) = self.backend.read(session).await? else {
            return Ok(Some(Renewal::Ended));
        };
        let signed_in = current.signed_in;
        let now = self.backend.now();
        if signed_in.is_verified_since(verified_since, now) {
            return Ok(Some(Renewal::Renewed { signed_in: Box::new(signed_in), new_id: None }));
        }
        let table = self.backend.table.as_ref();
        let Some(item) = table.get(&tokens_key(session)).await? else {
            return Ok(Some(Renewal::NoRefreshToken));
        };
        let record: TokenRecord = item.parse()?;
        if is_held(&record, now) {
            if wait == Wait::No {
                return Ok(Some(Renewal::InProgress));
            }
            tokio::time::sleep(LEASE_POLL_INTERVAL).await;
            return Ok(None);
        }
        if self.backoff.is_paused(session, now) {
            return Ok(Some(Renewal::PoolUnavailable));
        }
        match Lease::acquire(table, &item, record, now).await? {
            Some(lease) => self.refresh(session, &signed_in, lease).await,
            None => Ok(None),
        }
    }

    /// Asks the pool for fresh tokens and stores the outcome; `None` if another process was
    /// faster.
    async fn refresh(
        &self,
        session: &SessionHash,
        signed_in: &SignedIn,
        lease: Lease,
    ) -> Result<Option<Renewal>, SessionError> {
        let backend = self.backend.as_ref();
        let Some(token) = backend.keys.open(lease.sealed(), session.as_str()) else {
            tracing::error!("a refresh token cannot be decrypted; check GAZETTE_SESSION_KEY");
            lease.release(backend.table.as_ref()).await?;
            return Ok(Some(Renewal::NoRefreshToken));
        };
        let (rotated, identity) = match backend.oidc.refresh(&token, backend.now()).await {
            Ok(Refreshed { refresh_token, identity }) => (refresh_token, identity),
            Err(error) => (None, Err(error)),
        };
        let refresh_token = rotated.as_ref().unwrap_or(&token);
        let sub = signed_in.sub();
        match identity {
            Ok(identity) if identity.claims().sub == sub => {
                save(backend, session, &identity, &lease, refresh_token).await
            }
            // OIDC-04: never continue with the identity of another user.
            Ok(_) | Err(SignInError::Token(TokenError::Issuer | TokenError::Client)) => {
                tracing::warn!("a refresh returned a token of another user, issuer or client");
                backend.revoke(refresh_token).await;
                end(backend, session, sub, &lease, EndReason::OtherUser).await
            }
            Err(SignInError::InvalidGrant) => {
                tracing::info!("the user pool ended a session");
                end(backend, session, sub, &lease, EndReason::Revoked).await
            }
            Err(
                error @ (SignInError::Unreachable(_)
                | SignInError::InvalidResponse(_)
                | SignInError::RequestRejected(_)
                | SignInError::Misconfigured(_)
                | SignInError::InvalidDiscovery(_)
                | SignInError::Token(_)),
            ) => {
                tracing::warn!(%error, "a session could not be renewed");
                self.backoff.record(session, &error, backend.now());
                match rotated {
                    Some(token) => keep_token(backend, session, lease, &token).await?,
                    None => drop(lease.release(backend.table.as_ref()).await?),
                }
                Ok(Some(Renewal::PoolUnavailable))
            }
        }
    }
}
