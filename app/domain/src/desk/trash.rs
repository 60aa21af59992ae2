//! The trash: its list, restoring stories, and emptying it.

use std::collections::HashSet;

use gazette_table::{Item, MAX_BATCH, Order, Range, TableError};
use jiff::Timestamp;

use crate::action::Action;
use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::caller::Caller;
use crate::desk::group::{Change, Group};
use crate::desk::job::JobKind;
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::entries::TrashEntry;
use crate::error::DeskError;
use crate::feed::{Cursor, FeedPosition, Limit};
use crate::records;
use crate::story::{JobId, Story, StoryId, TRASH_SECONDS};
use crate::story_writes;

/// A page of the trash, latest deletion first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrashPage {
    /// At most as many stories as the limit.
    pub entries: Vec<TrashEntry>,
    /// Position of the next page; `None` on the last page.
    pub next: Option<Cursor>,
}

impl NewsDesk {
    /// Lists the first page of the trash, latest deletion first.
    pub async fn trash(&self, caller: &Caller, limit: Limit) -> Result<Vec<TrashEntry>, DeskError> {
        Ok(self.trash_page(caller, limit, None).await?.entries)
    }

    /// Lists a page of the trash.
    pub async fn trash_page(
        &self,
        caller: &Caller,
        limit: Limit,
        cursor: Option<&Cursor>,
    ) -> Result<TrashPage, DeskError> {
        self.policy.authorize(caller, Action::RestoreNews)?;
        let before = cursor.map(|cursor| cursor.position().to_string());
        let range = Range { after: Some(self.newsroom.oldest_kept()), before };
        let table = &self.newsroom.table;
        let page = table.query(records::TRASH, &range, Order::Descending, limit.get()).await?;
        let mut entries: Vec<TrashEntry> =
            page.items.iter().map(Item::parse).collect::<Result<_, _>>()?;
        let last = entries.last().filter(|_| page.more);
        let next = last.map(|last| FeedPosition::at(last.trashed.at, last.teaser.id));
        entries.retain(|entry| !entry.trashed.erasing);
        Ok(TrashPage { entries, next: next.map(Cursor::at) })
    }

    /// Returns those of the stories that are in the trash and can be restored, in the same order
    /// and each once.
    pub async fn trash_entries(
        &self,
        caller: &Caller,
        ids: &[StoryId],
    ) -> Result<Vec<TrashEntry>, DeskError> {
        self.policy.authorize(caller, Action::RestoreNews)?;
        let mut seen = HashSet::new();
        let ids: Vec<StoryId> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
        let stories = self.newsroom.stories(&ids).await?;
        let restorable = stories.iter().filter(|story| self.newsroom.is_restorable(story));
        Ok(restorable.filter_map(TrashEntry::of).collect())
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
        newsroom.stop_job(JobKind::DeleteAll, job).await?;
        let mut restored = 0;
        let mut after = Some(newsroom.oldest_kept());
        loop {
            let range = Range { after, before: None };
            let table = &newsroom.table;
            let page = table.query(records::TRASH, &range, Order::Ascending, 100).await?;
            let mut group = Group::with_max_writes(MAX_BATCH);
            for item in &page.items {
                let entry: TrashEntry = item.parse()?;
                if entry.trashed.job != Some(job) {
                    continue;
                }
                let id = entry.teaser.id;
                let Some(change) = newsroom.restoration(&actor, id).await? else { continue };
                if !group.has_room(&change) {
                    restored += newsroom.restore_group(group.take()).await?;
                }
                group.push(change);
            }
            restored += newsroom.restore_group(group).await?;
            match page.items.last() {
                Some(last) if page.more => after = Some(last.key.sort.clone()),
                _ => return Ok(restored),
            }
        }
    }
}

impl Newsroom {
    /// Checks whether a story is in the trash and can still be restored.
    pub(super) fn is_restorable(&self, story: &Story) -> bool {
        let now = self.now().as_second();
        story
            .trashed
            .as_ref()
            .is_some_and(|trashed| !trashed.erasing && trashed.at.as_second() + TRASH_SECONDS > now)
    }

    /// Returns the position in the trash after all stories that can no longer be restored.
    pub(super) fn oldest_kept(&self) -> String {
        let until = self.now().as_second() - TRASH_SECONDS;
        FeedPosition::after_all_until(Timestamp::from_second(until).unwrap_or(Timestamp::MIN))
    }

    async fn restore_story(&self, actor: &Actor, id: StoryId) -> Result<bool, DeskError> {
        let Some(change) = self.restoration(actor, id).await? else { return Ok(false) };
        match self.audit.commit(change.writes, change.event.into_iter().collect()).await {
            Ok(()) => Ok(true),
            // Another request restored or erased it in the meantime.
            Err(TableError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn restore_group(&self, group: Group<StoryId>) -> Result<usize, DeskError> {
        if group.is_empty() {
            return Ok(0);
        }
        let outcomes = group.commit(self).await?;
        Ok(outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).count())
    }

    /// Prepares the restoration of a story; `None` if it is not in the trash.
    async fn restoration(
        &self,
        actor: &Actor,
        id: StoryId,
    ) -> Result<Option<Change<StoryId>>, DeskError> {
        let deleted = self.story(id).await?.filter(|story| self.is_restorable(story));
        let Some(deleted) = deleted else { return Ok(None) };
        let version = self.next_version(&deleted).await?;
        let mut story = Story { version, trashed: None, ..deleted.clone() };
        // A label may have been renamed since.
        let mut writes = self.register_labels(&mut story).await?;
        writes.extend(story_writes::change(Some(&deleted), &story)?);
        let event = AuditEvent::of(self.now(), actor, AuditAction::Restored, &story);
        let event = Some(event.replacing(deleted.version));
        Ok(Some(Change { subject: id, writes, event, text_bytes: story.body.len() }))
    }
}
