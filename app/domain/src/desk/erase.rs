//! Permanent deletion of stories from the trash, in steps that a crash can interrupt safely.

use std::collections::BTreeSet;

use gazette_table::{Condition, Item, Key, MAX_BATCH, Order, Range, TableError, Write};
use jiff::Timestamp;

use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::desk::deletion::Deletion;
use crate::desk::group::{Change, Group};
use crate::desk::newsroom::Newsroom;
use crate::entries::TrashEntry;
use crate::error::DeskError;
use crate::feed::FeedPosition;
use crate::records::{self, Pointer};
use crate::slug::Slug;
use crate::story::{Story, Trashed};
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

    /// Erases the story of an entry. Returns `false` when it was restored in the meantime or when
    /// an earlier call counted it already.
    async fn erase_story(&self, actor: &Actor, entry: &Item) -> Result<bool, DeskError> {
        let Some((story, trashed)) = self.listed_in_trash(entry).await? else {
            self.table.write(vec![Write::delete(entry.key.clone())]).await?;
            return Ok(false);
        };
        let is_new = !trashed.erasing;
        let marked = if is_new {
            let (deletion, marked) = self.marking(actor, &story, &trashed)?;
            match self.audit.commit(deletion.writes, vec![deletion.event]).await {
                Ok(()) => marked,
                // It changed since it was read.
                Err(TableError::Conflict { .. }) => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        } else {
            story
        };
        self.erase_marked(&[marked]).await?;
        Ok(is_new)
    }

    /// Reads the story of an entry, and its deletion; `None` if it is no longer in the trash, or was
    /// deleted again.
    pub(super) async fn listed_in_trash(
        &self,
        entry: &Item,
    ) -> Result<Option<(Story, Trashed)>, DeskError> {
        let TrashEntry { teaser, trashed, .. } = entry.parse()?;
        let story = self.story(teaser.id).await?;
        let story = story.filter(|story| story.trashed.as_ref() == Some(&trashed));
        Ok(story.map(|story| (story, trashed)))
    }

    /// Prepares the mark of a story that is about to be erased, and returns the marked story.
    /// It is written before anything is removed: a story without its revisions must not be restored.
    pub(super) fn marking(
        &self,
        actor: &Actor,
        story: &Story,
        trashed: &Trashed,
    ) -> Result<(Deletion, Story), TableError> {
        let event = AuditEvent {
            version_before: Some(story.version),
            version_after: None,
            ..AuditEvent::of(self.now(), actor, AuditAction::Erased, story)
        };
        let version = story.version + 1;
        let trashed = Some(Trashed { erasing: true, ..trashed.clone() });
        let marked = Story { version, trashed, ..story.clone() };
        let writes = story_writes::change(Some(story), &marked)?;
        Ok((Deletion { version_before: story.version, writes, event }, marked))
    }

    /// Removes stories that are marked. Each story itself is removed last, so that an interrupted
    /// call is found and finished; one that another process removed first is no error.
    pub(super) async fn erase_marked(&self, stories: &[Story]) -> Result<(), DeskError> {
        let mut group = Group::with_max_writes(MAX_BATCH);
        for story in stories {
            let Some(trashed) = &story.trashed else { continue };
            self.erase_revisions(story, trashed).await?;
            let writes = story_writes::erase(story, trashed)?;
            let change = Change { subject: (), writes, event: None, text_bytes: 0 };
            if !group.has_room(&change) {
                group.take().commit(self).await?;
            }
            group.push(change);
        }
        if !group.is_empty() {
            group.commit(self).await?;
        }
        Ok(())
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
