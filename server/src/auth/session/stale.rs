//! Sessions whose groups have changed at the pool.

use gazette_table::{TableError, Write};

use crate::auth::session::error::SessionError;
use crate::auth::session::hash::SessionHash;
use crate::auth::session::sessions::Sessions;

/// Sessions of a user that are marked in one round.
const PAGE_SIZE: usize = 100;
/// Attempts to mark a session that its requests change.
const MAX_ATTEMPTS: usize = 8;

impl Sessions {
    /// Makes each session of a user ask the pool for the groups at its next request.
    ///
    /// Other processes notice it after two seconds, for which they cache sessions.
    pub(crate) async fn mark_stale(&self, sub: &str) -> Result<(), SessionError> {
        let mut after = None;
        loop {
            let (hashes, more) = self.hashes(sub, after.as_ref(), PAGE_SIZE).await?;
            for session in &hashes {
                self.mark_one_stale(session).await?;
            }
            after = hashes.last().cloned();
            if !more || after.is_none() {
                return Ok(());
            }
        }
    }

    async fn mark_one_stale(&self, session: &SessionHash) -> Result<(), SessionError> {
        for _ in 0..MAX_ATTEMPTS {
            let Some(current) = self.backend.read(session).await? else { return Ok(()) };
            let (version, mut stored) = (current.version, current.stored);
            current.signed_in.unverified().write(&mut stored.data)?;
            let expires_at = self.backend.store.expires_at(&stored);
            let item = stored.item(session, version + 1, expires_at)?;
            let written = self.backend.table.write(vec![Write::replace(item, version)]).await;
            self.backend.store.evict(session);
            match written {
                Ok(()) => return Ok(()),
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        // A request that changes the session this often is one that renews it.
        Ok(())
    }
}
