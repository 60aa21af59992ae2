//! A table that is watched: what was read of sessions is counted, and all of it can be seen.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use gazette_table::{Item, Key, Order, Page, Range, Table, TableError, Write};

/// A table seen through a glass.
pub(crate) struct Watched {
    table: Arc<dyn Table>,
    session_reads: AtomicUsize,
    sessions_away: AtomicBool,
    news_away: AtomicBool,
    full: AtomicBool,
    busy: AtomicBool,
    calls: AtomicUsize,
}

impl Watched {
    pub(crate) fn new(table: Arc<dyn Table>) -> Self {
        Self {
            table,
            session_reads: AtomicUsize::new(0),
            sessions_away: AtomicBool::new(false),
            news_away: AtomicBool::new(false),
            full: AtomicBool::new(false),
            busy: AtomicBool::new(false),
            calls: AtomicUsize::new(0),
        }
    }

    /// How many reads of sessions there were since this was asked last.
    pub(crate) fn session_reads(&self) -> usize {
        self.session_reads.swap(0, Ordering::SeqCst)
    }

    /// Whether nothing of sessions can be read or written.
    pub(crate) fn set_sessions_away(&self, away: bool) {
        self.sessions_away.store(away, Ordering::SeqCst);
    }

    /// Whether nothing of the news can be read or written.
    pub(crate) fn set_news_away(&self, away: bool) {
        self.news_away.store(away, Ordering::SeqCst);
    }

    /// Whether nothing can be written, and all can be read.
    pub(crate) fn set_full(&self, full: bool) {
        self.full.store(full, Ordering::SeqCst);
    }

    /// Whether each call lets others go first, now more of them and now fewer, so that those
    /// who race meet between any two calls.
    pub(crate) fn set_busy(&self, busy: bool) {
        self.busy.store(busy, Ordering::SeqCst);
    }

    async fn give_way(&self) {
        if self.busy.load(Ordering::Relaxed) {
            for _ in 0..self.calls.fetch_add(1, Ordering::Relaxed) % 7 {
                tokio::task::yield_now().await;
            }
        }
    }

    /// All that lies in the table, as one text.
    pub(crate) async fn everything(&self) -> String {
        let mut text = String::new();
        let mut after: Option<Key> = None;
        loop {
            let page = self.table.scan(after.as_ref(), 500).await.expect("readable");
            after = page.items.last().map(|item| item.key.clone());
            text.extend(page.items.iter().map(|item| format!("{item:?}\n")));
            if !page.more {
                return text;
            }
        }
    }

    /// Everything in the table but the records of sessions, which note when they were used.
    pub(crate) async fn dump(&self) -> BTreeMap<Key, (u64, String)> {
        let mut items = BTreeMap::new();
        let mut after: Option<Key> = None;
        loop {
            let page = self.table.scan(after.as_ref(), 500).await.expect("readable");
            after = page.items.last().map(|item| item.key.clone());
            for item in page.items {
                if !item.key.partition.starts_with("session#") {
                    items.insert(item.key, (item.version, item.body.to_string()));
                }
            }
            if !page.more {
                return items;
            }
        }
    }

    fn look(&self, partition: &str, counts: bool) -> Result<(), TableError> {
        let away = || Err(TableError::Unavailable { reason: "taken away".to_owned() });
        if !partition.starts_with("session") {
            let others = ["pool#", "login#", "kept#", "people"];
            let news = !others.iter().any(|other| partition.starts_with(other));
            return if news && self.news_away.load(Ordering::SeqCst) { away() } else { Ok(()) };
        }
        if counts {
            self.session_reads.fetch_add(1, Ordering::SeqCst);
        }
        if self.sessions_away.load(Ordering::SeqCst) {
            return away();
        }
        Ok(())
    }
}

#[async_trait]
impl Table for Watched {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        self.look(&key.partition, true)?;
        self.give_way().await;
        self.table.get(key).await
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        for key in keys {
            self.look(&key.partition, true)?;
        }
        self.table.get_many(keys).await
    }

    async fn query(
        &self,
        partition: &str,
        range: &Range,
        order: Order,
        limit: usize,
    ) -> Result<Page, TableError> {
        self.look(partition, true)?;
        self.table.query(partition, range, order, limit).await
    }

    async fn write(&self, batch: Vec<Write>) -> Result<(), TableError> {
        if self.full.load(Ordering::SeqCst) {
            return Err(TableError::Unavailable { reason: "the disk is full".to_owned() });
        }
        for write in &batch {
            self.look(&write.key().partition, false)?;
        }
        self.give_way().await;
        self.table.write(batch).await
    }

    async fn scan(&self, after: Option<&Key>, limit: usize) -> Result<Page, TableError> {
        self.table.scan(after, limit).await
    }

    async fn purge(&self) -> Result<usize, TableError> {
        self.table.purge().await
    }
}
