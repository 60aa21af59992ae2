//! Detection of changes by other processes, and of scheduled stories that are due.

use gazette_table::{Item, Order, Range};
use jiff::Timestamp;

use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::feed::{Feed, FeedPosition};
use crate::records;
use crate::story::Teaser;

impl Newsroom {
    pub(super) async fn sync_with_log(&self) -> Result<(), DeskError> {
        let now = self.now();
        if self.audit.has_grown(now).await? {
            // The change of another process can be of any kind. The first sync finds only what
            // was there before this process read anything.
            if self.cache.has_synced() {
                self.cache.record_removal();
            } else {
                self.cache.bump_content_version();
            }
            self.cache.clear_sections();
        }
        let content_version = self.cache.content_version();
        let last_sync = self.cache.begin_sync(now);
        if self.cache.next_publication().is_none() {
            let next = self.next_publication(last_sync).await?;
            self.cache.store_next_publication(content_version, next.unwrap_or(Timestamp::MAX));
        }
        if self.cache.next_publication().is_some_and(|time| time <= now) {
            self.cache.bump_content_version();
            // The story may have another name for its section.
            self.cache.clear_sections();
        }
        // Only now: a sync after a failed one looks for publications since the one before it.
        self.cache.end_sync(now);
        Ok(())
    }

    /// Reads the time of the first story that is published after `since`.
    async fn next_publication(&self, since: Timestamp) -> Result<Option<Timestamp>, DeskError> {
        let range = Range { after: Some(FeedPosition::after_all_until(since)), before: None };
        let feed = records::feed_partition(&Feed::All);
        let page = self.table.query(&feed, &range, Order::Ascending, 1).await?;
        let teaser = page.items.first().map(Item::parse::<Teaser>).transpose()?;
        Ok(teaser.map(|teaser| teaser.published_at))
    }
}
