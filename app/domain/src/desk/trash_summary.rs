//! The number of stories in the trash, and the deletions of all stories that can be undone as one.

use std::sync::Arc;

use gazette_table::{MAX_PAGE, Order, Range};
use serde::Deserialize;

use crate::action::Action;
use crate::caller::Caller;
use crate::desk::counts::TrashSummary;
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::records;
use crate::story::Trashed;

/// The part of an entry that is counted.
#[derive(Deserialize)]
struct Counted {
    trashed: Trashed,
}

impl NewsDesk {
    /// Counts the stories in the trash.
    ///
    /// Reads the whole list when the news have changed.
    pub async fn trash_summary(&self, caller: &Caller) -> Result<Arc<TrashSummary>, DeskError> {
        self.policy.authorize(caller, Action::RestoreNews)?;
        self.newsroom.trash_summary().await
    }
}

impl Newsroom {
    pub(super) async fn trash_summary(&self) -> Result<Arc<TrashSummary>, DeskError> {
        if let Some(summary) = self.cache.trash_summary(self.now()) {
            return Ok(summary);
        }
        let content_version = self.cache.content_version();
        let mut deletions = Vec::new();
        let mut range = Range { after: Some(self.oldest_kept()), before: None };
        loop {
            let page = self.table.query(records::TRASH, &range, Order::Ascending, MAX_PAGE).await?;
            for item in &page.items {
                let Counted { trashed } = item.parse()?;
                if !trashed.erasing {
                    deletions.push(trashed);
                }
            }
            match page.items.last() {
                Some(last) if page.more => range.after = Some(last.key.sort.clone()),
                _ => break,
            }
        }
        let summary = Arc::new(TrashSummary::of(deletions));
        self.cache.store_trash_summary(content_version, &summary);
        Ok(summary)
    }
}
