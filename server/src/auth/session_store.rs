//! Sessions as items of the one table.

use std::sync::Arc;

use async_trait::async_trait;
use gazette_table::{Clock, Item, Key, Table, TableError, Write};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

use crate::auth::secret;

/// Keeps sessions in a table, under the hash of their id: who reads the table cannot use them.
///
/// Unlike an upsert, `save` changes only what is still there, so a request in flight cannot
/// bring back a session that was signed out meanwhile.
#[derive(Clone)]
pub struct TableSessionStore {
    table: Arc<dyn Table>,
    clock: Clock,
    idle_seconds: i64,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    data: std::collections::HashMap<String, serde_json::Value>,
}

impl TableSessionStore {
    /// Keeps sessions in `table`, each until nothing was saved of it for `idle_seconds`.
    pub fn new(table: Arc<dyn Table>, clock: Clock, idle_seconds: i64) -> Self {
        Self { table, clock, idle_seconds }
    }

    /// A record as an item. Its expiry goes by the clock that everything else goes by.
    fn item(&self, record: &Record) -> Result<Item> {
        let stored = Stored { data: record.data.clone() };
        let item = Item::new(key(&record.id), &stored);
        let item = item.map_err(|error| Error::Encode(error.to_string()))?;
        Ok(item.expires_at((self.clock)() + self.idle_seconds))
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
        loop {
            // Always a fresh id: after a flush the record still carries the one before, and
            // whoever knew that one would be signed in too (SES-02).
            record.id = Id::default();
            match self.table.write(vec![Write::create(self.item(record)?)]).await {
                Ok(()) => return Ok(()),
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(backend(&error)),
            }
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let found = self.table.get(&key(&record.id)).await.map_err(|error| backend(&error))?;
        let Some(found) = found else { return Ok(()) };
        let item = self.item(record)?.version(found.version + 1);
        match self.table.write(vec![Write::replace(item, found.version)]).await {
            // Signed out or saved by another request meanwhile: theirs is the newer word.
            Ok(()) | Err(TableError::Conflict { .. }) => Ok(()),
            Err(error) => Err(backend(&error)),
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = self.table.get(&key(id)).await.map_err(|error| backend(&error))?;
        let Some(found) = found else { return Ok(None) };
        // A record of another version of this program is as good as none: its owner signs in again.
        let Ok(Stored { data }) = found.parse() else { return Ok(None) };
        let expires_at = found.expires_at.unwrap_or_default();
        let Ok(expiry_date) = OffsetDateTime::from_unix_timestamp(expires_at) else {
            return Ok(None);
        };
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let delete = Write::delete(key(id));
        self.table.write(vec![delete]).await.map_err(|error| backend(&error))
    }
}

fn key(id: &Id) -> Key {
    Key::new(format!("session#{}", secret::hash(&id.0.to_be_bytes())), "current")
}

fn backend(error: &TableError) -> Error {
    Error::Backend(error.to_string())
}
