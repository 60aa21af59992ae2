//! Ends sessions: first in the table, then their refresh tokens at the pool (OAU-13).

use gazette_table::{Condition, Item, Key, TableError, Write};
use tower_sessions::Session;

use crate::auth::partitions::PEOPLE;
use crate::auth::session::end_reason::EndReason;
use crate::auth::session::error::SessionError;
use crate::auth::session::hash::SessionHash;
use crate::auth::session::record::{
    Person, TokenRecord, current_key, list_key, moved_key, tokens_key,
};
use crate::auth::session::sessions::Sessions;
use crate::detached;

/// Sessions of a user that are ended in one round; at most as many as writes fit in a batch.
const PAGE_SIZE: usize = 100;
/// Id changes that a sign-out follows.
const MAX_MOVES: usize = 8;
/// Attempts to delete a session whose tokens are being renewed.
const MAX_DELETE_ATTEMPTS: usize = 16;

impl Sessions {
    /// Ends the session of a request, even if its id has changed since it was read.
    pub(crate) async fn end(
        &self,
        session: &Session,
        presented: Option<&SessionHash>,
        reason: EndReason,
    ) -> Result<(), SessionError> {
        if let Some(presented) = presented {
            self.end_by_hash(presented, reason).await?;
        }
        Ok(session.flush().await?)
    }

    /// Ends a session of a user; `false` if the user has no such session.
    pub(crate) async fn end_one(
        &self,
        sub: &str,
        session: &SessionHash,
    ) -> Result<bool, SessionError> {
        if self.backend.table.get(&list_key(sub, session)).await?.is_none() {
            return Ok(false);
        }
        self.end_by_hash(session, EndReason::SignedOut).await?;
        Ok(true)
    }

    /// Ends all sessions of a user and returns how many of them were still active.
    pub(crate) async fn end_all(
        &self,
        sub: &str,
        reason: EndReason,
    ) -> Result<usize, SessionError> {
        let (sessions, sub) = (self.clone(), sub.to_owned());
        detached::spawn(async move {
            let mut tokens = Vec::new();
            sessions.remember_seen(&sub).await?;
            let ended = sessions.delete_all(&sub, reason, &mut tokens).await;
            sessions.backend.revoke_all(tokens).await;
            ended
        })
        .await?
    }

    /// Ends a session, even if its id has changed since it was read.
    pub(super) async fn end_by_hash(
        &self,
        session: &SessionHash,
        reason: EndReason,
    ) -> Result<(), SessionError> {
        let (sessions, session) = (self.clone(), session.clone());
        detached::spawn(async move {
            let mut tokens = Vec::new();
            let ended = sessions.delete_with_moves(&session, reason, &mut tokens).await;
            sessions.backend.revoke_all(tokens).await;
            ended
        })
        .await?
    }

    /// Stores when a user was seen, which their sessions tell until they end.
    async fn remember_seen(&self, sub: &str) -> Result<(), SessionError> {
        let sessions = self.list(sub).await?.sessions;
        let seen_at = sessions.iter().map(|session| session.signed_in.seen_at).max();
        let (Some(seen_at), Some(item)) =
            (seen_at, self.backend.table.get(&Key::new(PEOPLE, sub)).await?)
        else {
            return Ok(());
        };
        let person = Person { seen_at: Some(seen_at), ..item.parse()? };
        let stored = Item { expires_at: item.expires_at, ..Item::new(item.key, &person)? };
        Ok(self.backend.table.write(vec![Write::put(stored)]).await?)
    }

    /// Deletes all sessions of a user and adds their refresh tokens to `tokens`.
    async fn delete_all(
        &self,
        sub: &str,
        reason: EndReason,
        tokens: &mut Vec<String>,
    ) -> Result<usize, SessionError> {
        let mut ended = 0;
        loop {
            let (hashes, more) = self.hashes(sub, None, PAGE_SIZE).await?;
            ended += self.active(hashes.clone()).await?.len();
            for session in &hashes {
                self.delete_with_moves(session, reason, tokens).await?;
            }
            if !hashes.is_empty() {
                // Also entries of sessions without an owner record, so that the loop ends.
                let entries = hashes.iter().map(|session| Write::delete(list_key(sub, session)));
                self.backend.table.write(entries.collect()).await?;
            }
            if !more {
                return Ok(ended);
            }
        }
    }

    /// Deletes a session under each id that it had and adds its refresh tokens to `tokens`.
    async fn delete_with_moves(
        &self,
        session: &SessionHash,
        reason: EndReason,
        tokens: &mut Vec<String>,
    ) -> Result<(), SessionError> {
        let mut next = Some(session.clone());
        for _ in 0..MAX_MOVES {
            let Some(session) = next else { break };
            tokens.extend(self.delete(&session, reason).await?);
            // Read after the deletion, because a session moves only while its records exist.
            next = self.moved_to(&session).await?;
        }
        Ok(())
    }

    /// Deletes the records of a session and returns its refresh token.
    ///
    /// The deletion is conditional on the token that was read, so that a token from a concurrent
    /// renewal is not deleted unseen. The last attempt is unconditional.
    async fn delete(
        &self,
        session: &SessionHash,
        reason: EndReason,
    ) -> Result<Option<String>, SessionError> {
        let owner = self.backend.owner_of(session).await?;
        let was_active = self.backend.read(session).await?.is_some();
        for attempt in 1..=MAX_DELETE_ATTEMPTS {
            let item = self.backend.table.get(&tokens_key(session)).await?;
            let condition = match &item {
                Some(item) if attempt < MAX_DELETE_ATTEMPTS => Condition::Version(item.version),
                _ => Condition::Any,
            };
            let mut writes = vec![
                Write::Delete { key: tokens_key(session), condition },
                Write::delete(current_key(session)),
            ];
            writes.extend(owner.as_deref().map(|sub| Write::delete(list_key(sub, session))));
            let written = self.backend.table.write(writes).await;
            self.backend.store.evict(session);
            match written {
                Ok(()) => {
                    if was_active {
                        self.backend.count_end(reason);
                    }
                    let record = item.and_then(|item| item.parse::<TokenRecord>().ok());
                    let keys = &self.backend.keys;
                    return Ok(record.and_then(|it| keys.open(&it.sealed, session.as_str())));
                }
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    async fn moved_to(&self, session: &SessionHash) -> Result<Option<SessionHash>, SessionError> {
        let item = self.backend.table.get(&moved_key(session)).await?;
        let Some(item) = item else { return Ok(None) };
        Ok(SessionHash::parse(&item.parse::<String>()?))
    }
}
