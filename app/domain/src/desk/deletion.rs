//! The step of one story towards its end, ready to be committed: the move to the trash, or the mark
//! before it is erased.

use gazette_table::{MAX_BATCH, TableError, Write};
use jiff::Timestamp;

use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::story::{JobId, Story, StoryId, Trashed};
use crate::story_writes;

/// The number of stories that one batch deletes or erases at most: at the maximum length they need less than
/// DynamoDB's 4 MB.
pub(super) const STORIES_PER_BATCH: usize = 5;

/// The person who deletes stories, and the reason.
#[derive(Clone, Copy)]
pub(super) struct DeletionOrder<'a> {
    pub(super) actor: &'a Actor,
    /// Reason that readers see.
    pub(super) reason: Option<&'a str>,
    /// The deletion of all stories that it is part of.
    pub(super) job: Option<JobId>,
}

/// The writes and the audit event that move one story to the trash, or mark it before it is erased.
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
        order: DeletionOrder<'_>,
        id: StoryId,
    ) -> Result<Option<Deletion>, DeskError> {
        let Some(story) = self.story(id).await? else { return Ok(None) };
        if story.trashed.is_some() {
            return Ok(None);
        }
        Ok(Some(Deletion::of(&story, order, self.now())?))
    }
}

/// Deletions that one batch writes.
#[derive(Default)]
pub(super) struct DeletionBatch {
    pub(super) writes: Vec<Write>,
    pub(super) events: Vec<AuditEvent>,
}

impl DeletionBatch {
    /// Adds a deletion. Returns `false`, without adding it, if the batch has no room for it: the
    /// deletions, their audit records, the head of the audit log and a job fit into it.
    pub(super) fn add(&mut self, deletion: Deletion) -> bool {
        let writes = self.writes.len() + deletion.writes.len() + self.events.len() + 3;
        if writes > MAX_BATCH || self.events.len() == STORIES_PER_BATCH {
            return false;
        }
        self.writes.extend(deletion.writes);
        self.events.push(deletion.event);
        true
    }
}

impl Deletion {
    fn of(before: &Story, order: DeletionOrder<'_>, now: Timestamp) -> Result<Self, TableError> {
        let mut after = before.clone();
        after.version += 1;
        let DeletionOrder { actor, reason, job } = order;
        let by = actor.name.clone();
        let reason = reason.map(str::to_owned);
        let event_reason = reason.clone();
        after.trashed = Some(Trashed { at: now, by, job, import: None, reason, erasing: false });
        let writes = story_writes::change(Some(before), &after)?;
        let event = AuditEvent {
            removal_reason: event_reason,
            ..AuditEvent::of(now, actor, AuditAction::Trashed, &after)
        };
        Ok(Self { version_before: before.version, writes, event })
    }
}
