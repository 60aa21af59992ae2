//! A table whose writes stay in memory, for the dry run of an import.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use gazette_table::{
    Clock, Condition, Item, Key, MAX_PAGE, Order, Page, Range, Table, TableError, Write,
    check_batch, check_key, check_limit,
};

/// Reads another table and keeps all writes in memory, until it is dropped.
pub struct DryRunTable {
    base: Arc<dyn Table>,
    /// The written items; `None` for a deleted one.
    overlay: Mutex<BTreeMap<Key, Option<Item>>>,
    /// Held by a write from the check of its conditions to its end.
    writing: tokio::sync::Mutex<()>,
    clock: Clock,
}

impl DryRunTable {
    /// Wraps a table; items expire by `clock`.
    pub fn new(base: Arc<dyn Table>, clock: Clock) -> Self {
        Self { base, overlay: Mutex::default(), writing: tokio::sync::Mutex::default(), clock }
    }

    fn overlay(&self) -> MutexGuard<'_, BTreeMap<Key, Option<Item>>> {
        // A batch is applied after all of its checks, so the map is consistent even after a panic.
        self.overlay.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the written item of a key, or else the one of the base table.
    fn seen(&self, key: &Key, base: Option<Item>) -> Option<Item> {
        let now = (self.clock)();
        match self.overlay().get(key) {
            Some(item) => item.clone().filter(|item| !item.is_expired(now)),
            None => base,
        }
    }

    /// Applies the overlay to items of the base table and cuts a page of the result.
    fn merge(
        &self,
        base_items: Vec<Item>,
        is_within: impl Fn(&Key) -> bool,
        order: Order,
        limit: usize,
    ) -> Page {
        let now = (self.clock)();
        let mut items: BTreeMap<Key, Item> =
            base_items.into_iter().map(|item| (item.key.clone(), item)).collect();
        for (key, item) in self.overlay().iter().filter(|(key, _)| is_within(key)) {
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
        let base_items = self.whole_partition(partition, range).await?;
        let is_within = |key: &Key| key.partition == partition && range.contains(&key.sort);
        Ok(self.merge(base_items, is_within, order, limit))
    }

    async fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError> {
        check_limit(limit)?;
        let mut base_items = Vec::new();
        let mut from: Option<Key> = None;
        loop {
            let page = self.base.scan(from.as_ref(), MAX_PAGE).await?;
            from = page.items.last().map(|item| item.key.clone());
            base_items
                .extend(page.items.into_iter().filter(|item| after.is_none_or(|k| item.key > *k)));
            if !page.more {
                break;
            }
        }
        let is_within = |key: &Key| after.is_none_or(|after| key > after);
        Ok(self.merge(base_items, is_within, Order::Ascending, limit))
    }

    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError> {
        check_batch(&batch, self.max_batch())?;
        let _writing = self.writing.lock().await;
        for write in &batch {
            let holds = match write.condition() {
                Condition::Any => true,
                Condition::Absent => self.get(write.key()).await?.is_none(),
                Condition::Version(version) => {
                    self.get(write.key()).await?.is_some_and(|item| item.version == version)
                }
            };
            if !holds {
                return Err(TableError::Conflict { key: write.key().clone() });
            }
        }
        let mut overlay = self.overlay();
        for write in batch {
            match write {
                Write::Put { item, .. } => overlay.insert(item.key.clone(), Some(item)),
                Write::Delete { key, .. } => overlay.insert(key, None),
            };
        }
        Ok(())
    }
}
