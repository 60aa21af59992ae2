//! Deletion of selected stories: the move to the trash.

use std::collections::HashSet;

use gazette_table::TableError;

use crate::action::Action;
use crate::caller::Caller;
use crate::desk::deletion::{DeletionBatch, DeletionOrder};
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::removal::RemovalReason;
use crate::story::StoryId;

/// The stories to delete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Every published story.
    All,
    /// These stories, drafts included.
    Ids(Vec<StoryId>),
    /// One story, provided that it has this version.
    Version(StoryId, u64),
}

/// Tries of a deletion while other writers change the same story.
const MAX_ATTEMPTS: usize = 5;

impl NewsDesk {
    /// Moves stories to the trash and returns their number; stories that do not exist are not
    /// counted.
    ///
    /// Each story moves completely or not at all. After an error, some stories may be in the trash
    /// already: the same call deletes the rest. An interrupted deletion of all stories continues
    /// by itself, see
    /// [`OperatorDesk::resume_jobs`](crate::OperatorDesk::resume_jobs).
    pub async fn delete(&self, caller: &Caller, selection: &Selection) -> Result<usize, DeskError> {
        self.delete_because(caller, selection, None).await
    }

    /// Does the same with a reason, which the pages of the stories show.
    pub async fn delete_because(
        &self,
        caller: &Caller,
        selection: &Selection,
        reason: Option<&RemovalReason>,
    ) -> Result<usize, DeskError> {
        let actor = self.authorize(caller, Action::DeleteNews)?;
        let text = reason.map(RemovalReason::as_str);
        let order = DeletionOrder { actor: &actor, reason: text, job: None };
        match selection {
            Selection::Ids(ids) => self.newsroom.delete_stories(order, ids).await,
            Selection::Version(id, version) => {
                self.newsroom.delete_version(order, *id, *version).await
            }
            Selection::All => {
                self.begin_delete_all(caller, self.new_job_id(), reason).await?.run().await
            }
        }
    }
}

impl Newsroom {
    async fn delete_version(
        &self,
        order: DeletionOrder<'_>,
        id: StoryId,
        version: u64,
    ) -> Result<usize, DeskError> {
        let Some(deletion) = self.deletion(order, id).await? else { return Ok(0) };
        if deletion.version_before != version {
            return Err(DeskError::Stale);
        }
        match self.audit.commit(deletion.writes, vec![deletion.event]).await {
            Ok(()) => Ok(1),
            Err(TableError::Conflict { .. }) => Err(DeskError::Stale),
            Err(error) => Err(error.into()),
        }
    }

    async fn delete_stories(
        &self,
        order: DeletionOrder<'_>,
        ids: &[StoryId],
    ) -> Result<usize, DeskError> {
        let mut seen = HashSet::new();
        let ids: Vec<StoryId> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
        let (mut deleted, mut rest) = (0, ids.as_slice());
        while !rest.is_empty() {
            let mut batch = DeletionBatch::default();
            let mut taken = 0;
            for id in rest {
                let fits = match self.deletion(order, *id).await? {
                    Some(deletion) => batch.add(deletion),
                    None => true,
                };
                if !fits {
                    break;
                }
                taken += 1;
            }
            let (now, later) = rest.split_at(taken);
            deleted += self.delete_batch(order, now, batch).await?;
            rest = later;
        }
        Ok(deleted)
    }

    async fn delete_batch(
        &self,
        order: DeletionOrder<'_>,
        ids: &[StoryId],
        batch: DeletionBatch,
    ) -> Result<usize, DeskError> {
        let DeletionBatch { writes, events } = batch;
        let count = events.len();
        if count == 0 {
            return Ok(0);
        }
        match self.audit.commit(writes, events).await {
            Ok(()) => Ok(count),
            // One of the stories changed since it was read: delete each in a batch of its own.
            Err(TableError::Conflict { .. }) => {
                let mut deleted = 0;
                for id in ids {
                    deleted += usize::from(self.delete_story(order, *id).await?);
                }
                Ok(deleted)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn delete_story(&self, order: DeletionOrder<'_>, id: StoryId) -> Result<bool, DeskError> {
        let mut outcome = Ok(());
        for _ in 0..MAX_ATTEMPTS {
            let Some(deletion) = self.deletion(order, id).await? else { return Ok(false) };
            outcome = self.audit.commit(deletion.writes, vec![deletion.event]).await;
            match outcome {
                Ok(()) => return Ok(true),
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        outcome.map(|()| true).map_err(DeskError::from)
    }
}
