//! Session data of a signed-in user. Only this module knows how it is stored.

use std::collections::HashMap;

use gazette_authorizer::{SessionClaims, restore};
use gazette_domain::Identity;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_sessions::Session;
use tower_sessions::session::Error;

use crate::config::SessionConfig;

const KEY: &str = "signed_in";

/// Shortest time between two updates of `seen_at`, to limit writes (SES-04).
const SEEN_INTERVAL_SECONDS: i64 = 60;
/// Time that expired claims still count while the pool is unavailable.
const GRACE_SECONDS: i64 = 60 * 60;
/// A token is renewed in the last sixth of its lifetime.
const RENEWAL_FRACTION: i64 = 6;
/// Largest difference between the clocks of two instances.
pub(super) const MAX_CLOCK_DIFFERENCE_SECONDS: i64 = 60;

/// User who signed in through the hosted UI, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignedIn {
    claims: SessionClaims,
    began_at: i64,
    /// Time of the last request, updated at most once a minute.
    pub(crate) seen_at: i64,
    /// Time at which the pool last issued the claims.
    // Sessions that were stored under the former name live until they expire.
    #[serde(alias = "vouched_at")]
    pub(crate) verified_at: i64,
    pub(crate) device: String,
}

/// Age of the claims of a session, compared with the token they come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    /// The token is valid and does not expire soon.
    Fresh,
    /// The token is valid but should be renewed now.
    ExpiringSoon,
    /// The token has expired. The claims count only while the pool is unavailable.
    Expired,
    /// The token expired too long ago for the claims to count.
    Stale,
}

impl SignedIn {
    /// Creates the data of a session that begins now.
    pub(super) fn new(identity: &Identity, device: String, now: i64) -> Self {
        let claims = SessionClaims::from(identity);
        Self { claims, began_at: now, seen_at: now, verified_at: now, device }
    }

    /// Reads it from the data of a session.
    pub(super) fn read(data: &HashMap<String, Value>) -> Option<Self> {
        Self::deserialize(data.get(KEY)?).ok()
    }

    /// Writes it to the data of a session.
    pub(super) fn write(&self, data: &mut HashMap<String, Value>) -> serde_json::Result<()> {
        data.insert(KEY.to_owned(), serde_json::to_value(self)?);
        Ok(())
    }

    /// Reads it from the session of a request; `None` if another version of the program wrote it.
    pub(super) async fn of(session: &Session) -> Result<Option<Self>, Error> {
        let value = session.get_value(KEY).await?;
        Ok(value.and_then(|value| serde_json::from_value(value).ok()))
    }

    /// Updates `seen_at` in the session of a request.
    pub(super) async fn record_use(&self, session: &Session, now: i64) -> Result<(), Error> {
        if now < self.seen_at + SEEN_INTERVAL_SECONDS {
            return Ok(());
        }
        session.insert(KEY, Self { seen_at: now, ..self.clone() }).await
    }

    /// Returns the session with fresh claims, and whether the groups changed.
    pub(super) fn renewed(&self, identity: &Identity, now: i64) -> (Self, bool) {
        let claims = SessionClaims::from(identity);
        let groups_changed = self.claims.groups() != claims.groups();
        (Self { claims, verified_at: now, seen_at: now, ..self.clone() }, groups_changed)
    }

    /// Returns the session without the time of the claims, which must be renewed before they count
    /// for anything that needs groups.
    pub(super) fn unverified(&self) -> Self {
        Self { verified_at: 0, ..self.clone() }
    }

    /// Checks whether the pool issued the claims at `since` or later. A time in the future is from
    /// before the clock was set back, and says nothing.
    pub(super) fn is_verified_since(&self, since: i64, now: i64) -> bool {
        (since..=now + MAX_CLOCK_DIFFERENCE_SECONDS).contains(&self.verified_at)
    }

    /// Returns the groups of the latest token.
    pub(crate) fn groups(&self) -> &[String] {
        self.claims.groups()
    }

    /// Returns the identity of the user.
    pub(crate) fn identity(&self) -> Identity {
        restore(self.claims.clone())
    }

    /// Returns the subject of the user.
    pub(super) fn sub(&self) -> &str {
        self.claims.sub()
    }

    /// Returns when the user signed in.
    pub(crate) fn began_at(&self) -> i64 {
        self.began_at
    }

    /// Returns the time at which the session ends even if it is in use.
    pub(super) fn ends_at(&self, config: &SessionConfig) -> i64 {
        self.began_at + config.absolute_seconds
    }

    /// Returns the time until which a browser may send the cookie, which each save extends.
    pub(super) fn cookie_expires_at(&self, config: &SessionConfig) -> i64 {
        self.ends_at(config) + config.absolute_seconds
    }

    /// Checks the absolute and the idle limit (SES-04).
    pub(super) fn has_ended(&self, config: &SessionConfig, now: i64) -> bool {
        now >= self.ends_at(config) || now >= self.seen_at + config.idle_seconds
    }

    /// Returns how far the claims can be relied on.
    pub(super) fn freshness(&self, now: i64) -> Freshness {
        let expires_at = self.claims.expires_at();
        let renewal_window = (expires_at - self.verified_at) / RENEWAL_FRACTION;
        if now < expires_at - renewal_window {
            Freshness::Fresh
        } else if now < expires_at {
            Freshness::ExpiringSoon
        } else if now < expires_at + GRACE_SECONDS {
            Freshness::Expired
        } else {
            Freshness::Stale
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_stored_under_the_former_field_name_is_read() {
        let stored = serde_json::json!({
            "claims": {
                "sub": "s", "username": "ada", "groups": [], "token_use": "id", "expires_at": 9,
            },
            "began_at": 1, "seen_at": 2, "vouched_at": 3, "device": "curl",
        });
        let signed_in = SignedIn::read(&HashMap::from([(KEY.to_owned(), stored)]));
        assert_eq!(signed_in.expect("readable").verified_at, 3);
    }
}
