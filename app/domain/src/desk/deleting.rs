//! Moving stories to the trash.

use std::collections::HashSet;

use gazette_table::{TableError, Write};
use jiff::Timestamp;

use crate::audit::{Actor, AuditAction, AuditEvent};
use crate::caller::Caller;
use crate::desk::NewsDesk;
use crate::error::DeskError;
use crate::policy::Action;
use crate::records;
use crate::story::{JobId, Story, StoryId, Trashed};

/// Which stories to delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Every published story.
    All,
    /// These, drafts among them.
    Ids(Vec<StoryId>),
    /// This one, if it is still of this version.
    Version(StoryId, u64),
}

/// How often a change is tried again when somebody else changed the same story meanwhile.
const ATTEMPTS: usize = 5;

/// How many stories go in one batch: with ten tags each they make not more than 100 writes, and
/// however long they are, not more than DynamoDB's 4 MB.
pub(super) const STORIES_PER_BATCH: usize = 5;

impl NewsDesk {
    /// Moves stories to the trash and says how many; those that are not there are not counted.
    ///
    /// Each story moves whole or not at all. A failure in between leaves the stories before it in
    /// the trash: the same call goes on with the others. The deletion of everything goes on by
    /// itself, see [`NewsDesk::resume_jobs`].
    pub async fn delete(&self, caller: &Caller, selection: &Selection) -> Result<usize, DeskError> {
        let actor = self.authorize(caller, Action::DeleteNews)?;
        match selection {
            Selection::Ids(ids) => self.delete_each(&actor, ids).await,
            Selection::Version(id, version) => self.delete_version(&actor, *id, *version).await,
            Selection::All => self.delete_all(actor).await,
        }
    }

    async fn delete_version(
        &self,
        actor: &Actor,
        id: StoryId,
        version: u64,
    ) -> Result<usize, DeskError> {
        let Some(deletion) = self.deletion(actor, id, None).await? else { return Ok(0) };
        if deletion.before != version {
            return Err(DeskError::Stale);
        }
        match self.log.commit(deletion.writes, vec![deletion.event]).await {
            Ok(()) => Ok(1),
            Err(TableError::Conflict { .. }) => Err(DeskError::Stale),
            Err(error) => Err(error.into()),
        }
    }

    async fn delete_each(&self, actor: &Actor, ids: &[StoryId]) -> Result<usize, DeskError> {
        let mut seen = HashSet::new();
        let ids: Vec<StoryId> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
        let mut deleted = 0;
        for chunk in ids.chunks(STORIES_PER_BATCH) {
            deleted += self.delete_chunk(actor, chunk).await?;
        }
        Ok(deleted)
    }

    async fn delete_chunk(&self, actor: &Actor, ids: &[StoryId]) -> Result<usize, DeskError> {
        let (mut writes, mut events) = (Vec::new(), Vec::new());
        for id in ids {
            if let Some(deletion) = self.deletion(actor, *id, None).await? {
                writes.extend(deletion.writes);
                events.push(deletion.event);
            }
        }
        let count = events.len();
        if count == 0 {
            return Ok(0);
        }
        match self.log.commit(writes, events).await {
            Ok(()) => Ok(count),
            // Somebody changed one of them meanwhile: each on its own, read afresh.
            Err(TableError::Conflict { .. }) => {
                let mut deleted = 0;
                for id in ids {
                    deleted += usize::from(self.delete_one(actor, *id).await?);
                }
                Ok(deleted)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn delete_one(&self, actor: &Actor, id: StoryId) -> Result<bool, DeskError> {
        let mut outcome = Ok(());
        for _ in 0..ATTEMPTS {
            let Some(deletion) = self.deletion(actor, id, None).await? else { return Ok(false) };
            outcome = self.log.commit(deletion.writes, vec![deletion.event]).await;
            match outcome {
                Ok(()) => return Ok(true),
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        outcome.map(|()| true).map_err(DeskError::from)
    }

    /// What moves a story to the trash, or `None` when it is not there.
    pub(super) async fn deletion(
        &self,
        actor: &Actor,
        id: StoryId,
        job: Option<JobId>,
    ) -> Result<Option<Deletion>, DeskError> {
        let Some(story) = self.stored_story(id).await? else { return Ok(None) };
        if story.trashed.is_some() {
            return Ok(None);
        }
        Ok(Some(Deletion::of(&story, actor, job, self.now())?))
    }
}

/// What moves one story to the trash.
pub(super) struct Deletion {
    /// The version that is replaced.
    pub(super) before: u64,
    pub(super) writes: Vec<Write>,
    pub(super) event: AuditEvent,
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
        after.trashed = Some(Trashed { at: now, by: actor.name.clone(), job, erasing: false });
        let writes = records::change(Some(before), &after)?;
        let event = AuditEvent::of(now, actor, AuditAction::Trashed, &after);
        Ok(Self { before: before.version, writes, event })
    }
}
