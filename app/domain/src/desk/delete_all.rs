//! The deletion of all stories: a job that can be undone as a whole.

use std::collections::HashSet;

use gazette_table::{Order, Range};

use crate::action::Action;
use crate::caller::Caller;
use crate::desk::deletion::{DeletionBatch, DeletionOrder, STORIES_PER_BATCH};
use crate::desk::job::{BegunJob, Job, JobKind, JobProgress, StoredJob};
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::feed::{Feed, FeedPosition};
use crate::records;
use crate::removal::RemovalReason;
use crate::story::{JobId, Teaser};

impl NewsDesk {
    /// Begins the deletion of all published stories, which [`BegunJob::run`] carries out.
    /// With the same id again, nothing is begun.
    pub async fn begin_delete_all(
        &self,
        caller: &Caller,
        id: JobId,
        reason: Option<&RemovalReason>,
    ) -> Result<BegunJob, DeskError> {
        let by = self.authorize(caller, Action::DeleteNews)?;
        let sections = self.newsroom.published_by_section().await?;
        let job = Job {
            id,
            by,
            at: self.newsroom.now(),
            reason: reason.map(|reason| reason.as_str().to_owned()),
            ids: None,
            total: sections.iter().map(|section| section.stories).sum(),
            finished: 0,
            cursor: None,
            done: false,
        };
        self.begin_job(JobKind::DeleteAll, job).await
    }

    /// Returns the progress of a deletion of all stories, whichever process runs it.
    ///
    /// # Errors
    /// [`DeskError::Missing`] for an unknown job, and for one that ended a month ago.
    pub async fn deletion_progress(
        &self,
        caller: &Caller,
        id: JobId,
    ) -> Result<JobProgress, DeskError> {
        self.policy.authorize(caller, Action::DeleteNews)?;
        self.newsroom.job_progress(JobKind::DeleteAll, id).await
    }
}

impl Newsroom {
    /// Moves the next stories of the feed to the trash and updates the job in the same batch. The
    /// job is done when the feed has no more stories. Stories that are restored in the meantime are
    /// before its cursor, and stay.
    pub(super) async fn delete_next(&self, stored: &mut StoredJob) -> Result<(), DeskError> {
        let mut job = stored.job.clone();
        let start = || FeedPosition::after_all_until(job.at);
        let range = Range { after: None, before: Some(job.cursor.clone().unwrap_or_else(start)) };
        let feed = records::feed_partition(&Feed::All);
        let page = self.table.query(&feed, &range, Order::Descending, STORIES_PER_BATCH).await?;
        let mut batch = DeletionBatch::default();
        let order = DeletionOrder {
            actor: &stored.job.by,
            reason: stored.job.reason.as_deref(),
            job: Some(job.id),
        };
        let mut seen = HashSet::new();
        for item in &page.items {
            let teaser: Teaser = item.parse()?;
            if seen.insert(teaser.id)
                && teaser.is_due(job.at)
                && let Some(deletion) = self.deletion(order, teaser.id).await?
                && !batch.add(deletion)
            {
                break;
            }
            job.cursor = Some(item.key.sort.clone());
        }
        let DeletionBatch { mut writes, events } = batch;
        job.finished += events.len();
        job.done = page.items.is_empty();
        writes.push(stored.replace_by(&job)?);
        self.audit.commit(writes, events).await?;
        stored.advance(job);
        Ok(())
    }
}
