//! Identities of sessions, renewed at the pool when they must be.

use std::sync::Arc;

use gazette_domain::Identity;
use tower_sessions::Session;

use crate::auth::session::end_reason::EndReason;
use crate::auth::session::error::SessionError;
use crate::auth::session::renewal::{Renewal, Wait};
use crate::auth::session::sessions::Sessions;
use crate::auth::session::signed_in::{Freshness, SignedIn};
use crate::auth::session::store::TableSessionStore;
use crate::detached;

impl Sessions {
    /// Returns the identity of a session, or `None` if the session has ended.
    ///
    /// Renews the session shortly before its token expires. While the pool is unavailable, expired
    /// claims count for another hour, so that an outage signs out no user (OAU-09).
    pub(crate) async fn identity(
        &self,
        session: &Session,
    ) -> Result<Option<Identity>, SessionError> {
        let presented = Self::hash_of(session);
        let Some(signed_in) = SignedIn::of(session).await? else {
            if let Some(presented) = presented {
                self.count_if_expired(&presented).await;
            }
            return Ok(None);
        };
        if signed_in.has_ended(&self.backend.config, self.now()) {
            return self.end_without_identity(session, EndReason::Expired).await;
        }
        let freshness = signed_in.freshness(self.now());
        let wait = match freshness {
            Freshness::Fresh => return self.use_as_is(session, &signed_in).await,
            Freshness::ExpiringSoon => Wait::No,
            Freshness::Expired | Freshness::Stale => Wait::ForResult,
        };
        match (self.renew(session, signed_in.verified_at + 1, wait).await?, freshness) {
            (Renewal::Renewed { signed_in, .. }, _) => Ok(Some(signed_in.identity())),
            (Renewal::Ended, _) => detach(session).await,
            (Renewal::NoRefreshToken, Freshness::Expired | Freshness::Stale) => {
                self.end_without_identity(session, EndReason::NotRenewable).await
            }
            (Renewal::PoolUnavailable | Renewal::InProgress, Freshness::Stale) => {
                Err(SessionError::PoolUnavailable)
            }
            (Renewal::PoolUnavailable | Renewal::InProgress | Renewal::NoRefreshToken, _) => {
                self.use_as_is(session, &signed_in).await
            }
        }
    }

    /// Returns the identity of a session with groups that the pool confirmed at most `max_age`
    /// seconds ago.
    pub(crate) async fn fresh_identity(
        &self,
        session: &Session,
        max_age: i64,
    ) -> Result<Option<Identity>, SessionError> {
        let oldest = self.now() - max_age;
        self.identity_verified_since(session, |_| oldest).await
    }

    /// Returns the identity of a session after a renewal at the pool.
    pub(crate) async fn renewed_identity(
        &self,
        session: &Session,
    ) -> Result<Option<Identity>, SessionError> {
        self.identity_verified_since(session, |signed_in| signed_in.verified_at + 1).await
    }

    async fn identity_verified_since(
        &self,
        session: &Session,
        since: impl FnOnce(&SignedIn) -> i64,
    ) -> Result<Option<Identity>, SessionError> {
        let Some(signed_in) = SignedIn::of(session).await? else { return Ok(None) };
        let since = since(&signed_in);
        if signed_in.is_verified_since(since, self.now()) {
            return Ok(Some(signed_in.identity()));
        }
        match self.renew(session, since, Wait::ForResult).await? {
            Renewal::Renewed { signed_in, .. } => Ok(Some(signed_in.identity())),
            Renewal::Ended => detach(session).await,
            // Trying again would never succeed, unlike signing in.
            Renewal::NoRefreshToken => {
                self.end_without_identity(session, EndReason::NotRenewable).await
            }
            Renewal::PoolUnavailable | Renewal::InProgress => Err(SessionError::PoolUnavailable),
        }
    }

    /// Renews a session and makes its request continue with the outcome.
    async fn renew(
        &self,
        session: &Session,
        verified_since: i64,
        wait: Wait,
    ) -> Result<Renewal, SessionError> {
        let Some(hash) = Self::hash_of(session) else { return Ok(Renewal::Ended) };
        let renewer = Arc::clone(&self.renewer);
        let renewal = async move { renewer.renew(&hash, verified_since, wait).await };
        let renewal = detached::spawn(renewal).await??;
        match &renewal {
            Renewal::Renewed { new_id: Some(id), .. } => {
                TableSessionStore::adopt(session, *id).await?;
            }
            Renewal::Renewed { new_id: None, .. } => session.load().await?,
            Renewal::Ended
            | Renewal::PoolUnavailable
            | Renewal::InProgress
            | Renewal::NoRefreshToken => {}
        }
        Ok(renewal)
    }

    async fn use_as_is(
        &self,
        session: &Session,
        signed_in: &SignedIn,
    ) -> Result<Option<Identity>, SessionError> {
        signed_in.record_use(session, self.now()).await?;
        Ok(Some(signed_in.identity()))
    }

    async fn end_without_identity(
        &self,
        session: &Session,
        reason: EndReason,
    ) -> Result<Option<Identity>, SessionError> {
        self.end(session, Self::hash_of(session).as_ref(), reason).await?;
        Ok(None)
    }
}

/// Detaches a request from a session that another request ended or moved to a new id. The move is
/// not followed: only the request that caused it gets the new id.
async fn detach(session: &Session) -> Result<Option<Identity>, SessionError> {
    session.flush().await?;
    Ok(None)
}
