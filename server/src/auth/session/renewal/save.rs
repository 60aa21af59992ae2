//! Stores the outcome of a renewal in one batch, conditional on the session and its lease.

use std::time::Duration;

use gazette_domain::Identity;
use gazette_table::{Condition, Item, TableError, Write};
use tower_sessions::session::Id;

use super::lease::Lease;
use super::outcome::Renewal;
use crate::auth::session::backend::{CurrentSession, SessionBackend};
use crate::auth::session::end_reason::EndReason;
use crate::auth::session::error::SessionError;
use crate::auth::session::hash::SessionHash;
use crate::auth::session::record::{StoredSession, current_key, list_key, moved_key, tokens_key};
use crate::auth::session::signed_in::SignedIn;

/// Time that a `moved` record is kept; longer than any request takes.
const MOVED_SECONDS: i64 = 10 * 60;
/// Writes that are tried while other requests change the session.
const MAX_WRITES: usize = 16;
/// Delay before a write to an unavailable table is repeated.
const STORE_RETRY_DELAY: Duration = Duration::from_millis(100);

/// Change of a session from one id to another, or to the same id, conditional on the versions that
/// were read.
struct SessionMove<'a> {
    from: &'a SessionHash,
    to: &'a SessionHash,
    session_version: u64,
    tokens_version: u64,
}

/// Stores renewed claims with their refresh token, under a new id if the groups changed (SES-02).
///
/// Returns `None` if the session must be read again.
pub(super) async fn save(
    backend: &SessionBackend,
    session: &SessionHash,
    identity: &Identity,
    lease: &Lease,
    refresh_token: &str,
) -> Result<Option<Renewal>, SessionError> {
    for _ in 0..MAX_WRITES {
        let Some(current) = backend.read(session).await? else {
            return revoke_unless_moved(backend, session, refresh_token).await.map(Some);
        };
        let CurrentSession { version, mut stored, signed_in } = current;
        let (signed_in, groups_changed) = signed_in.renewed(identity, backend.now());
        signed_in.write(&mut stored.data)?;
        let new_id = groups_changed.then(Id::default);
        let to = new_id.as_ref().map_or_else(|| session.clone(), SessionHash::of);
        let session_move = SessionMove {
            from: session,
            to: &to,
            session_version: version,
            tokens_version: lease.version(),
        };
        let writes = session_move.writes(backend, &stored, &signed_in, refresh_token)?;
        let written = backend.table.write(writes).await;
        backend.store.evict(session);
        match written {
            Ok(()) => {
                return Ok(Some(Renewal::Renewed { signed_in: Box::new(signed_in), new_id }));
            }
            Err(TableError::Conflict { key }) if key == tokens_key(session) => {
                // Another process renewed the session, unless the session has ended.
                if backend.read(session).await?.is_some() {
                    return Ok(None);
                }
            }
            Err(TableError::Conflict { .. }) => {}
            // The pool may have rotated the token, so giving up would end the session. A move is
            // not repeated: it may have succeeded.
            Err(TableError::Unavailable { .. }) if new_id.is_none() => {
                tokio::time::sleep(STORE_RETRY_DELAY).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
}

/// Stores the rotated refresh token of a renewal that failed afterwards, and gives up the lease.
pub(super) async fn keep_token(
    backend: &SessionBackend,
    session: &SessionHash,
    lease: Lease,
    refresh_token: &str,
) -> Result<(), SessionError> {
    let sealed = backend.keys.seal(refresh_token, session.as_str())?;
    let lease = lease.with_sealed(sealed);
    for _ in 0..MAX_WRITES {
        match lease.release(backend.table.as_ref()).await {
            Ok(true) => return Ok(()),
            Ok(false) => break,
            // Giving up would lose a rotated token.
            Err(TableError::Unavailable { .. }) => tokio::time::sleep(STORE_RETRY_DELAY).await,
            Err(error) => return Err(error.into()),
        }
    }
    if backend.read(session).await?.is_none() {
        revoke_unless_moved(backend, session, refresh_token).await?;
    }
    Ok(())
}

/// Deletes a session that the pool ended; `None` if another process has renewed it since.
pub(super) async fn end(
    backend: &SessionBackend,
    session: &SessionHash,
    sub: &str,
    lease: &Lease,
    reason: EndReason,
) -> Result<Option<Renewal>, SessionError> {
    let writes = vec![
        delete_version(tokens_key(session), lease.version()),
        Write::delete(current_key(session)),
        Write::delete(list_key(sub, session)),
    ];
    let written = backend.table.write(writes).await;
    backend.store.evict(session);
    match written {
        Ok(()) => {
            backend.count_end(reason);
            Ok(Some(Renewal::Ended))
        }
        Err(TableError::Conflict { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Revokes a fresh refresh token whose session ended during the renewal.
async fn revoke_unless_moved(
    backend: &SessionBackend,
    session: &SessionHash,
    refresh_token: &str,
) -> Result<Renewal, SessionError> {
    // A session that moved lives on by this token, or by one that its revocation would end.
    if backend.table.get(&moved_key(session)).await?.is_none() {
        backend.revoke(refresh_token).await;
    }
    Ok(Renewal::Ended)
}

impl SessionMove<'_> {
    fn writes(
        &self,
        backend: &SessionBackend,
        stored: &StoredSession,
        signed_in: &SignedIn,
        refresh_token: &str,
    ) -> Result<Vec<Write>, SessionError> {
        if self.from == self.to {
            return self.writes_in_place(backend, stored, signed_in, refresh_token);
        }
        let moved_until = backend.now() + MOVED_SECONDS;
        let moved = Item::new(moved_key(self.from), &self.to.as_str())?.expires_at(moved_until);
        let mut writes = vec![
            delete_version(tokens_key(self.from), self.tokens_version),
            delete_version(current_key(self.from), self.session_version),
            Write::delete(list_key(signed_in.sub(), self.from)),
            Write::put(moved),
        ];
        writes.extend(backend.create(self.to, stored, signed_in, Some(refresh_token))?);
        Ok(writes)
    }

    fn writes_in_place(
        &self,
        backend: &SessionBackend,
        stored: &StoredSession,
        signed_in: &SignedIn,
        refresh_token: &str,
    ) -> Result<Vec<Write>, SessionError> {
        let tokens = backend.token_item(self.to, signed_in, refresh_token)?;
        let tokens = tokens.version(self.tokens_version + 1);
        let expires_at = backend.store.expires_at(stored);
        let current = stored.item(self.to, self.session_version + 1, expires_at)?;
        Ok(vec![
            Write::replace(tokens, self.tokens_version),
            Write::replace(current, self.session_version),
        ])
    }
}

fn delete_version(key: gazette_table::Key, version: u64) -> Write {
    Write::Delete { key, condition: Condition::Version(version) }
}
