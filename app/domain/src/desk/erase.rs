//! Permanent deletion of stories from the trash, in steps that a crash can interrupt safely.

use std::collections::BTreeSet;

use gazette_table::{Condition, Item, Key, Order, Range, TableError, Write};
use jiff::Timestamp;

use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::feed::FeedPosition;
use crate::records::{self, Pointer};
use crate::slug::Slug;
use crate::story::{Story, StoryId, TrashEntry, Trashed};
use crate::story_writes;

/// The number of earlier versions that one batch erases.
const REVISIONS_PER_BATCH: usize = 20;

impl Newsroom {
    /// Erases the stories that were deleted until a time and returns their number.
    pub(super) async fn erase_until(
        &self,
        actor: &Actor,
        until: Timestamp,
    ) -> Result<usize, DeskError> {
        let range = Range { after: None, before: Some(FeedPosition::after_all_until(until)) };
        let mut erased = 0;
        let mut after = None;
        loop {
            let range = Range { after, ..range.clone() };
            let page = self.table.query(records::TRASH, &range, Order::Ascending, 100).await?;
            for item in &page.items {
                erased += usize::from(self.erase_story(actor, item).await?);
            }
            match page.items.last() {
                Some(last) if page.more => after = Some(last.key.sort.clone()),
                _ => return Ok(erased),
            }
        }
    }

    /// Erases those of the stories that are in the trash and returns their number.
    pub(super) async fn erase_stories(
        &self,
        actor: &Actor,
        ids: &[StoryId],
    ) -> Result<usize, DeskError> {
        let mut erased = 0;
        for id in ids {
            let Some(story) = self.story(*id).await? else { continue };
            let Some(trashed) = story.trashed.clone() else { continue };
            erased += usize::from(self.erase_trashed(actor, story, &trashed).await?);
        }
        Ok(erased)
    }

    /// Erases the story of an entry. Returns `false` when it was restored in the meantime or when
    /// an earlier call counted it already.
    async fn erase_story(&self, actor: &Actor, entry: &Item) -> Result<bool, DeskError> {
        let TrashEntry { teaser, trashed, .. } = entry.parse()?;
        let story = self.story(teaser.id).await?;
        let Some(story) = story.filter(|story| story.trashed.as_ref() == Some(&trashed)) else {
            self.table.write(vec![Write::delete(entry.key.clone())]).await?;
            return Ok(false);
        };
        self.erase_trashed(actor, story, &trashed).await
    }

    async fn erase_trashed(
        &self,
        actor: &Actor,
        story: Story,
        trashed: &Trashed,
    ) -> Result<bool, DeskError> {
        // Marked before anything is removed: a story without its revisions must not be restored.
        let is_new = !trashed.erasing;
        let story = if is_new {
            let Some(story) = self.mark_erasing(actor, story, trashed).await? else {
                return Ok(false);
            };
            story
        } else {
            story
        };
        // The story itself is removed last, so that an interrupted call is found and finished.
        self.erase_revisions(&story, trashed).await?;
        match self.table.write(story_writes::erase(&story, trashed)?).await {
            Ok(()) | Err(TableError::Conflict { .. }) => Ok(is_new),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the marked story; `None` when it changed since it was read.
    async fn mark_erasing(
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
        let marked = Story { version, trashed, ..story.clone() };
        match self.audit.commit(story_writes::change(Some(&story), &marked)?, vec![event]).await {
            Ok(()) => Ok(Some(marked)),
            Err(TableError::Conflict { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn erase_revisions(&self, story: &Story, trashed: &Trashed) -> Result<(), DeskError> {
        let partition = records::story_key(story.teaser.id).partition;
        // The working copy and its snapshots come after the earlier versions.
        let range = Range { after: Some(records::REVISION.to_owned()), before: None };
        loop {
            let page =
                self.table.query(&partition, &range, Order::Ascending, REVISIONS_PER_BATCH).await?;
            if page.items.is_empty() {
                return Ok(());
            }
            let mut batch = self.slug_writes(story, trashed, &page.items).await?;
            // Another process may have erased them, and a new story may have one of the slugs.
            batch.extend(page.items.into_iter().map(|item| Write::Delete {
                key: item.key,
                condition: Condition::Version(item.version),
            }));
            match self.table.write(batch).await {
                Ok(()) | Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Returns the writes of the slugs of earlier versions: those that readers never saw are
    /// removed (all of them, unless the story was public), the others keep the removal. The slug
    /// of the story itself is not among them.
    async fn slug_writes(
        &self,
        story: &Story,
        trashed: &Trashed,
        revisions: &[Item],
    ) -> Result<Vec<Write>, DeskError> {
        // A revision that cannot be read is erased all the same.
        let revisions = revisions.iter().filter_map(|item| item.parse::<Story>().ok());
        let mut slugs: BTreeSet<Slug> = revisions.map(|revision| revision.teaser.slug).collect();
        slugs.remove(&story.teaser.slug);
        if slugs.is_empty() {
            return Ok(Vec::new());
        }
        let was_public = story.was_public_until(trashed.at);
        let id = story.teaser.id;
        let keys: Vec<Key> = slugs.iter().map(records::slug_key).collect();
        let mut writes = Vec::new();
        for (slug, item) in slugs.iter().zip(self.table.get_many(&keys).await?) {
            let Some(item) = item else { continue };
            match item.parse::<Pointer>() {
                Ok(pointer) if pointer.story != id => {}
                Ok(pointer) if pointer.hidden || !was_public => {
                    writes.push(Write::delete(item.key));
                }
                Ok(_) => writes.push(story_writes::put_removal(slug, id, trashed)?),
                Err(_) => {}
            }
        }
        Ok(writes)
    }
}
