//! The table of a test's site: it counts reads of sessions, fails on demand and shows its content.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use gazette_table::{Call, FaultyTable, Item, Key, Table, TableError};

/// A table with faults that a test switches on and off.
pub(crate) struct TestTable {
    table: Arc<FaultyTable>,
    state: Arc<State>,
}

/// The faults that are on, and the reads counted so far.
#[derive(Default)]
struct State {
    session_reads: AtomicUsize,
    sessions_away: AtomicBool,
    news_away: AtomicBool,
    full: AtomicBool,
}

impl TestTable {
    pub(crate) fn new(table: Arc<dyn Table>) -> Self {
        let table = Arc::new(FaultyTable::new(table));
        let state = Arc::new(State::default());
        let hook = Arc::clone(&state);
        table.set_hook(move |call| hook.check(call));
        Self { table, state }
    }

    /// Returns the table that the site uses.
    pub(crate) fn as_table(&self) -> Arc<dyn Table> {
        Arc::clone(&self.table) as Arc<dyn Table>
    }

    /// Returns the number of reads of sessions since the last call.
    pub(crate) fn session_reads(&self) -> usize {
        self.state.session_reads.swap(0, Ordering::SeqCst)
    }

    /// Makes reads and writes of sessions fail.
    pub(crate) fn set_sessions_away(&self, away: bool) {
        self.state.sessions_away.store(away, Ordering::SeqCst);
    }

    /// Makes reads and writes of news fail.
    pub(crate) fn set_news_away(&self, away: bool) {
        self.state.news_away.store(away, Ordering::SeqCst);
    }

    /// Makes all writes fail.
    pub(crate) fn set_full(&self, full: bool) {
        self.state.full.store(full, Ordering::SeqCst);
    }

    /// Yields before each call, so that concurrent requests interleave between any two calls.
    pub(crate) fn set_busy(&self, busy: bool) {
        self.table.set_max_yields(if busy { 7 } else { 0 });
    }

    /// Returns all items, as one text.
    pub(crate) async fn everything(&self) -> String {
        format!("{:?}", self.items().await)
    }

    /// Returns all items but the records of sessions, which change with every use.
    pub(crate) async fn dump(&self) -> BTreeMap<Key, (u64, String)> {
        let items = self.items().await.into_iter();
        items
            .filter(|item| !item.key.partition.starts_with("session#"))
            .map(|item| (item.key, (item.version, item.body.to_string())))
            .collect()
    }

    /// Reads all items.
    pub(crate) async fn items(&self) -> Vec<Item> {
        let mut items = Vec::new();
        let mut after: Option<Key> = None;
        loop {
            let page = self.table.inner().scan(after.as_ref(), 500).await.expect("readable");
            after = page.items.last().map(|item| item.key.clone());
            items.extend(page.items);
            if !page.more {
                return items;
            }
        }
    }
}

/// Lets tests read and write the table directly, under its faults.
impl Deref for TestTable {
    type Target = FaultyTable;

    fn deref(&self) -> &FaultyTable {
        &self.table
    }
}

impl State {
    fn check(&self, call: &Call) -> Result<(), TableError> {
        if call.is_write && self.full.load(Ordering::SeqCst) {
            return unavailable("the disk is full");
        }
        call.partitions.iter().try_for_each(|partition| self.check_partition(partition, call))
    }

    fn check_partition(&self, partition: &str, call: &Call) -> Result<(), TableError> {
        if partition.starts_with("session") {
            if !call.is_write {
                self.session_reads.fetch_add(1, Ordering::SeqCst);
            }
            if self.sessions_away.load(Ordering::SeqCst) {
                return unavailable("sessions are unavailable");
            }
            return Ok(());
        }
        let is_news = !["pool#", "login#", "kept#", "people"]
            .iter()
            .any(|other| partition.starts_with(other));
        if is_news && self.news_away.load(Ordering::SeqCst) {
            return unavailable("news is unavailable");
        }
        Ok(())
    }
}

fn unavailable(reason: &str) -> Result<(), TableError> {
    Err(TableError::Unavailable { reason: reason.to_owned() })
}
