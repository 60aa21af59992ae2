//! Building the index, and bringing it up to date with the audit log.

use std::collections::{BTreeMap, BTreeSet};

use gazette_table::{Item, Key, MAX_KEYS, MAX_PAGE, Order, Range, TableError};
use jiff::Timestamp;

use crate::audit::{AuditRecord, ChainHead};
use crate::desk::list_index::entry::Read;
use crate::desk::list_index::{ListIndex, MAX_STORIES, Stories};
use crate::desk::newsroom::Newsroom;
use crate::feed::Feed;
use crate::records;
use crate::story::{Status, StoryId};

/// Days of the log in which other processes may still write: today, and, while clocks differ,
/// those beside it.
const DAYS: usize = 3;
/// Records of other processes after which it is cheaper to build the index again.
const MAX_RECORDS: u64 = 1_000;
/// Seconds after which the index is built again: a file of stories that another process imports
/// brings no records.
const MAX_AGE_SECONDS: i64 = 60 * 60;

impl Newsroom {
    /// Brings the index up to date; builds it if there is none.
    pub(in crate::desk) async fn update_index(&self) -> Result<(), TableError> {
        if self.index.is_usable(self.now()) && self.follow_log().await? {
            return Ok(());
        }
        let _building = self.index.building.lock().await;
        // Another request may have built it in the meantime.
        if self.index.is_usable(self.now()) && self.follow_log().await? {
            return Ok(());
        }
        self.build_index().await
    }

    /// Reads the stories that records of other processes name. Returns `false` if these are too many,
    /// or are not known any more.
    async fn follow_log(&self) -> Result<bool, TableError> {
        let heads = self.log_heads().await?;
        let Some(missing) = self.index.missing(&heads) else { return Ok(false) };
        let mut ids = BTreeSet::new();
        for (day, after) in missing {
            let range = Range { after: Some(records::audit_sort_key(after)), before: None };
            let partition = records::audit_partition(&day);
            let page = self.table.query(&partition, &range, Order::Ascending, MAX_PAGE).await?;
            for item in &page.items {
                ids.extend(item.parse::<AuditRecord>()?.event.story);
            }
        }
        let ids: Vec<StoryId> = ids.into_iter().collect();
        for ids in ids.chunks(MAX_KEYS) {
            let keys: Vec<Key> = ids.iter().map(|id| records::story_key(*id)).collect();
            let items = self.table.get_many(&keys).await?;
            let read = items.iter().map(|item| item.as_ref().map(Read::story).transpose());
            let read = read.collect::<Result<Vec<_>, _>>()?;
            self.index.change_current(|stories| {
                for (id, read) in ids.iter().zip(read) {
                    match read {
                        Some(read) => stories.put(read),
                        None => stories.remove(*id),
                    }
                }
            });
        }
        // Last, so that a failed call reads them again.
        self.index.change_current(|stories| stories.advance(&heads));
        Ok(true)
    }

    /// Reads the numbers of the last records of the last days.
    async fn log_heads(&self) -> Result<BTreeMap<String, u64>, TableError> {
        let page = self.table.query(records::AUDIT, &Range::all(), Order::Descending, DAYS).await?;
        let head = |item: Item| Ok((item.key.sort.clone(), item.parse::<ChainHead>()?.number));
        page.items.into_iter().map(head).collect()
    }

    async fn build_index(&self) -> Result<(), TableError> {
        // The heads first: what is written from here on is read again.
        let log = self.log_heads().await?;
        let built_at = self.now();
        self.index.write().next = Some(Stories { log, built_at, ..Stories::default() });
        let feed = records::feed_partition(&Feed::All);
        self.index_list(&feed, |item| Read::entry(item, Status::Published)).await?;
        self.index_list(records::DRAFTS, |item| Read::entry(item, Status::Draft)).await?;
        self.index_list(records::TRASH, Read::trash).await?;
        let mut slots = self.index.write();
        slots.current = slots.next.take();
        Ok(())
    }

    /// Adds the entries of a list, latest first.
    async fn index_list(
        &self,
        partition: &str,
        read: impl Fn(&Item) -> Result<Read, TableError>,
    ) -> Result<(), TableError> {
        let mut range = Range::all();
        loop {
            let page = self.table.query(partition, &range, Order::Descending, MAX_PAGE).await?;
            let entries = page.items.iter().map(&read).collect::<Result<Vec<_>, _>>()?;
            let is_full = self.index.change_next(|stories| {
                for entry in entries {
                    stories.put(entry);
                }
                stories.is_partial |= stories.entries.len() >= MAX_STORIES && page.more;
                stories.is_partial
            });
            match page.items.last() {
                Some(last) if page.more && !is_full => range.before = Some(last.key.sort.clone()),
                _ => return Ok(()),
            }
        }
    }
}

impl ListIndex {
    fn is_usable(&self, now: Timestamp) -> bool {
        let age = |stories: &Stories| now.as_second() - stories.built_at.as_second();
        self.read().current.as_ref().is_some_and(|stories| age(stories) < MAX_AGE_SECONDS)
    }

    fn change_current(&self, change: impl FnOnce(&mut Stories)) {
        let mut slots = self.write();
        slots.current.as_mut().map(change);
    }

    fn change_next(&self, change: impl FnOnce(&mut Stories) -> bool) -> bool {
        let mut slots = self.write();
        slots.next.as_mut().is_none_or(change)
    }

    /// Returns for each day with unknown records the number of the last known one; `None` if the
    /// index must be built again.
    fn missing(&self, heads: &BTreeMap<String, u64>) -> Option<Vec<(String, u64)>> {
        let slots = self.read();
        let log = &slots.current.as_ref()?.log;
        let latest = log.keys().next_back();
        // Days between the latest known one and the heads would be missed.
        if heads.len() == DAYS && !latest.is_some_and(|latest| heads.contains_key(latest)) {
            return None;
        }
        let known = |day: &String| log.get(day).copied().unwrap_or_default();
        let grown = heads.iter().filter(|(day, number)| **number > known(day));
        let missing: Vec<_> = grown.map(|(day, _)| (day.clone(), known(day))).collect();
        let count: u64 = heads.iter().map(|(day, number)| number.saturating_sub(known(day))).sum();
        (count <= MAX_RECORDS).then_some(missing)
    }
}

impl Stories {
    /// Records that the entries contain the log up to these heads.
    fn advance(&mut self, heads: &BTreeMap<String, u64>) {
        for (day, number) in heads {
            let known = self.log.entry(day.clone()).or_default();
            *known = (*known).max(*number);
        }
        while self.log.len() > DAYS {
            self.log.pop_first();
        }
    }
}
