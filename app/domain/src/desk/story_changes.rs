//! The stories that changed since a position in the audit log, for copies of them outside the table.

use std::collections::{BTreeMap, BTreeSet};

use gazette_table::{Item, Order, Range, TableError};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::audit::{AuditRecord, ChainHead, hex};
use crate::desk::newsroom::Newsroom;
use crate::desk::operator_desk::OperatorDesk;
use crate::error::DeskError;
use crate::feed::{Cursor, Feed};
use crate::records;
use crate::story::{Story, StoryId, Teaser};

/// Days of the log in which processes may still write: today, and, while clocks differ, those
/// beside it.
const RECENT_DAYS: usize = 3;
/// Records after which it is cheaper to read all stories again.
const MAX_RECORDS: u64 = 20_000;

/// The part of the audit log that a copy of the stories contains.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPosition {
    /// Heads of the last days.
    days: BTreeMap<String, ChainHead>,
    /// Hash of the heads of all days before: an imported log adds records to those.
    earlier: String,
}

/// Stories that changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoryChanges {
    /// The stories, in any state; some may be erased.
    pub stories: BTreeSet<StoryId>,
    /// Position after these changes.
    pub position: LogPosition,
}

/// The days that a look at the log compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogScope {
    /// The last ones: one query.
    Recent,
    /// Every day, since an import may have brought records of any.
    All,
}

impl OperatorDesk {
    /// Returns the number that grows with every change of the news; see
    /// [`NewsDesk::content_version`](crate::NewsDesk::content_version).
    pub fn content_version(&self) -> u64 {
        self.newsroom.content_version()
    }

    /// Returns the position of the log now. A copy of all stories that is read after it contains
    /// what is before it.
    pub async fn log_position(&self) -> Result<LogPosition, DeskError> {
        // All stories are read from here on, so these have nothing to add.
        self.newsroom.unlogged.take();
        let mut position = LogPosition::default();
        for (day, head) in self.newsroom.all_heads().await? {
            position.add(day, head);
        }
        Ok(position)
    }

    /// Returns the stories that changed after a position; `None` if all must be read again.
    ///
    /// A caller that cannot take them over reports that by [`OperatorDesk::return_changes`].
    pub async fn story_changes(
        &self,
        since: &LogPosition,
        scope: LogScope,
    ) -> Result<Option<StoryChanges>, DeskError> {
        let newsroom = &self.newsroom;
        let Some(unlogged) = newsroom.unlogged.take() else { return Ok(None) };
        match newsroom.logged_changes(since, scope).await {
            Ok(Some(mut changes)) => {
                changes.stories.extend(unlogged);
                Ok(Some(changes))
            }
            Ok(None) => Ok(None),
            Err(error) => {
                newsroom.unlogged.add(unlogged);
                Err(error.into())
            }
        }
    }

    /// Makes the next call of [`OperatorDesk::story_changes`] return these stories again.
    pub fn return_changes(&self, changes: StoryChanges) {
        self.newsroom.unlogged.add(changes.stories);
    }

    /// Returns the stories among `ids` that are published or scheduled.
    pub async fn published_stories(&self, ids: &[StoryId]) -> Result<Vec<Story>, DeskError> {
        let mut stories = self.newsroom.stories(ids).await?;
        stories.retain(Story::is_published);
        Ok(stories)
    }

    /// Returns the next ids of all published and scheduled stories, latest first, and the position
    /// after them; `None` after the last.
    pub async fn published_ids(
        &self,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<(Vec<StoryId>, Option<Cursor>), DeskError> {
        let range =
            Range { after: None, before: after.map(|cursor| cursor.position().to_string()) };
        let feed = records::feed_partition(&Feed::All);
        let page = self.newsroom.table.query(&feed, &range, Order::Descending, limit).await?;
        let teasers: Vec<Teaser> =
            page.items.iter().map(Item::parse).collect::<Result<_, TableError>>()?;
        let next = teasers.last().filter(|_| page.more).map(Cursor::after);
        Ok((teasers.iter().map(|teaser| teaser.id).collect(), next))
    }
}

impl Newsroom {
    async fn logged_changes(
        &self,
        since: &LogPosition,
        scope: LogScope,
    ) -> Result<Option<StoryChanges>, TableError> {
        let mut position = since.clone();
        let heads = match scope {
            LogScope::Recent => {
                let heads = self.recent_heads().await?;
                let is_joined = since.days.keys().any(|day| heads.contains_key(day));
                // Days between the position and these heads would be missed.
                if heads.len() == RECENT_DAYS && !is_joined {
                    self.all_heads().await?
                } else {
                    heads
                }
            }
            LogScope::All => self.all_heads().await?,
        };
        if scope == LogScope::All && !since.agrees_on_earlier_days(&heads) {
            return Ok(None);
        }
        let first = since.days.keys().next().cloned().unwrap_or_default();
        let mut stories = BTreeSet::new();
        let mut left = MAX_RECORDS;
        for (day, head) in heads.into_iter().filter(|(day, _)| *day >= first) {
            let known = since.days.get(&day).cloned().unwrap_or_else(|| ChainHead::of_day(&day));
            let Some(new) = head.number.checked_sub(known.number).filter(|new| *new <= left) else {
                return Ok(None);
            };
            left -= new;
            if !self.add_stories(&day, &known, &head, &mut stories).await? {
                return Ok(None);
            }
            position.add(day, head);
        }
        Ok(Some(StoryChanges { stories, position }))
    }

    /// Adds the stories of the records between two heads of a day. Returns `false` if the later
    /// head does not follow the earlier one.
    async fn add_stories(
        &self,
        day: &str,
        known: &ChainHead,
        head: &ChainHead,
        stories: &mut BTreeSet<StoryId>,
    ) -> Result<bool, TableError> {
        if head.number == known.number {
            return Ok(head.hash == known.hash);
        }
        let partition = records::audit_partition(day);
        let mut after = known.number;
        while after < head.number {
            let range = Range { after: Some(records::audit_sort_key(after)), before: None };
            let table = &self.table;
            let page =
                table.query(&partition, &range, Order::Ascending, gazette_table::MAX_PAGE).await?;
            let before = after;
            for item in &page.items {
                let record: AuditRecord = item.parse()?;
                if record.number == known.number + 1 && record.previous != known.hash {
                    return Ok(false);
                }
                after = record.number;
                stories.extend(record.event.story);
            }
            if after == before {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn recent_heads(&self) -> Result<BTreeMap<String, ChainHead>, TableError> {
        let all = Range::all();
        let page = self.table.query(records::AUDIT, &all, Order::Descending, RECENT_DAYS).await?;
        page.items.into_iter().map(head_of).collect()
    }

    async fn all_heads(&self) -> Result<BTreeMap<String, ChainHead>, TableError> {
        let mut heads = BTreeMap::new();
        let mut range = Range::all();
        loop {
            let table = &self.table;
            let size = gazette_table::MAX_PAGE;
            let page = table.query(records::AUDIT, &range, Order::Ascending, size).await?;
            range.after = page.items.last().map(|item| item.key.sort.clone());
            for item in page.items {
                let (day, head) = head_of(item)?;
                heads.insert(day, head);
            }
            if !page.more {
                return Ok(heads);
            }
        }
    }
}

fn head_of(item: Item) -> Result<(String, ChainHead), TableError> {
    let head = item.parse()?;
    Ok((item.key.sort, head))
}

impl LogPosition {
    /// Records the head of a day, and forgets the oldest one if there are too many.
    fn add(&mut self, day: String, head: ChainHead) {
        self.days.insert(day, head);
        while self.days.len() > RECENT_DAYS {
            if let Some((day, head)) = self.days.pop_first() {
                self.earlier = with_day(&self.earlier, &day, &head);
            }
        }
    }

    /// Checks that the days before the known ones are as they were.
    fn agrees_on_earlier_days(&self, heads: &BTreeMap<String, ChainHead>) -> bool {
        let first = self.days.keys().next();
        let earlier = heads.iter().take_while(|(day, _)| first.is_some_and(|first| *day < first));
        let hash = earlier.fold(String::new(), |hash, (day, head)| with_day(&hash, day, head));
        hash == self.earlier
    }
}

fn with_day(hash: &str, day: &str, head: &ChainHead) -> String {
    hex(Sha256::digest(format!("{hash}\n{day}\n{}\n{}", head.number, head.hash)).as_slice())
}
