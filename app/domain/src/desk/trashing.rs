//! What lies in the trash: looking, bringing back, and erasing for good.

use gazette_table::{Item, Order, Range, TableError, Write};
use jiff::Timestamp;

use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::caller::Caller;
use crate::desk::NewsDesk;
use crate::error::DeskError;
use crate::feed::{Limit, Place};
use crate::policy::Action;
use crate::records;
use crate::story::{JobId, Story, StoryId, TrashEntry, Trashed};

/// How many earlier versions are read, and erased, in one batch.
const REVISIONS_AT_ONCE: usize = 20;

impl NewsDesk {
    /// Lists what lies in the trash, the latest deletion first, at most `limit` of it.
    pub async fn trash(&self, caller: &Caller, limit: Limit) -> Result<Vec<TrashEntry>, DeskError> {
        self.policy.authorize(caller, Action::RestoreNews)?;
        let kept_since = Some(self.kept_since());
        let range = Range { after: kept_since, before: None };
        let page =
            self.ports.table.query(records::TRASH, &range, Order::Descending, limit.get()).await?;
        let mut entries: Vec<TrashEntry> =
            page.items.iter().map(Item::parse).collect::<Result<_, _>>()?;
        entries.retain(|entry| !entry.trashed.erasing);
        Ok(entries)
    }

    /// Brings stories back from the trash, as they were, and says how many; the rest are not
    /// counted. Each comes back whole or not at all.
    pub async fn restore(&self, caller: &Caller, ids: &[StoryId]) -> Result<usize, DeskError> {
        let actor = self.authorize(caller, Action::RestoreNews)?;
        let mut restored = 0;
        for id in ids {
            restored += usize::from(self.restore_one(&actor, *id).await?);
        }
        Ok(restored)
    }

    /// Brings back every story of one deletion of everything that still lies in the trash, and
    /// says how many. The same call again goes on where this one was interrupted.
    pub async fn restore_job(&self, caller: &Caller, job: JobId) -> Result<usize, DeskError> {
        let actor = self.authorize(caller, Action::RestoreNews)?;
        self.stop_job(job).await?;
        let mut restored = 0;
        let mut after = Some(self.kept_since());
        loop {
            let range = Range { after, before: None };
            let table = &self.ports.table;
            let page = table.query(records::TRASH, &range, Order::Ascending, 100).await?;
            for item in &page.items {
                let entry: TrashEntry = item.parse()?;
                if entry.trashed.job == Some(job) {
                    restored += usize::from(self.restore_one(&actor, entry.teaser.id).await?);
                }
            }
            match page.items.last() {
                Some(last) if page.more => after = Some(last.key.sort.clone()),
                _ => return Ok(restored),
            }
        }
    }

    /// Erases what lies in the trash, all of it, for good, and says how many stories it was.
    pub async fn empty_trash(&self, caller: &Caller) -> Result<usize, DeskError> {
        let actor = self.authorize(caller, Action::EraseNews)?;
        self.erase_until(&actor, self.now()).await
    }

    /// Erases what has lain in the trash for 30 days, and says how many stories it was.
    ///
    /// For the process itself, from time to time.
    pub async fn erase_outdated(&self) -> Result<usize, DeskError> {
        let actor = self.authorize(&Caller::Operator, Action::EraseNews)?;
        let until = self.now().as_second() - records::TRASH_SECONDS;
        let until = Timestamp::from_second(until).unwrap_or(Timestamp::MIN);
        self.erase_until(&actor, until).await
    }

    /// Whether what was deleted then can still be brought back.
    fn is_kept(&self, deleted_at: Timestamp) -> bool {
        deleted_at.as_second() + records::TRASH_SECONDS > self.now().as_second()
    }

    /// The place in the trash after everything whose time is over.
    fn kept_since(&self) -> String {
        let until = self.now().as_second() - records::TRASH_SECONDS;
        Place::after_all_until(Timestamp::from_second(until).unwrap_or(Timestamp::MIN))
    }

    async fn restore_one(&self, actor: &Actor, id: StoryId) -> Result<bool, DeskError> {
        let Some(deleted) = self.stored_story(id).await? else { return Ok(false) };
        let is_kept = |trashed: &Trashed| !trashed.erasing && self.is_kept(trashed.at);
        if !deleted.trashed.as_ref().is_some_and(is_kept) {
            return Ok(false);
        }
        let version = deleted.version + 1;
        let story = Story { version, trashed: None, ..deleted.clone() };
        let writes = records::change(Some(&deleted), &story)?;
        let event = AuditEvent::of(self.now(), actor, AuditAction::Restored, &story);
        match self.log.commit(writes, vec![event]).await {
            Ok(()) => Ok(true),
            // Somebody else brought it back meanwhile.
            Err(TableError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn erase_until(&self, actor: &Actor, until: Timestamp) -> Result<usize, DeskError> {
        let range = Range { after: None, before: Some(Place::after_all_until(until)) };
        let mut erased = 0;
        let mut after = None;
        loop {
            let range = Range { after, ..range.clone() };
            let table = &self.ports.table;
            let page = table.query(records::TRASH, &range, Order::Ascending, 100).await?;
            for item in &page.items {
                erased += usize::from(self.erase_one(actor, item).await?);
            }
            match page.items.last() {
                Some(last) if page.more => after = Some(last.key.sort.clone()),
                _ => return Ok(erased),
            }
        }
    }

    async fn erase_one(&self, actor: &Actor, entry: &Item) -> Result<bool, DeskError> {
        let TrashEntry { teaser, trashed } = entry.parse()?;
        let story = self.stored_story(teaser.id).await?;
        let Some(story) = story.filter(|story| story.trashed.as_ref() == Some(&trashed)) else {
            self.ports.table.write(vec![Write::delete(entry.key.clone())]).await?;
            return Ok(false);
        };
        // From here on it cannot come back, so that it never does without its earlier versions.
        let is_new = !trashed.erasing;
        let story = if is_new {
            // Otherwise it was brought back meanwhile.
            let Some(story) = self.begin_to_erase(actor, story, &trashed).await? else {
                return Ok(false);
            };
            story
        } else {
            story
        };
        // The story itself goes last: what is cut short is found and finished next time.
        self.erase_revisions(&story).await?;
        match self.ports.table.write(records::erase(&story, &trashed)).await {
            Ok(()) | Err(TableError::Conflict { .. }) => Ok(is_new),
            Err(error) => Err(error.into()),
        }
    }

    async fn begin_to_erase(
        &self,
        actor: &Actor,
        story: Story,
        trashed: &Trashed,
    ) -> Result<Option<Story>, DeskError> {
        let event = AuditEvent {
            version_before: Some(story.version),
            version_after: None,
            ..AuditEvent::of(self.now(), actor, AuditAction::Erased, &story)
        };
        let version = story.version + 1;
        let trashed = Some(Trashed { erasing: true, ..trashed.clone() });
        let erased = Story { version, trashed, ..story.clone() };
        match self.log.commit(records::change(Some(&story), &erased)?, vec![event]).await {
            Ok(()) => Ok(Some(erased)),
            Err(TableError::Conflict { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn erase_revisions(&self, story: &Story) -> Result<(), DeskError> {
        let partition = records::story_key(story.teaser.id).partition;
        let range = Range { after: Some(records::REVISION.to_owned()), before: None };
        let table = &self.ports.table;
        loop {
            let page = table.query(&partition, &range, Order::Ascending, REVISIONS_AT_ONCE).await?;
            if page.items.is_empty() {
                return Ok(());
            }
            let keys = page.items.into_iter().map(|item| item.key);
            table.write(keys.map(Write::delete).collect()).await?;
        }
    }
}
