//! Noticing what is changed elsewhere, and what becomes news with time.

use gazette_table::{Item, Order, Range};
use jiff::Timestamp;

use crate::article::Card;
use crate::desk::NewsDesk;
use crate::error::DeskError;
use crate::feed::{Feed, Place};
use crate::records;

impl NewsDesk {
    /// Counts the changes of the news that this process knows of. What was made of the news at a
    /// revision holds as long as the revision stays.
    pub fn revision(&self) -> u64 {
        self.memory.revision()
    }

    /// Looks whether other processes on the same table changed the news, and whether a scheduled
    /// story has become news; the revision tells.
    ///
    /// Costs one read of one item, and a query when the revision is new.
    pub async fn catch_up(&self) -> Result<(), DeskError> {
        let now = self.now();
        if self.log.has_grown(now).await? {
            self.memory.forget();
            self.memory.forget_sections();
        }
        let revision = self.memory.revision();
        let looked = self.memory.look(now);
        if self.memory.due().is_none() {
            let due = self.next_due(looked).await?;
            self.memory.keep_due(revision, due.unwrap_or(Timestamp::MAX));
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
        let card = page.items.first().map(Item::parse::<Card>).transpose()?;
        Ok(card.map(|card| card.published_at))
    }
}
