//! The embedded engine: one redb file, in which an acknowledged write is on disk.

use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use gazette_table::{
    Clock, Condition, Item, Key, MAX_KEY_BYTES, Order, Page, Range, Table, TableError, Write,
    check_batch, check_key, check_keys, check_limit,
};
use redb::{Database, DatabaseError, ReadableDatabase as _, ReadableTable, TableDefinition};
use serde::{Deserialize, Serialize};

/// Partition and sort key to the stored record.
const ITEMS: TableDefinition<'_, (&str, &str), &[u8]> = TableDefinition::new("items");

/// When which item expires, so that these are found without reading all.
const EXPIRIES: TableDefinition<'_, (i64, &str, &str), ()> = TableDefinition::new("expiries");

/// How many expired items one transaction removes.
const PURGE_BATCH: usize = 1_000;

/// The table in a file of its own; one process at a time may hold it.
pub struct EmbeddedTable {
    database: Arc<Database>,
    clock: Clock,
}

/// Why the file could not be opened; the message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error("the store {0} is held by another process; stop the other gazette first")]
    Held(String),
    /// The file system refuses, or the file is no store.
    #[error("the store {path} cannot be opened: {source}")]
    Failed {
        /// The file.
        path: String,
        /// What redb says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// What lies under a key.
#[derive(Serialize, Deserialize)]
struct Record {
    version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
    body: serde_json::Value,
}

impl EmbeddedTable {
    /// Opens the file, or makes it with its first table; expiry is judged by `clock`.
    pub fn open(path: &Path, clock: Clock) -> Result<Self, OpenError> {
        let shown = || path.display().to_string();
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| OpenError::Failed {
            path: shown(),
            source,
        };
        let database = Database::create(path).map_err(|error| match error {
            DatabaseError::DatabaseAlreadyOpen => OpenError::Held(shown()),
            error => failed(error.into()),
        })?;
        let begin = database.begin_write().map_err(|error| failed(error.into()))?;
        begin.open_table(ITEMS).map_err(|error| failed(error.into()))?;
        begin.open_table(EXPIRIES).map_err(|error| failed(error.into()))?;
        begin.commit().map_err(|error| failed(error.into()))?;
        Ok(Self { database: Arc::new(database), clock })
    }
}

#[async_trait]
impl Table for EmbeddedTable {
    // Reads stay on the caller's thread: they take microseconds from redb's cache.
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        check_key(key)?;
        let items = self.database.begin_read().map_err(unavailable)?;
        let items = items.open_table(ITEMS).map_err(unavailable)?;
        read(&items, key, (self.clock)())
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        check_keys(keys)?;
        let items = self.database.begin_read().map_err(unavailable)?;
        let items = items.open_table(ITEMS).map_err(unavailable)?;
        let now = (self.clock)();
        keys.iter().map(|key| read(&items, key, now)).collect()
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        order: Order,
        limit: usize,
    ) -> Result<Page, TableError> {
        check_limit(limit)?;
        let items = self.database.begin_read().map_err(unavailable)?;
        let items = items.open_table(ITEMS).map_err(unavailable)?;
        page(&items, partition, range, order, limit, (self.clock)())
    }

    async fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError> {
        check_limit(limit)?;
        let items = self.database.begin_read().map_err(unavailable)?;
        let items = items.open_table(ITEMS).map_err(unavailable)?;
        whole(&items, after, limit, (self.clock)())
    }

    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError> {
        check_batch(&batch)?;
        let database = Arc::clone(&self.database);
        let now = (self.clock)();
        // A commit waits for the disk, which must not hold up other requests.
        tokio::task::spawn_blocking(move || write(&database, batch, now))
            .await
            .map_err(unavailable)?
    }

    async fn purge(&self) -> Result<usize, TableError> {
        let mut removed = 0;
        loop {
            let database = Arc::clone(&self.database);
            let now = (self.clock)();
            let some = tokio::task::spawn_blocking(move || purge_some(&database, now)).await;
            let some = some.map_err(unavailable)??;
            removed += some;
            if some < PURGE_BATCH {
                return Ok(removed);
            }
        }
    }
}

fn write(database: &Database, batch: Vec<Write>, now: i64) -> Result<(), TableError> {
    let transaction = database.begin_write().map_err(unavailable)?;
    {
        let mut items = transaction.open_table(ITEMS).map_err(unavailable)?;
        let mut expiries = transaction.open_table(EXPIRIES).map_err(unavailable)?;
        for write in &batch {
            if !holds(&items, write.key(), write.condition(), now)? {
                // Dropping the transaction without a commit leaves everything as it was.
                return Err(TableError::Conflict { key: write.key().clone() });
            }
        }
        for write in batch {
            apply(&mut items, &mut expiries, &write)?;
        }
    }
    transaction.commit().map_err(unavailable)
}

fn holds(
    items: &impl ReadableTable<(&'static str, &'static str), &'static [u8]>,
    key: &Key,
    condition: Condition,
    now: i64,
) -> Result<bool, TableError> {
    Ok(match condition {
        Condition::Any => true,
        Condition::Absent => read(items, key, now)?.is_none(),
        Condition::Version(version) => {
            read(items, key, now)?.is_some_and(|item| item.version == version)
        }
    })
}

type Items<'t> = redb::Table<'t, (&'static str, &'static str), &'static [u8]>;
type Expiries<'t> = redb::Table<'t, (i64, &'static str, &'static str), ()>;

fn apply(
    items: &mut Items<'_>,
    expiries: &mut Expiries<'_>,
    write: &Write,
) -> Result<(), TableError> {
    let key = write.key();
    let place = (key.partition.as_str(), key.sort.as_str());
    let before = items.get(place).map_err(unavailable)?;
    let before = before.and_then(|bytes| parse(key.clone(), bytes.value()).ok()?.expires_at);
    if let Some(before) = before {
        expiries.remove((before, place.0, place.1)).map_err(unavailable)?;
    }
    match write {
        Write::Put { item, .. } => {
            let Item { version, expires_at, body, .. } = item.clone();
            let record = serde_json::to_vec(&Record { version, expires_at, body })
                .map_err(|error| TableError::Invalid { reason: error.to_string() })?;
            items.insert(place, record.as_slice()).map_err(unavailable)?;
            if let Some(expires_at) = item.expires_at {
                expiries.insert((expires_at, place.0, place.1), ()).map_err(unavailable)?;
            }
        }
        Write::Delete { .. } => {
            items.remove(place).map_err(unavailable)?;
        }
    }
    Ok(())
}

fn purge_some(database: &Database, now: i64) -> Result<usize, TableError> {
    let transaction = database.begin_write().map_err(unavailable)?;
    let mut removed = 0;
    {
        let mut items = transaction.open_table(ITEMS).map_err(unavailable)?;
        let mut expiries = transaction.open_table(EXPIRIES).map_err(unavailable)?;
        let expired = expiries
            .extract_from_if(..(now.saturating_add(1), "", ""), |_, ()| true)
            .map_err(unavailable)?;
        for entry in expired.take(PURGE_BATCH) {
            let (key, _) = entry.map_err(unavailable)?;
            let (_, partition, sort) = key.value();
            items.remove((partition, sort)).map_err(unavailable)?;
            removed += 1;
        }
    }
    transaction.commit().map_err(unavailable)?;
    Ok(removed)
}

fn read(
    items: &impl ReadableTable<(&'static str, &'static str), &'static [u8]>,
    key: &Key,
    now: i64,
) -> Result<Option<Item>, TableError> {
    let found = items.get((key.partition.as_str(), key.sort.as_str())).map_err(unavailable)?;
    let Some(bytes) = found else { return Ok(None) };
    let item = parse(key.clone(), bytes.value())?;
    Ok((!item.is_expired(now)).then_some(item))
}

fn page(
    items: &impl ReadableTable<(&'static str, &'static str), &'static [u8]>,
    partition: &str,
    range: &Range,
    order: Order,
    limit: usize,
    now: i64,
) -> Result<Page, TableError> {
    // Keys are text of at most MAX_KEY_BYTES, so these stand before and after all of them.
    let first = range.after.as_ref().map_or_else(String::new, |after| format!("{after}\0"));
    let last = range.before.clone().unwrap_or_else(|| "\u{10FFFF}".repeat(MAX_KEY_BYTES / 4 + 1));
    if first >= last {
        return Ok(Page::default());
    }
    let mut within = items
        .range((partition, first.as_str())..(partition, last.as_str()))
        .map_err(unavailable)?;
    let mut page = Page::default();
    loop {
        let next = match order {
            Order::Ascending => within.next(),
            Order::Descending => within.next_back(),
        };
        let Some(next) = next else { return Ok(page) };
        let (key, bytes) = next.map_err(unavailable)?;
        let (partition, sort) = key.value();
        let item = parse(Key::new(partition, sort), bytes.value())?;
        if item.is_expired(now) {
            continue;
        }
        if page.items.len() == limit {
            page.more = true;
            return Ok(page);
        }
        page.items.push(item);
    }
}

fn whole(
    items: &impl ReadableTable<(&'static str, &'static str), &'static [u8]>,
    after: Option<&Key>,
    limit: usize,
    now: i64,
) -> Result<Page, TableError> {
    let after = after.map(|key| (key.partition.as_str(), key.sort.as_str()));
    let start = after.map_or(Bound::Unbounded, Bound::Excluded);
    let mut page = Page::default();
    for entry in items.range::<(&str, &str)>((start, Bound::Unbounded)).map_err(unavailable)? {
        let (key, bytes) = entry.map_err(unavailable)?;
        let (partition, sort) = key.value();
        let item = parse(Key::new(partition, sort), bytes.value())?;
        if item.is_expired(now) {
            continue;
        }
        if page.items.len() == limit {
            page.more = true;
            break;
        }
        page.items.push(item);
    }
    Ok(page)
}

fn parse(key: Key, bytes: &[u8]) -> Result<Item, TableError> {
    match serde_json::from_slice(bytes) {
        Ok(Record { version, expires_at, body }) => Ok(Item { key, version, expires_at, body }),
        Err(error) => Err(TableError::Corrupt { key, reason: error.to_string() }),
    }
}

fn unavailable(error: impl std::fmt::Display) -> TableError {
    TableError::Unavailable { reason: error.to_string() }
}
