//! Detection of changes by other processes, and of stories whose time comes or ends.

use gazette_table::{Order, Range};
use jiff::Timestamp;

use crate::desk::cache::NewsChange;
use crate::desk::newsroom::Newsroom;
use crate::desk::transitions::{Transition, transition};
use crate::error::DeskError;
use crate::feed::FeedPosition;
use crate::records::ALL_STORIES;
use crate::story_times::{ENDINGS, PINS};

/// The transitions of each kind that a sync reads.
const MAX_READ: usize = 16;

impl Newsroom {
    pub(super) async fn sync_with_log(&self) -> Result<(), DeskError> {
        let now = self.now();
        self.cache.pass_transitions(now);
        if self.audit.has_grown(now).await? {
            // The change of another process can be of any kind. The first sync finds only what
            // was there before this process read anything.
            let may_remove = self.cache.has_synced();
            self.cache.record(NewsChange { may_remove, may_change_sections: true });
        }
        let content_version = self.cache.content_version();
        let last_sync = self.cache.begin_sync(now);
        if !self.cache.knows_transitions() {
            let transitions = self.next_transitions(last_sync).await?;
            self.cache.store_transitions(content_version, transitions);
        }
        self.cache.pass_transitions(now);
        // Only now: a sync after a failed one looks for transitions since the one before it.
        self.cache.end_sync(now);
        Ok(())
    }

    /// Reads the next transitions of each kind after `since`.
    async fn next_transitions(&self, since: Timestamp) -> Result<Vec<Transition>, DeskError> {
        let range = Range { after: Some(FeedPosition::after_all_until(since)), before: None };
        let mut transitions = Vec::new();
        for partition in [ALL_STORIES, ENDINGS, PINS] {
            let page = self.table.query(partition, &range, Order::Ascending, MAX_READ).await?;
            transitions.extend(page.items.iter().filter_map(|item| transition(&item.key)));
        }
        Ok(transitions)
    }

    /// Reads the time of the last ending until `now` whose story is not a draft yet.
    pub(super) async fn last_ending(&self, now: Timestamp) -> Result<Option<Timestamp>, DeskError> {
        let range = Range { after: None, before: Some(FeedPosition::after_all_until(now)) };
        let page = self.table.query(ENDINGS, &range, Order::Descending, 1).await?;
        Ok(page.items.first().and_then(|item| transition(&item.key)).map(|ending| ending.at))
    }
}
