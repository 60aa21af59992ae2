//! How sessions end before their time: here first, then the refresh tokens behind them at the
//! pool (OAU-13).

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use gazette_table::{Condition, TableError, Write};
use tower_sessions::Session;
use tracing::Instrument as _;

use crate::auth::session_records::{SessionName, Tokens};
use crate::auth::sessions::{SessionError, Sessions};

/// How many sessions of a person are ended in one go; no more writes than a batch takes.
const PAGE: usize = 100;
/// How often a session may have changed its id while somebody signs out of it.
const MOST_MOVES: usize = 8;
/// How often a session is looked at again because its tokens were renewed meanwhile.
const MOST_LOOKS: usize = 16;
/// How many tokens are revoked at once, and how long all of them may take together.
const REVOKED_AT_ONCE: usize = 8;
const REVOKING: Duration = Duration::from_secs(5);

impl Sessions {
    /// Ends the session that a request came with, also when it has moved meanwhile.
    pub(crate) async fn end(
        &self,
        session: &Session,
        presented: Option<&SessionName>,
    ) -> Result<(), SessionError> {
        if let Some(name) = presented {
            self.end_named(name).await?;
        }
        Ok(session.flush().await?)
    }

    /// Ends a session of a person; `false` when they have none of this name.
    pub(crate) async fn end_one(
        &self,
        sub: &str,
        name: &SessionName,
    ) -> Result<bool, SessionError> {
        if self.refresher.table.get(&name.pointer(sub)).await?.is_none() {
            return Ok(false);
        }
        self.end_named(name).await?;
        Ok(true)
    }

    /// Ends all sessions of a person and says how many of them had not ended by themselves.
    pub(crate) async fn end_all(&self, sub: &str) -> Result<usize, SessionError> {
        let (sessions, sub) = (self.shared(), sub.to_owned());
        to_the_end(async move {
            let mut tokens = Vec::new();
            let ended = sessions.take_all(&sub, &mut tokens).await;
            sessions.revoke_all(tokens).await;
            ended
        })
        .await
    }

    /// Ends a session, wherever it has gone.
    pub(super) async fn end_named(&self, name: &SessionName) -> Result<(), SessionError> {
        let (sessions, name) = (self.shared(), name.clone());
        to_the_end(async move {
            let mut tokens = Vec::new();
            let ended = sessions.take_away(&name, &mut tokens).await;
            sessions.revoke_all(tokens).await;
            ended
        })
        .await
    }

    fn shared(&self) -> Self {
        Self { refresher: Arc::clone(&self.refresher) }
    }

    async fn take_all(&self, sub: &str, tokens: &mut Vec<String>) -> Result<usize, SessionError> {
        let mut ended = 0;
        loop {
            let (names, more) = self.names(sub, None, PAGE).await?;
            ended += self.alive(names.clone()).await?.len();
            for name in &names {
                self.take_away(name, tokens).await?;
            }
            if !names.is_empty() {
                // Also where it no longer says whose they were, so that this comes to an end.
                let names = names.iter().map(|name| Write::delete(name.pointer(sub)));
                self.refresher.table.write(names.collect()).await?;
            }
            if !more {
                return Ok(ended);
            }
        }
    }

    /// Leaves nothing of a session that opens anything, and says which refresh tokens it had.
    ///
    /// Where it went is asked after it was ended: what moves it does so only while it is there.
    async fn take_away(
        &self,
        name: &SessionName,
        tokens: &mut Vec<String>,
    ) -> Result<(), SessionError> {
        let mut next = Some(name.clone());
        for _ in 0..MOST_MOVES {
            let Some(name) = next else { break };
            tokens.extend(self.delete(&name).await?);
            next = self.moved_to(&name).await?;
        }
        Ok(())
    }

    /// Deletes a session with the tokens that were looked at, so that one that a renewal puts
    /// in their place meanwhile is not lost sight of.
    async fn delete(&self, name: &SessionName) -> Result<Option<String>, SessionError> {
        let owner = self.owner_of(name).await?;
        for look in 1..=MOST_LOOKS {
            let tokens = self.refresher.table.get(&name.tokens()).await?;
            let condition = match &tokens {
                Some(item) if look < MOST_LOOKS => Condition::Version(item.version),
                _ => Condition::Any,
            };
            let mut batch = vec![
                Write::Delete { key: name.tokens(), condition },
                Write::delete(name.current()),
            ];
            batch.extend(owner.as_deref().map(|sub| Write::delete(name.pointer(sub))));
            let written = self.refresher.table.write(batch).await;
            self.refresher.store.forget(name);
            match written {
                Ok(()) => {
                    let tokens = tokens.and_then(|item| item.parse::<Tokens>().ok());
                    let keys = &self.refresher.keys;
                    return Ok(tokens.and_then(|it| keys.open_sealed(&it.sealed, name.as_str())));
                }
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    async fn moved_to(&self, name: &SessionName) -> Result<Option<SessionName>, SessionError> {
        let Some(item) = self.refresher.table.get(&name.moved()).await? else { return Ok(None) };
        Ok(SessionName::received(&item.parse::<String>()?))
    }

    /// Has the pool forget refresh tokens, as far as it answers in time: whose sessions they
    /// were has ended in any case.
    async fn revoke_all(&self, tokens: Vec<String>) {
        let revoking = stream::iter(&tokens)
            .for_each_concurrent(REVOKED_AT_ONCE, |token| self.refresher.revoke(token));
        if tokio::time::timeout(REVOKING, revoking).await.is_err() {
            tracing::warn!(
                tokens = tokens.len(),
                "not all refresh tokens could be revoked in time"
            );
        }
    }
}

/// Goes on also when whoever asked has gone: a token that was taken from the table and not yet
/// revoked is known nowhere else.
async fn to_the_end<T: Send + 'static>(
    ending: impl Future<Output = Result<T, SessionError>> + Send + 'static,
) -> Result<T, SessionError> {
    let ended = tokio::spawn(ending.in_current_span()).await;
    ended.unwrap_or_else(|error| Err(SessionError::Store(error.to_string())))
}
