//! A table on which nothing that is written lasts, for trying out a change beforehand.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use gazette_table::{
    Clock, Condition, Item, Key, MAX_PAGE, Order, Page, Range, Table, TableError, Write,
    check_batch, check_key, check_limit,
};

/// Reads a table that base as it is, and remembers what was written as long as it lives.
pub struct DryRunTable {
    base: Arc<dyn Table>,
    /// What was put, or `None` where something was deleted.
    written: Mutex<BTreeMap<Key, Option<Item>>>,
    /// Held by a write from its conditions to its end.
    writing: tokio::sync::Mutex<()>,
    clock: Clock,
}

impl DryRunTable {
    /// Lays itself over a table; expiry is judged by `clock`.
    pub fn new(base: Arc<dyn Table>, clock: Clock) -> Self {
        Self { base, written: Mutex::default(), writing: tokio::sync::Mutex::default(), clock }
    }

    fn written(&self) -> MutexGuard<'_, BTreeMap<Key, Option<Item>>> {
        // Batches are applied only after every check, so a poisoned map is still whole.
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a key holds after what was written; `base` where nothing was.
    fn seen(&self, key: &Key, base: Option<Item>) -> Option<Item> {
        let now = (self.clock)();
        match self.written().get(key) {
            Some(written) => written.clone().filter(|item| !item.is_expired(now)),
            None => base,
        }
    }

    /// Puts what was written over the items that stay, and cuts the page anew.
    fn overlay(
        &self,
        stay: Vec<Item>,
        is_within: impl Fn(&Key) -> bool,
        order: Order,
        limit: usize,
    ) -> Page {
        let now = (self.clock)();
        let mut items: BTreeMap<Key, Item> =
            stay.into_iter().map(|item| (item.key.clone(), item)).collect();
        for (key, item) in self.written().iter().filter(|(key, _)| is_within(key)) {
            match item.clone().filter(|item| !item.is_expired(now)) {
                Some(item) => items.insert(key.clone(), item),
                None => items.remove(key),
            };
        }
        let more = items.len() > limit;
        let items = items.into_values();
        let items = match order {
            Order::Ascending => items.take(limit).collect(),
            Order::Descending => items.rev().take(limit).collect(),
        };
        Page { items, more }
    }

    async fn whole_partition(
        &self,
        partition: &str,
        range: &Range,
    ) -> Result<Vec<Item>, TableError> {
        let mut range = range.clone();
        let mut items = Vec::new();
        loop {
            let page = self.base.query(partition, &range, Order::Ascending, MAX_PAGE).await?;
            range.after = page.items.last().map(|item| item.key.sort.clone());
            items.extend(page.items);
            if !page.more {
                return Ok(items);
            }
        }
    }
}

#[async_trait]
impl Table for DryRunTable {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        check_key(key)?;
        let base = self.base.get(key).await?;
        Ok(self.seen(key, base))
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        let mut items = self.base.get_many(keys).await?;
        for (key, item) in keys.iter().zip(&mut items) {
            *item = self.seen(key, item.take());
        }
        Ok(items)
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        order: Order,
        limit: usize,
    ) -> Result<Page, TableError> {
        check_limit(limit)?;
        let stay = self.whole_partition(partition, range).await?;
        let is_within = |key: &Key| key.partition == partition && range.holds(&key.sort);
        Ok(self.overlay(stay, is_within, order, limit))
    }

    async fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError> {
        check_limit(limit)?;
        let mut stay = Vec::new();
        let mut from: Option<Key> = None;
        loop {
            let page = self.base.scan(from.as_ref(), MAX_PAGE).await?;
            from = page.items.last().map(|item| item.key.clone());
            stay.extend(page.items.into_iter().filter(|item| after.is_none_or(|k| item.key > *k)));
            if !page.more {
                break;
            }
        }
        let is_within = |key: &Key| after.is_none_or(|after| key > after);
        Ok(self.overlay(stay, is_within, Order::Ascending, limit))
    }

    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError> {
        check_batch(&batch)?;
        let _writing = self.writing.lock().await;
        for write in &batch {
            let here = match write.condition() {
                Condition::Any => continue,
                Condition::Absent | Condition::Version(_) => self.get(write.key()).await?,
            };
            let holds = match write.condition() {
                Condition::Any => true,
                Condition::Absent => here.is_none(),
                Condition::Version(version) => here.is_some_and(|item| item.version == version),
            };
            if !holds {
                return Err(TableError::Conflict { key: write.key().clone() });
            }
        }
        let mut written = self.written();
        for write in batch {
            match write {
                Write::Put { item, .. } => written.insert(item.key.clone(), Some(item)),
                Write::Delete { key, .. } => written.insert(key, None),
            };
        }
        Ok(())
    }
}
