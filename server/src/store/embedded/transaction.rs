//! What the table's operations are in redb.

use std::ops::Bound;

use gazette_table::{Condition, Item, Key, MAX_KEY_BYTES, Order, Page, Range, TableError, Write};
use redb::{Database, ReadableDatabase as _, ReadableTable, TableDefinition};

use super::fault::{Failure, failure};
use super::record::{decode, encode};

/// Partition and sort key to the stored record.
pub(super) const ITEMS: TableDefinition<'_, (&str, &str), &[u8]> = TableDefinition::new("items");

/// When which item expires, so that these are found without reading all.
pub(super) const EXPIRIES: TableDefinition<'_, (i64, &str, &str), ()> =
    TableDefinition::new("expiries");

/// How many expired items one transaction removes.
pub(super) const PURGE_BATCH: usize = 1_000;

type Items<'t> = redb::Table<'t, (&'static str, &'static str), &'static [u8]>;
type Expiries<'t> = redb::Table<'t, (i64, &'static str, &'static str), ()>;

/// Reads items of one moment, in the order of their keys.
pub(super) fn get_many(
    database: &Database,
    keys: &[Key],
    now: i64,
) -> Result<Vec<Option<Item>>, Failure> {
    let items = database.begin_read().map_err(failure)?;
    let items = items.open_table(ITEMS).map_err(failure)?;
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
) -> Result<Page, Failure> {
    // Keys are text of at most MAX_KEY_BYTES, so these stand before and after all of them.
    let first = range.after.as_ref().map_or_else(String::new, |after| format!("{after}\0"));
    let last = range.before.clone().unwrap_or_else(|| "\u{10FFFF}".repeat(MAX_KEY_BYTES / 4 + 1));
    if first >= last {
        return Ok(Page::default());
    }
    let items = database.begin_read().map_err(failure)?;
    let items = items.open_table(ITEMS).map_err(failure)?;
    let within = (partition, first.as_str())..(partition, last.as_str());
    let in_partition = |error| failure(error).at(&Key::new(partition, ""));
    let mut within = items.range(within).map_err(in_partition)?;
    let mut page = Page::default();
    loop {
        let next = match order {
            Order::Ascending => within.next(),
            Order::Descending => within.next_back(),
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
) -> Result<Page, Failure> {
    let items = database.begin_read().map_err(failure)?;
    let items = items.open_table(ITEMS).map_err(failure)?;
    let after = after.map(|key| (key.partition.as_str(), key.sort.as_str()));
    let start = after.map_or(Bound::Unbounded, Bound::Excluded);
    let mut page = Page::default();
    for entry in items.range::<(&str, &str)>((start, Bound::Unbounded)).map_err(failure)? {
        let (key, record) = entry.map_err(failure)?;
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

/// Writes all of a batch or, when a condition does not hold, nothing.
pub(super) fn write(database: &Database, batch: &[Write], now: i64) -> Result<(), Failure> {
    let transaction = begin(database)?;
    {
        let mut items = transaction.open_table(ITEMS).map_err(failure)?;
        let mut expiries = transaction.open_table(EXPIRIES).map_err(failure)?;
        for write in batch {
            if !holds(&items, write.key(), write.condition(), now)? {
                // Dropping the transaction without a commit leaves everything as it was.
                return Err(TableError::Conflict { key: write.key().clone() }.into());
            }
        }
        for write in batch {
            apply(&mut items, &mut expiries, write)?;
        }
    }
    commit(transaction)
}

/// Removes at most [`PURGE_BATCH`] items that expired by `now`, and says how many.
pub(super) fn purge(database: &Database, now: i64) -> Result<usize, Failure> {
    let transaction = begin(database)?;
    let mut removed = 0;
    {
        let mut items = transaction.open_table(ITEMS).map_err(failure)?;
        let mut expiries = transaction.open_table(EXPIRIES).map_err(failure)?;
        let until = ..(now.saturating_add(1), "", "");
        let expired = expiries.extract_from_if(until, |_, ()| true).map_err(failure)?;
        for entry in expired.take(PURGE_BATCH) {
            let (key, _) = entry.map_err(failure)?;
            let (_, partition, sort) = key.value();
            items.remove((partition, sort)).map_err(failure)?;
            removed += 1;
        }
    }
    commit(transaction)?;
    Ok(removed)
}

/// Begins a transaction after whose commit a crash needs no walk through the whole file.
pub(super) fn begin(database: &Database) -> Result<redb::WriteTransaction, Failure> {
    let mut transaction = database.begin_write().map_err(failure)?;
    transaction.set_quick_repair(true);
    Ok(transaction)
}

fn commit(transaction: redb::WriteTransaction) -> Result<(), Failure> {
    transaction.commit().map_err(|error| match failure(error) {
        // Whether it happened is not known, so it must not be tried again.
        Failure::Latched => Failure::Other("the store failed during a commit".to_owned()),
        failure => failure,
    })
}

fn holds(items: &Items<'_>, key: &Key, condition: Condition, now: i64) -> Result<bool, Failure> {
    Ok(match condition {
        Condition::Any => true,
        Condition::Absent => read(items, key, now)?.is_none(),
        Condition::Version(version) => {
            read(items, key, now)?.is_some_and(|item| item.version == version)
        }
    })
}

fn apply(items: &mut Items<'_>, expiries: &mut Expiries<'_>, write: &Write) -> Result<(), Failure> {
    let key = write.key();
    let place = (key.partition.as_str(), key.sort.as_str());
    // A damaged item may be written over, which mends it.
    let before = items.get(place).map_err(|error| failure(error).at(key))?;
    let before = before.and_then(|record| decode(key.clone(), record.value()).ok()?.expires_at);
    if let Some(before) = before {
        expiries.remove((before, place.0, place.1)).map_err(failure)?;
    }
    match write {
        Write::Put { item, .. } => {
            let record = encode(item.clone())?;
            items.insert(place, record.as_slice()).map_err(failure)?;
            if let Some(expires_at) = item.expires_at {
                expiries.insert((expires_at, place.0, place.1), ()).map_err(failure)?;
            }
        }
        Write::Delete { .. } => {
            items.remove(place).map_err(failure)?;
        }
    }
    Ok(())
}

fn read(
    items: &impl ReadableTable<(&'static str, &'static str), &'static [u8]>,
    key: &Key,
    now: i64,
) -> Result<Option<Item>, Failure> {
    let found = items.get((key.partition.as_str(), key.sort.as_str()));
    let found = found.map_err(|error| failure(error).at(key))?;
    let Some(record) = found else { return Ok(None) };
    let item = decode(key.clone(), record.value())?;
    Ok((!item.is_expired(now)).then_some(item))
}
