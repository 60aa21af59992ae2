//! The move of one story to the trash, ready to be committed.

use gazette_table::{TableError, Write};
use jiff::Timestamp;

use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::records;
use crate::story::{JobId, Story, StoryId, Trashed};

/// The number of stories that one batch deletes. With ten tags each they need at most 100 writes
/// and, at the maximum length, at most DynamoDB's 4 MB.
pub(super) const STORIES_PER_BATCH: usize = 5;

/// The writes and the audit event that move one story to the trash.
pub(super) struct Deletion {
    /// The version that is replaced.
    pub(super) version_before: u64,
    pub(super) writes: Vec<Write>,
    pub(super) event: AuditEvent,
}

impl Newsroom {
    /// Prepares the deletion of a story; `None` when it does not exist or is already deleted.
    pub(super) async fn deletion(
        &self,
        actor: &Actor,
        id: StoryId,
        job: Option<JobId>,
    ) -> Result<Option<Deletion>, DeskError> {
        let Some(story) = self.story(id).await? else { return Ok(None) };
        if story.trashed.is_some() {
            return Ok(None);
        }
        Ok(Some(Deletion::of(&story, actor, job, self.now())?))
    }
}

impl Deletion {
    fn of(
        before: &Story,
        actor: &Actor,
        job: Option<JobId>,
        now: Timestamp,
    ) -> Result<Self, TableError> {
        let mut after = before.clone();
        after.version += 1;
        let by = actor.name.clone();
        after.trashed = Some(Trashed { at: now, by, job, import: None, erasing: false });
        let writes = records::change(Some(before), &after)?;
        let event = AuditEvent::of(now, actor, AuditAction::Trashed, &after);
        Ok(Self { version_before: before.version, writes, event })
    }
}
