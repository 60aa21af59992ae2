//! Sessions as items of the one table, for tower-sessions.

use std::sync::Arc;

use async_trait::async_trait;
use gazette_table::{Clock, Item, Table, TableError, Write};
use serde_json::Value;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Session, SessionStore};

use crate::auth::session_cache::SessionCache;
use crate::auth::session_records::{SessionName, Stored};
use crate::config::SessionConfig;

/// Where a record carries the version of its item, which tower-sessions does not know of.
const VERSION: &str = "version";
/// Where a record carries the id of a session that is in the table already.
const ADOPTED: &str = "adopted";

/// Keeps sessions in a table, under the hash of their id: who reads the table cannot use them.
///
/// Unlike an upsert, `save` changes only what is still there and as it was read, so a request
/// in flight cannot bring back a session that was signed out meanwhile.
#[derive(Clone)]
pub struct TableSessionStore {
    table: Arc<dyn Table>,
    clock: Clock,
    config: SessionConfig,
    cache: Arc<SessionCache>,
}

impl TableSessionStore {
    /// Keeps sessions in `table`.
    pub fn new(table: Arc<dyn Table>, clock: Clock, config: SessionConfig) -> Self {
        Self { table, clock, config, cache: Arc::default() }
    }

    /// Makes a request's session be the one of this id, which lies in the table already.
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

    /// Forgets what was read of a session that was changed past this store.
    pub(super) fn forget(&self, name: &SessionName) {
        self.cache.forget(name);
    }

    /// When a session ends unless it is saved again: by the clock everything else goes by.
    pub(super) fn expires_at(&self, stored: &Stored) -> i64 {
        let idle = (self.clock)() + self.config.idle_seconds;
        let ends_at = stored.signed_in().map(|signed_in| signed_in.ends_at(&self.config));
        ends_at.map_or(idle, |ends_at| idle.min(ends_at))
    }

    async fn found(&self, name: &SessionName) -> Result<Option<Item>> {
        let now = (self.clock)();
        if let Some(item) = self.cache.get(name, now) {
            return Ok(Some(item));
        }
        let began = self.cache.begin();
        let found = self.table.get(&name.current()).await.map_err(|error| backend(&error))?;
        if let Some(item) = &found {
            self.cache.put(began, name, item, now);
        }
        Ok(found)
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
            *record = adopted.ok_or_else(|| Error::Backend("it has ended again".to_owned()))?;
            return Ok(());
        }
        loop {
            // Always a fresh id: after a flush the record still carries the one before, and
            // whoever knew that one would be signed in too (SES-02).
            record.id = Id::default();
            let stored = Stored { data: record.data.clone() };
            let item = stored.item(&SessionName::of(&record.id), 1, self.expires_at(&stored));
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
        let mut stored = Stored { data: record.data.clone() };
        let version = stored.data.remove(VERSION).and_then(|version| version.as_u64());
        let Some(version) = version else { return Ok(()) };
        let name = SessionName::of(&record.id);
        let item = stored.item(&name, version + 1, self.expires_at(&stored));
        let item = item.map_err(|error| Error::Encode(error.to_string()))?;
        let written = self.table.write(vec![Write::replace(item, version)]).await;
        self.cache.forget(&name);
        match written {
            // Signed out or changed by another request meanwhile: theirs is the newer word.
            Ok(()) | Err(TableError::Conflict { .. }) => Ok(()),
            // When a session was used last and what notice is due are not worth an answer that
            // is ready; what must not be lost is written past this store.
            Err(error) => {
                tracing::warn!(%error, "a session could not be saved");
                Ok(())
            }
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(found) = self.found(&SessionName::of(id)).await? else { return Ok(None) };
        let Some(Stored { mut data }) = Stored::read(&found) else { return Ok(None) };
        data.insert(VERSION.to_owned(), Value::from(found.version));
        let expires_at = found.expires_at.unwrap_or_default();
        let Ok(expiry_date) = OffsetDateTime::from_unix_timestamp(expires_at) else {
            return Ok(None);
        };
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let name = SessionName::of(id);
        let batch = vec![Write::delete(name.current()), Write::delete(name.tokens())];
        let written = self.table.write(batch).await;
        self.cache.forget(&name);
        written.map_err(|error| backend(&error))
    }
}

fn backend(error: &TableError) -> Error {
    Error::Backend(error.to_string())
}
