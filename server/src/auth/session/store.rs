//! Session store for tower-sessions, on the table.

use std::sync::Arc;

use async_trait::async_trait;
use gazette_table::{Clock, Item, Table, TableError, Write};
use serde_json::Value;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Session, SessionStore};

use crate::auth::session::cache::SessionCache;
use crate::auth::session::hash::SessionHash;
use crate::auth::session::record::{StoredSession, current_key, tokens_key};
use crate::config::SessionConfig;

/// Entry of a record's data with the version of its item, which tower-sessions does not know.
const VERSION: &str = "version";
/// Entry of a record's data with the id of a session that is already in the table.
const ADOPTED: &str = "adopted";

/// Stores sessions under the hash of their id, so that a leaked table opens no session (SES-01).
///
/// `save` is not an upsert: it replaces only the version that was read, so a request in flight
/// cannot restore a session that has been signed out since (SES-03).
#[derive(Clone)]
pub(crate) struct TableSessionStore {
    table: Arc<dyn Table>,
    clock: Clock,
    config: SessionConfig,
    cache: Arc<SessionCache>,
}

impl TableSessionStore {
    /// Stores sessions in `table`.
    pub(crate) fn new(table: Arc<dyn Table>, clock: Clock, config: SessionConfig) -> Self {
        Self { table, clock, config, cache: Arc::default() }
    }

    /// Replaces the session of a request by one that is already in the table.
    pub(super) async fn adopt(
        session: &Session,
        id: Id,
    ) -> std::result::Result<(), tower_sessions::session::Error> {
        session.clear().await;
        if session.id().is_some() {
            session.cycle_id().await?;
        }
        session.insert(ADOPTED, id.to_string()).await?;
        session.save().await
    }

    /// Evicts a session from the cache after a write that did not go through this store.
    pub(super) fn evict(&self, session: &SessionHash) {
        self.cache.evict(session);
    }

    /// Returns the time at which a session expires unless it is saved again.
    pub(super) fn expires_at(&self, stored: &StoredSession) -> i64 {
        let idle = (self.clock)() + self.config.idle_seconds;
        let ends_at = stored.signed_in().map(|signed_in| signed_in.ends_at(&self.config));
        ends_at.map_or(idle, |ends_at| idle.min(ends_at))
    }

    async fn read(&self, session: &SessionHash) -> Result<Option<Item>> {
        let now = (self.clock)();
        if let Some(item) = self.cache.get(session, now) {
            return Ok(Some(item));
        }
        let start = self.cache.start_read();
        let item = self.table.get(&current_key(session)).await.map_err(|error| backend(&error))?;
        if let Some(item) = &item {
            self.cache.put(start, session, item, now);
        }
        Ok(item)
    }
}

impl std::fmt::Debug for TableSessionStore {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("TableSessionStore")
    }
}

#[async_trait]
impl SessionStore for TableSessionStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        if let Some(adopted) = record.data.remove(ADOPTED) {
            let id = adopted.as_str().and_then(|id| id.parse().ok());
            let id: Id = id.ok_or_else(|| Error::Decode("no session id".to_owned()))?;
            let adopted = self.load(&id).await?;
            *record = adopted.ok_or_else(|| Error::Backend("the session ended".to_owned()))?;
            return Ok(());
        }
        loop {
            // Always a fresh id, because after a flush the record still has the previous id, and
            // its holder would be signed in too (SES-02).
            record.id = Id::default();
            let stored = StoredSession { data: record.data.clone() };
            let item = stored.item(&SessionHash::of(&record.id), 1, self.expires_at(&stored));
            let item = item.map_err(|error| Error::Encode(error.to_string()))?;
            match self.table.write(vec![Write::create(item)]).await {
                Ok(()) => {
                    record.data.insert(VERSION.to_owned(), Value::from(1_u64));
                    return Ok(());
                }
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(backend(&error)),
            }
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let mut stored = StoredSession { data: record.data.clone() };
        let version = stored.data.remove(VERSION).and_then(|version| version.as_u64());
        let Some(version) = version else { return Ok(()) };
        let session = SessionHash::of(&record.id);
        let item = stored.item(&session, version + 1, self.expires_at(&stored));
        let item = item.map_err(|error| Error::Encode(error.to_string()))?;
        let written = self.table.write(vec![Write::replace(item, version)]).await;
        self.cache.evict(&session);
        match written {
            // After a conflict, the change of the other request wins.
            Ok(()) | Err(TableError::Conflict { .. }) => Ok(()),
            // Only the time of the last use and a notice are lost, which must not fail a response
            // that is ready. Tokens are never written through this store (SES-05).
            Err(error) => {
                tracing::warn!(%error, "a session could not be saved");
                Ok(())
            }
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(item) = self.read(&SessionHash::of(id)).await? else { return Ok(None) };
        let Some(StoredSession { mut data }) = StoredSession::parse(&item) else {
            return Ok(None);
        };
        data.insert(VERSION.to_owned(), Value::from(item.version));
        let expires_at = item.expires_at.unwrap_or_default();
        let Ok(expiry_date) = OffsetDateTime::from_unix_timestamp(expires_at) else {
            return Ok(None);
        };
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let session = SessionHash::of(id);
        let keys = [current_key(&session), tokens_key(&session)];
        let written = self.table.write(keys.map(Write::delete).into()).await;
        self.cache.evict(&session);
        written.map_err(|error| backend(&error))
    }
}

fn backend(error: &TableError) -> Error {
    Error::Backend(error.to_string())
}
