//! The trash: its list, restoring stories, and emptying it.

use gazette_table::{Item, Order, Range, TableError};
use jiff::Timestamp;

use crate::action::Action;
use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::caller::Caller;
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::feed::{FeedPosition, Limit};
use crate::records;
use crate::story::{JobId, Story, StoryId, TrashEntry, Trashed};
use crate::story_writes;

impl NewsDesk {
    /// Lists the trash, latest deletion first.
    pub async fn trash(&self, caller: &Caller, limit: Limit) -> Result<Vec<TrashEntry>, DeskError> {
        self.policy.authorize(caller, Action::RestoreNews)?;
        let range = Range { after: Some(self.newsroom.oldest_kept()), before: None };
        let table = &self.newsroom.table;
        let page = table.query(records::TRASH, &range, Order::Descending, limit.get()).await?;
        let mut entries: Vec<TrashEntry> =
            page.items.iter().map(Item::parse).collect::<Result<_, _>>()?;
        entries.retain(|entry| !entry.trashed.erasing);
        Ok(entries)
    }

    /// Restores stories from the trash and returns their number; stories that are not in the
    /// trash are not counted. Each story is restored completely or not at all.
    pub async fn restore(&self, caller: &Caller, ids: &[StoryId]) -> Result<usize, DeskError> {
        let actor = self.authorize(caller, Action::RestoreNews)?;
        let mut restored = 0;
        for id in ids {
            restored += usize::from(self.newsroom.restore_story(&actor, *id).await?);
        }
        Ok(restored)
    }

    /// Restores the stories that one deletion of all stories moved to the trash, and returns their
    /// number. After an error, the same call restores the rest.
    pub async fn restore_job(&self, caller: &Caller, job: JobId) -> Result<usize, DeskError> {
        let actor = self.authorize(caller, Action::RestoreNews)?;
        let newsroom = &self.newsroom;
        newsroom.stop_job(job).await?;
        let mut restored = 0;
        let mut after = Some(newsroom.oldest_kept());
        loop {
            let range = Range { after, before: None };
            let table = &newsroom.table;
            let page = table.query(records::TRASH, &range, Order::Ascending, 100).await?;
            for item in &page.items {
                let entry: TrashEntry = item.parse()?;
                if entry.trashed.job == Some(job) {
                    let id = entry.teaser.id;
                    restored += usize::from(newsroom.restore_story(&actor, id).await?);
                }
            }
            match page.items.last() {
                Some(last) if page.more => after = Some(last.key.sort.clone()),
                _ => return Ok(restored),
            }
        }
    }

    /// Permanently erases everything in the trash and returns the number of stories.
    pub async fn empty_trash(&self, caller: &Caller) -> Result<usize, DeskError> {
        let actor = self.authorize(caller, Action::EraseNews)?;
        self.newsroom.erase_until(&actor, self.newsroom.now()).await
    }
}

impl Newsroom {
    /// Checks whether a story that was deleted at this time can still be restored.
    fn is_kept(&self, deleted_at: Timestamp) -> bool {
        deleted_at.as_second() + records::TRASH_SECONDS > self.now().as_second()
    }

    /// Returns the position in the trash after all stories that can no longer be restored.
    fn oldest_kept(&self) -> String {
        let until = self.now().as_second() - records::TRASH_SECONDS;
        FeedPosition::after_all_until(Timestamp::from_second(until).unwrap_or(Timestamp::MIN))
    }

    async fn restore_story(&self, actor: &Actor, id: StoryId) -> Result<bool, DeskError> {
        let Some(deleted) = self.story(id).await? else { return Ok(false) };
        let is_kept = |trashed: &Trashed| !trashed.erasing && self.is_kept(trashed.at);
        if !deleted.trashed.as_ref().is_some_and(is_kept) {
            return Ok(false);
        }
        let version = deleted.version + 1;
        let mut story = Story { version, trashed: None, ..deleted.clone() };
        // A label may have been renamed since.
        let mut writes = self.register_labels(&mut story).await?;
        writes.extend(story_writes::change(Some(&deleted), &story)?);
        let event = AuditEvent::of(self.now(), actor, AuditAction::Restored, &story);
        match self.audit.commit(writes, vec![event]).await {
            Ok(()) => Ok(true),
            // Another request restored or erased it in the meantime.
            Err(TableError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
