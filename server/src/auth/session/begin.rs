//! Begins sessions.

use std::collections::HashMap;
use std::sync::Arc;

use gazette_table::{Item, Key, TableError, Write};
use tower_sessions::Session;
use tower_sessions::session::Id;

use crate::auth::oidc::TokenSet;
use crate::auth::partitions::PEOPLE;
use crate::auth::session::end_reason::EndReason;
use crate::auth::session::error::SessionError;
use crate::auth::session::hash::SessionHash;
use crate::auth::session::record::{Person, StoredSession};
use crate::auth::session::sessions::Sessions;
use crate::auth::session::signed_in::SignedIn;
use crate::auth::session::store::TableSessionStore;
use crate::detached;

impl Sessions {
    /// Begins a session under a fresh id and ends the one that the browser sent (SES-02).
    ///
    /// Creates `completion` in the same batch, so that a login begins one session at most.
    pub(crate) async fn begin(
        &self,
        session: &Session,
        presented: Option<&SessionHash>,
        tokens: &TokenSet,
        device: String,
        completion: Item,
    ) -> Result<(), SessionError> {
        let begun = self.replace(session, presented, tokens, device, completion).await;
        if begun.is_err()
            && let Some(token) = &tokens.refresh_token
        {
            // Without a session, nothing else would revoke it.
            let (backend, token) = (Arc::clone(&self.backend), token.clone());
            let revocation = async move {
                backend.revoke(&token).await;
                Ok::<_, SessionError>(())
            };
            detached::spawn(revocation).await??;
        }
        begun
    }

    async fn replace(
        &self,
        session: &Session,
        presented: Option<&SessionHash>,
        tokens: &TokenSet,
        device: String,
        completion: Item,
    ) -> Result<(), SessionError> {
        let id = Id::default();
        let mut writes = self.begin_writes(&SessionHash::of(&id), tokens, device)?;
        let completion_key = completion.key.clone();
        writes.push(Write::create(completion));
        match self.backend.table.write(writes).await {
            Err(TableError::Conflict { key }) if key == completion_key => {
                return Err(SessionError::LoginCompleted);
            }
            written => written?,
        }
        self.backend.metrics.sessions.add("begun");
        // Only now, because a callback that is sent again must not end the session it began.
        if let Some(presented) = presented {
            self.end_by_hash(presented, EndReason::Replaced).await?;
        }
        Ok(TableSessionStore::adopt(session, id).await?)
    }

    fn begin_writes(
        &self,
        session: &SessionHash,
        tokens: &TokenSet,
        device: String,
    ) -> Result<Vec<Write>, SessionError> {
        let claims = tokens.identity.claims();
        let signed_in = SignedIn::new(&tokens.identity, device, self.now());
        let mut stored = StoredSession { data: HashMap::new() };
        signed_in.write(&mut stored.data)?;
        let token = tokens.refresh_token.as_deref();
        let mut writes = self.backend.create(session, &stored, &signed_in, token)?;
        let seen_at = Some(signed_in.seen_at);
        let person = Person { username: claims.username.clone(), seen_at };
        let person = Item::new(Key::new(PEOPLE, &claims.sub), &person)?;
        writes.push(Write::put(person.expires_at(signed_in.ends_at(&self.backend.config))));
        Ok(writes)
    }
}
