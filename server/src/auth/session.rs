//! What a session says: who signed in, when, where, and since when the pool says so. The one
//! place that knows its keys.

use std::collections::HashMap;

use gazette_authorizer::{SessionClaims, restore};
use gazette_domain::Identity;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_sessions::Session;
use tower_sessions::session::Error;

use crate::config::SessionConfig;

const KEY: &str = "signed_in";

/// Seconds that may pass before "last seen" is written again.
const SEEN_EVERY_SECONDS: i64 = 60;
/// How long the groups of an expired token still count while the pool cannot be asked.
const PATIENCE_SECONDS: i64 = 60 * 60;

/// Word left for the next page of what was done.
pub(crate) trait Word: Serialize + DeserializeOwned {
    /// Where the session keeps it.
    const KEY: &'static str;
}

/// What was done at the desk.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum DeskFlash {
    /// So many stories were moved to the trash.
    Deleted(usize),
    /// So many stories came back from it.
    Restored(usize),
    /// So many stories left it for good.
    Erased(usize),
}

impl Word for DeskFlash {
    const KEY: &'static str = "desk_word";
}

/// What was done at the account.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum AccountFlash {
    /// The pool was asked for the groups of now.
    Refreshed,
    /// So many sessions were ended.
    Ended(usize),
}

impl Word for AccountFlash {
    const KEY: &'static str = "account_word";
}

/// Somebody who signed in through the hosted UI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SignedIn {
    claims: SessionClaims,
    began_at: i64,
    pub(crate) seen_at: i64,
    /// When the pool last verified for the claims.
    pub(crate) verified_at: i64,
    pub(crate) device: String,
}

/// How far the claims of a session can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rights {
    /// The token behind them lives for a while.
    Good,
    /// It ends soon: the pool should be asked before it does.
    EndSoon,
    /// It has ended: they count only while the pool cannot be asked.
    Ended,
    /// It ended so long ago that they count for nothing.
    Lost,
}

impl SignedIn {
    /// A session that begins now.
    pub(super) fn begin(identity: &Identity, device: String, now: i64) -> Self {
        let claims = SessionClaims::from(identity);
        Self { claims, began_at: now, seen_at: now, verified_at: now, device }
    }

    /// Reads it from what a session holds.
    pub(super) fn read(data: &HashMap<String, Value>) -> Option<Self> {
        Self::deserialize(data.get(KEY)?).ok()
    }

    /// Writes it to what a session holds.
    pub(super) fn write(&self, data: &mut HashMap<String, Value>) -> serde_json::Result<()> {
        data.insert(KEY.to_owned(), serde_json::to_value(self)?);
        Ok(())
    }

    /// Reads it from a request's session.
    pub(super) async fn of(session: &Session) -> Result<Option<Self>, Error> {
        // What another version of this program has written is as good as nothing.
        let value = session.get_value(KEY).await?;
        Ok(value.and_then(|value| serde_json::from_value(value).ok()))
    }

    /// Writes to the session that it was in use, at most once a minute.
    pub(super) async fn note_use(&self, session: &Session, now: i64) -> Result<(), Error> {
        if now < self.seen_at + SEEN_EVERY_SECONDS {
            return Ok(());
        }
        session.insert(KEY, Self { seen_at: now, ..self.clone() }).await
    }

    /// The same session with what the pool says now, and whether that changes any right.
    pub(super) fn verified_again(&self, identity: &Identity, now: i64) -> (Self, bool) {
        let claims = SessionClaims::from(identity);
        let before = restore(self.claims.clone());
        let changed = before.claims().groups != identity.claims().groups;
        (Self { claims, verified_at: now, seen_at: now, ..self.clone() }, changed)
    }

    /// Whom it vouches for.
    pub(crate) fn identity(&self) -> Identity {
        restore(self.claims.clone())
    }

    /// When it ends at the latest.
    pub(super) fn ends_at(&self, config: &SessionConfig) -> i64 {
        self.began_at + config.absolute_seconds
    }

    /// Until when a browser may still send its cookie, which a session in use is given anew.
    pub(super) fn is_named_until(&self, config: &SessionConfig) -> i64 {
        self.ends_at(config) + config.absolute_seconds
    }

    /// When it began.
    pub(crate) fn began_at(&self) -> i64 {
        self.began_at
    }

    /// Whether its time is over, or nothing was heard for long.
    pub(super) fn is_over(&self, config: &SessionConfig, now: i64) -> bool {
        now >= self.ends_at(config) || now >= self.seen_at + config.idle_seconds
    }

    /// How far its claims can be relied on.
    pub(super) fn rights(&self, now: i64) -> Rights {
        let expires_at = self.identity().claims().expires_at;
        let ahead = (expires_at - self.verified_at) / 6;
        if now < expires_at - ahead {
            Rights::Good
        } else if now < expires_at {
            Rights::EndSoon
        } else if now < expires_at + PATIENCE_SECONDS {
            Rights::Ended
        } else {
            Rights::Lost
        }
    }
}

/// Leaves word for the next page.
pub(crate) async fn set_flash<W: Word>(session: &Session, word: W) -> Result<(), Error> {
    // A program with a token has no session, and must not be given one.
    if session.id().is_none() {
        return Ok(());
    }
    session.insert(W::KEY, word).await
}

/// Takes that word, so that it is said once.
pub(crate) async fn take_flash<W: Word>(session: &Session) -> Result<Option<W>, Error> {
    if session.get_value(W::KEY).await?.is_none() {
        return Ok(None);
    }
    session.remove(W::KEY).await
}
