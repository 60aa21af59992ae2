//! Detection of changes by other processes, and of stories whose time comes or ends.

use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;

impl Newsroom {
    pub(super) async fn sync_with_log(&self) -> Result<(), DeskError> {
        let now = self.now();
        self.cache.pass_transitions(now);
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
        if !self.cache.knows_transitions() {
            let transitions = self.next_transitions(last_sync).await?;
            self.cache.store_transitions(content_version, transitions);
        }
        self.cache.pass_transitions(now);
        // Only now: a sync after a failed one looks for transitions since the one before it.
        self.cache.end_sync(now);
        Ok(())
    }
}
