//! An in-memory model of the port: a sorted map behind a lock. Tests use it, and the engines are
//! compared with it.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::{
    Clock, Condition, Item, Key, Order, Page, Range, Table, TableError, Write, check_batch,
    check_key, check_keys, check_limit,
};

/// A table in memory.
pub struct MemoryTable {
    items: Mutex<BTreeMap<Key, Item>>,
    clock: Clock,
}

impl MemoryTable {
    /// Makes an empty table; items expire by `clock`.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { items: Mutex::default(), clock }
    }

    fn items(&self) -> MutexGuard<'_, BTreeMap<Key, Item>> {
        // A batch is applied after all of its checks, so the map is consistent even after a panic.
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Table for MemoryTable {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        check_key(key)?;
        let now = (self.clock)();
        Ok(self.items().get(key).filter(|item| !item.is_expired(now)).cloned())
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        check_keys(keys)?;
        let now = (self.clock)();
        let items = self.items();
        let read = |key| items.get(key).filter(|item| !item.is_expired(now)).cloned();
        Ok(keys.iter().map(read).collect())
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        order: Order,
        limit: usize,
    ) -> Result<Page, TableError> {
        check_limit(limit)?;
        let now = (self.clock)();
        let items = self.items();
        let start = match &range.after {
            Some(after) => Bound::Excluded(Key::new(partition, after)),
            None => Bound::Included(Key::new(partition, "")),
        };
        let in_range = items
            .range((start, Bound::Unbounded))
            .map(|(_, item)| item)
            .take_while(|item| item.key.partition == partition)
            .take_while(|item| range.before.as_ref().is_none_or(|before| item.key.sort < *before))
            .filter(|item| !item.is_expired(now));
        let mut found: Vec<Item> = match order {
            Order::Ascending => in_range.take(limit + 1).cloned().collect(),
            Order::Descending => {
                let mut all: Vec<&Item> = in_range.collect();
                all.reverse();
                all.into_iter().take(limit + 1).cloned().collect()
            }
        };
        let more = found.len() > limit;
        found.truncate(limit);
        Ok(Page { items: found, more })
    }

    async fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError> {
        check_limit(limit)?;
        let now = (self.clock)();
        let items = self.items();
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let range = items.range((start, Bound::Unbounded)).map(|(_, item)| item);
        let mut found: Vec<Item> =
            range.filter(|item| !item.is_expired(now)).take(limit + 1).cloned().collect();
        let more = found.len() > limit;
        found.truncate(limit);
        Ok(Page { items: found, more })
    }

    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError> {
        check_batch(&batch, self.max_batch())?;
        let now = (self.clock)();
        let mut items = self.items();
        for write in &batch {
            let current = items.get(write.key()).filter(|item| !item.is_expired(now));
            if !is_met(write.condition(), current) {
                return Err(TableError::Conflict { key: write.key().clone() });
            }
        }
        for write in batch {
            match write {
                Write::Put { item, .. } => items.insert(item.key.clone(), item),
                Write::Delete { key, .. } => items.remove(&key),
            };
        }
        Ok(())
    }

    async fn purge(&self) -> Result<usize, TableError> {
        let now = (self.clock)();
        let mut items = self.items();
        let before = items.len();
        items.retain(|_, item| !item.is_expired(now));
        Ok(before - items.len())
    }
}

fn is_met(condition: Condition, current: Option<&Item>) -> bool {
    match condition {
        Condition::Any => true,
        Condition::Absent => current.is_none(),
        Condition::Version(version) => current.is_some_and(|item| item.version == version),
    }
}
