//! The operations of the table as redb transactions.

use std::ops::Bound;

use gazette_table::{Condition, Item, Key, MAX_KEY_BYTES, Order, Page, Range, TableError, Write};
use redb::{Database, ReadTransaction, ReadableDatabase as _, ReadableTable, TableDefinition};

use super::error::{StoreError, store_error};
use super::record::{decode, encode};

/// Maps partition and sort key to the record.
pub(super) const ITEMS: TableDefinition<'_, (&str, &str), &[u8]> = TableDefinition::new("items");

/// Index of the items that expire, by time.
pub(super) const EXPIRIES: TableDefinition<'_, (i64, &str, &str), ()> =
    TableDefinition::new("expiries");

/// The number of expired items that one transaction removes.
pub(super) const PURGE_BATCH: usize = 1_000;

type Items<'t> = redb::Table<'t, (&'static str, &'static str), &'static [u8]>;
type Expiries<'t> = redb::Table<'t, (i64, &'static str, &'static str), ()>;

/// Reads items from one snapshot, in the order of the keys.
pub(super) fn get_many(
    database: &Database,
    keys: &[Key],
    now: i64,
) -> Result<Vec<Option<Item>>, StoreError> {
    let items = database.begin_read().map_err(store_error)?;
    let items = items.open_table(ITEMS).map_err(store_error)?;
    keys.iter().map(|key| read(&items, key, now)).collect()
}

/// Reads a page of a partition.
pub(super) fn query(
    database: &Database,
    partition: &str,
    range: &Range,
    order: Order,
    limit: usize,
    now: i64,
) -> Result<Page, StoreError> {
    // Keys have at most MAX_KEY_BYTES bytes, so these bounds include all of them.
    let first = range.after.as_ref().map_or_else(String::new, |after| format!("{after}\0"));
    let last = range.before.clone().unwrap_or_else(|| "\u{10FFFF}".repeat(MAX_KEY_BYTES / 4 + 1));
    if first >= last {
        return Ok(Page::default());
    }
    let items = database.begin_read().map_err(store_error)?;
    let items = items.open_table(ITEMS).map_err(store_error)?;
    let bounds = (partition, first.as_str())..(partition, last.as_str());
    let in_partition = |error| store_error(error).at(&Key::new(partition, ""));
    let mut in_range = items.range(bounds).map_err(in_partition)?;
    let mut page = Page::default();
    loop {
        let next = match order {
            Order::Ascending => in_range.next(),
            Order::Descending => in_range.next_back(),
        };
        let Some(next) = next else { return Ok(page) };
        let (key, record) = next.map_err(in_partition)?;
        let (partition, sort) = key.value();
        let item = decode(Key::new(partition, sort), record.value())?;
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

/// Reads a page of the whole table.
pub(super) fn scan(
    database: &Database,
    after: Option<&Key>,
    limit: usize,
    now: i64,
) -> Result<Page, StoreError> {
    scan_state(&database.begin_read().map_err(store_error)?, after, limit, now)
}

/// Reads a page of the whole table as it was at the beginning of a transaction.
pub(super) fn scan_state(
    state: &ReadTransaction,
    after: Option<&Key>,
    limit: usize,
    now: i64,
) -> Result<Page, StoreError> {
    let items = state.open_table(ITEMS).map_err(store_error)?;
    let after = after.map(|key| (key.partition.as_str(), key.sort.as_str()));
    let start = after.map_or(Bound::Unbounded, Bound::Excluded);
    let mut page = Page::default();
    for entry in items.range::<(&str, &str)>((start, Bound::Unbounded)).map_err(store_error)? {
        let (key, record) = entry.map_err(store_error)?;
        let (partition, sort) = key.value();
        let item = decode(Key::new(partition, sort), record.value())?;
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

/// Writes the whole batch, or nothing when a condition fails.
pub(super) fn write(database: &Database, batch: &[Write], now: i64) -> Result<(), StoreError> {
    let transaction = begin(database)?;
    {
        let mut items = transaction.open_table(ITEMS).map_err(store_error)?;
        let mut expiries = transaction.open_table(EXPIRIES).map_err(store_error)?;
        for write in batch {
            if !is_met(&items, write.key(), write.condition(), now)? {
                // A transaction that is dropped without a commit has no effect.
                return Err(TableError::Conflict { key: write.key().clone() }.into());
            }
        }
        for write in batch {
            apply(&mut items, &mut expiries, write)?;
        }
    }
    commit(transaction)
}

/// Removes at most [`PURGE_BATCH`] items that expired by `now` and returns their number.
pub(super) fn purge(database: &Database, now: i64) -> Result<usize, StoreError> {
    let transaction = begin(database)?;
    let mut removed = 0;
    {
        let mut items = transaction.open_table(ITEMS).map_err(store_error)?;
        let mut expiries = transaction.open_table(EXPIRIES).map_err(store_error)?;
        let until = ..(now.saturating_add(1), "", "");
        let expired = expiries.extract_from_if(until, |_, ()| true).map_err(store_error)?;
        for entry in expired.take(PURGE_BATCH) {
            let (key, _) = entry.map_err(store_error)?;
            let (_, partition, sort) = key.value();
            items.remove((partition, sort)).map_err(store_error)?;
            removed += 1;
        }
    }
    commit(transaction)?;
    Ok(removed)
}

/// Begins a transaction with quick repair, so that opening after a crash does not read the whole
/// file.
pub(super) fn begin(database: &Database) -> Result<redb::WriteTransaction, StoreError> {
    let mut transaction = database.begin_write().map_err(store_error)?;
    transaction.set_quick_repair(true);
    Ok(transaction)
}

fn commit(transaction: redb::WriteTransaction) -> Result<(), StoreError> {
    transaction.commit().map_err(|error| match store_error(error) {
        // The commit may have succeeded, so it must not be retried.
        StoreError::Latched => StoreError::Other("the store failed during a commit".to_owned()),
        error => error,
    })
}

fn is_met(
    items: &Items<'_>,
    key: &Key,
    condition: Condition,
    now: i64,
) -> Result<bool, StoreError> {
    Ok(match condition {
        Condition::Any => true,
        Condition::Absent => read(items, key, now)?.is_none(),
        Condition::Version(version) => {
            read(items, key, now)?.is_some_and(|item| item.version == version)
        }
    })
}

fn apply(
    items: &mut Items<'_>,
    expiries: &mut Expiries<'_>,
    write: &Write,
) -> Result<(), StoreError> {
    let key = write.key();
    let short_key = (key.partition.as_str(), key.sort.as_str());
    // A damaged item can be replaced.
    let before = items.get(short_key).map_err(|error| store_error(error).at(key))?;
    let before = before.and_then(|record| decode(key.clone(), record.value()).ok()?.expires_at);
    if let Some(before) = before {
        expiries.remove((before, short_key.0, short_key.1)).map_err(store_error)?;
    }
    match write {
        Write::Put { item, .. } => {
            let record = encode(item.clone())?;
            items.insert(short_key, record.as_slice()).map_err(store_error)?;
            if let Some(expires_at) = item.expires_at {
                expiries.insert((expires_at, short_key.0, short_key.1), ()).map_err(store_error)?;
            }
        }
        Write::Delete { .. } => {
            items.remove(short_key).map_err(store_error)?;
        }
    }
    Ok(())
}

fn read(
    items: &impl ReadableTable<(&'static str, &'static str), &'static [u8]>,
    key: &Key,
    now: i64,
) -> Result<Option<Item>, StoreError> {
    let found = items.get((key.partition.as_str(), key.sort.as_str()));
    let found = found.map_err(|error| store_error(error).at(key))?;
    let Some(record) = found else { return Ok(None) };
    let item = decode(key.clone(), record.value())?;
    Ok((!item.is_expired(now)).then_some(item))
}
