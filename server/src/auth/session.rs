//! What a session says: who signed in and when. The one place that knows its keys.

use gazette_authorizer::{SessionClaims, restore};
use gazette_domain::Identity;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use tower_sessions::session::Error;

use crate::config::SessionConfig;

const KEY: &str = "signed_in";
const WORD: &str = "word";

/// Seconds that may pass before "last seen" is written again.
const SEEN_EVERY_SECONDS: i64 = 60;

/// What the next page is to say was done.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Word {
    /// So many stories were moved to the trash.
    Deleted(usize),
    /// So many stories came back from it.
    Restored(usize),
}

/// Somebody who signed in through the hosted UI.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SignedIn {
    claims: SessionClaims,
    began_at: i64,
    seen_at: i64,
}

impl SignedIn {
    /// Begins a session under a new id; whatever the browser had before is gone first (SES-02).
    pub(crate) async fn begin(
        session: &Session,
        identity: &Identity,
        now: i64,
    ) -> Result<(), Error> {
        session.clear().await;
        if session.id().is_some() {
            session.cycle_id().await?;
        }
        let claims = SessionClaims::from(identity);
        session.insert(KEY, Self { claims, began_at: now, seen_at: now }).await?;
        // Saved here rather than after the answer, so that a failure can be told.
        session.save().await
    }

    /// Who the session vouches for at `now`, if it has not ended.
    ///
    /// A session ends with its token, after its time, or when nothing was heard for long.
    pub(crate) async fn identity(
        session: &Session,
        config: &SessionConfig,
        now: i64,
    ) -> Result<Option<Identity>, Error> {
        let Some(mut signed_in) = session.get::<Self>(KEY).await? else { return Ok(None) };
        let identity = restore(signed_in.claims.clone());
        let ended = now >= identity.claims().expires_at
            || now >= signed_in.began_at + config.absolute_seconds
            || now >= signed_in.seen_at + config.idle_seconds;
        if ended {
            session.flush().await?;
            return Ok(None);
        }
        if now >= signed_in.seen_at + SEEN_EVERY_SECONDS {
            signed_in.seen_at = now;
            session.insert(KEY, signed_in).await?;
        }
        Ok(Some(identity))
    }

    /// Leaves word for the next page of what was done to how many stories.
    pub(crate) async fn leave_word(session: &Session, word: Word) -> Result<(), Error> {
        // A program with a token has no session, and must not be given one.
        if session.id().is_none() {
            return Ok(());
        }
        session.insert(WORD, word).await
    }

    /// Takes that word, so that it is said once.
    pub(crate) async fn take_word(session: &Session) -> Result<Option<Word>, Error> {
        session.remove(WORD).await
    }

    /// Ends the session, whoever holds its id.
    pub(crate) async fn end(session: &Session) -> Result<(), Error> {
        session.flush().await
    }
}
