//! Noticing what is changed elsewhere, and what becomes news with time.

use gazette_table::{Item, Order, Range};
use jiff::Timestamp;

use crate::desk::NewsDesk;
use crate::error::DeskError;
use crate::feed::{Feed, Place};
use crate::records;
use crate::story::Teaser;

impl NewsDesk {
    /// Counts the changes of the news that this process knows of. What was made of the news at a
    /// content_version holds as long as the content_version stays.
    pub fn content_version(&self) -> u64 {
        self.memory.content_version()
    }

    /// Looks whether other processes on the same table changed the news, and whether a scheduled
    /// story has become news; the content_version tells.
    ///
    /// Costs one read of one item, and a query when the content_version is new.
    pub async fn sync_with_log(&self) -> Result<(), DeskError> {
        let now = self.now();
        if self.log.has_grown(now).await? {
            self.memory.forget();
            self.memory.forget_sections();
        }
        let content_version = self.memory.content_version();
        let looked = self.memory.look(now);
        if self.memory.due().is_none() {
            let due = self.next_due(looked).await?;
            self.memory.keep_due(content_version, due.unwrap_or(Timestamp::MAX));
        }
        if self.memory.due().is_some_and(|due| due <= now) {
            self.memory.forget();
        }
        Ok(())
    }

    /// When the first story scheduled for after `since` becomes news, or became.
    async fn next_due(&self, since: Timestamp) -> Result<Option<Timestamp>, DeskError> {
        let ahead = Range { after: Some(Place::after_all_until(since)), before: None };
        let feed = records::feed_partition(&Feed::All);
        let page = self.ports.table.query(&feed, &ahead, Order::Ascending, 1).await?;
        let teaser = page.items.first().map(Item::parse::<Teaser>).transpose()?;
        Ok(teaser.map(|teaser| teaser.published_at))
    }
}
