//! The deletion of all stories: a job in the table that records its progress, so that it continues
//! after a crash, counts each story once and can be undone as a whole.

use std::collections::HashSet;
use std::sync::Arc;

use gazette_table::{Item, Order, Range, TableError, Write};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::audit::Actor;
use crate::caller::Caller;
use crate::desk::deletion::{DeletionBatch, DeletionOrder, STORIES_PER_BATCH};
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::feed::{Feed, FeedPosition};
use crate::records;
use crate::removal::RemovalReason;
use crate::story::{JobId, TRASH_SECONDS, Teaser};

/// Seconds for which a finished job is kept: longer than its stories stay in the trash.
const RETENTION_SECONDS: i64 = TRASH_SECONDS + 24 * 60 * 60;
/// Seconds after which an interrupted job is abandoned: by then its caller has seen that it
/// failed, and may have published again.
const MAX_AGE_SECONDS: i64 = 24 * 60 * 60;
/// Tries of a batch while other writers change its stories.
const MAX_ATTEMPTS: usize = 20;
/// An upper bound of the jobs in the table.
const MAX_JOBS: usize = 1_000;

/// A deletion of all stories.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Job {
    id: JobId,
    /// The caller who started it.
    by: Actor,
    /// The start; stories published later are kept.
    at: Timestamp,
    /// Reason that readers see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The number of stories at the start. Older stored jobs lack it.
    #[serde(default)]
    total: usize,
    /// The number of stories moved so far.
    deleted: usize,
    /// The position in the feed of the last story moved; stories restored above it are kept.
    // Older processes and stored jobs use this name.
    #[serde(rename = "reached")]
    cursor: Option<String>,
    done: bool,
}

/// A job with its version in the table.
struct StoredJob {
    job: Job,
    version: u64,
}

/// A deletion of all stories that was begun. It goes on if nothing runs it, see
/// [`OperatorDesk::resume_deletions`](crate::OperatorDesk::resume_deletions).
pub struct BegunDeletion {
    id: JobId,
    newsroom: Arc<Newsroom>,
    /// `None` if the job was begun before.
    stored: Option<StoredJob>,
}

impl BegunDeletion {
    /// Returns the id of the job.
    pub fn id(&self) -> JobId {
        self.id
    }

    /// Runs the job to its end and returns the number of stories that it moved; 0 if the same job
    /// was begun before.
    pub async fn run(self) -> Result<usize, DeskError> {
        match self.stored {
            Some(stored) => self.newsroom.run_job(stored).await,
            None => Ok(0),
        }
    }
}

/// The progress of a deletion of all stories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletionProgress {
    /// Id of the job.
    pub id: JobId,
    /// Display name of the caller who began it.
    pub by: String,
    /// Its beginning.
    pub at: Timestamp,
    /// Reason that readers see.
    pub reason: Option<String>,
    /// The number of published stories at the beginning.
    pub total: usize,
    /// The number of stories moved to the trash so far.
    pub moved: usize,
    /// `true` once it has ended.
    pub is_done: bool,
}

impl NewsDesk {
    /// Returns an id for [`Self::begin_delete_all`].
    pub fn new_job_id(&self) -> JobId {
        JobId::new(self.newsroom.new_id())
    }

    /// Begins the deletion of all published stories, which [`BegunDeletion::run`] carries out.
    /// With the same id again, nothing is begun.
    pub async fn begin_delete_all(
        &self,
        caller: &Caller,
        id: JobId,
        reason: Option<&RemovalReason>,
    ) -> Result<BegunDeletion, DeskError> {
        let by = self.authorize(caller, Action::DeleteNews)?;
        let newsroom = Arc::clone(&self.newsroom);
        let job = Job {
            id,
            by,
            at: newsroom.now(),
            reason: reason.map(|reason| reason.as_str().to_owned()),
            total: newsroom.published_by_section().await?.iter().map(|it| it.stories).sum(),
            deleted: 0,
            cursor: None,
            done: false,
        };
        let item = Item::new(records::job_key(id), &job)?;
        let stored = match newsroom.table.write(vec![Write::create(item)]).await {
            Ok(()) => Some(StoredJob { job, version: 1 }),
            Err(TableError::Conflict { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(BegunDeletion { id, newsroom, stored })
    }

    /// Returns the progress of a deletion of all stories, whichever process runs it.
    ///
    /// # Errors
    /// [`DeskError::Missing`] for an unknown job, and for one that ended a month ago.
    pub async fn deletion_progress(
        &self,
        caller: &Caller,
        id: JobId,
    ) -> Result<DeletionProgress, DeskError> {
        self.policy.authorize(caller, Action::DeleteNews)?;
        let Job { id, by, at, reason, total, deleted, done, .. } =
            self.newsroom.stored_job(id).await?.job;
        let total = total.max(deleted);
        Ok(DeletionProgress { id, by: by.name, at, reason, total, moved: deleted, is_done: done })
    }
}

impl Newsroom {
    /// Runs interrupted jobs to their end, unless this process runs one already.
    pub(super) async fn resume_deletions(&self) -> Result<usize, DeskError> {
        if self.cache.is_job_running() {
            return Ok(0);
        }
        let all = Range::all();
        let jobs = self.table.query(records::JOBS, &all, Order::Ascending, MAX_JOBS).await?;
        let mut deleted = 0;
        for item in &jobs.items {
            let stored = StoredJob { job: item.parse()?, version: item.version };
            if stored.job.done {
                continue;
            }
            if stored.job.at.as_second() + MAX_AGE_SECONDS < self.now().as_second() {
                self.end_job(stored).await?;
            } else {
                deleted += self.run_job(stored).await?;
            }
        }
        Ok(deleted)
    }

    /// Ends a job early, so that it does not delete restored stories again.
    pub(super) async fn stop_job(&self, id: JobId) -> Result<(), DeskError> {
        match self.stored_job(id).await {
            Ok(stored) if !stored.job.done => self.end_job(stored).await,
            Ok(_) | Err(DeskError::Missing) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn end_job(&self, mut stored: StoredJob) -> Result<(), DeskError> {
        for _ in 0..MAX_ATTEMPTS {
            let job = Job { done: true, ..stored.job.clone() };
            match self.table.write(vec![job_write(&job, stored.version)?]).await {
                Err(TableError::Conflict { .. }) => stored = self.stored_job(stored.job.id).await?,
                outcome => return Ok(outcome?),
            }
        }
        Err(DeskError::Stale)
    }

    async fn run_job(&self, mut stored: StoredJob) -> Result<usize, DeskError> {
        let _running = self.cache.start_job();
        let mut failed = 0;
        while !stored.job.done {
            match self.run_batch(&mut stored).await {
                Ok(()) => failed = 0,
                // A story or the job itself changed since it was read.
                Err(DeskError::Table(TableError::Conflict { .. })) if failed < MAX_ATTEMPTS => {
                    failed += 1;
                    stored = self.stored_job(stored.job.id).await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(stored.job.deleted)
    }

    /// Moves the next stories of the feed to the trash and updates the job in the same batch. The
    /// job is done when the feed has no more stories.
    async fn run_batch(&self, stored: &mut StoredJob) -> Result<(), DeskError> {
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
        job.deleted += events.len();
        job.done = page.items.is_empty();
        writes.push(job_write(&job, stored.version)?);
        self.audit.commit(writes, events).await?;
        *stored = StoredJob { job, version: stored.version + 1 };
        Ok(())
    }

    async fn stored_job(&self, id: JobId) -> Result<StoredJob, DeskError> {
        let item = self.table.get(&records::job_key(id)).await?;
        let item = item.ok_or(DeskError::Missing)?;
        Ok(StoredJob { job: item.parse()?, version: item.version })
    }
}

fn job_write(job: &Job, version: u64) -> Result<Write, TableError> {
    let item = Item::new(records::job_key(job.id), job)?.version(version + 1);
    let expires_at = job.at.as_second() + RETENTION_SECONDS;
    let item = if job.done { item.expires_at(expires_at) } else { item };
    Ok(Write::replace(item, version))
}
