//! Jobs: changes of very many stories, whose progress is recorded in the table, so that they continue
//! after a crash and count each story once.

use std::sync::Arc;

use gazette_table::{Item, Key, Order, Range, TableError, Write};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::audit::Actor;
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::records;
use crate::story::{JobId, StoryId, TRASH_SECONDS};

const DAY_SECONDS: i64 = 24 * 60 * 60;
/// Seconds after which an interrupted job is abandoned: by then its caller has seen that it
/// failed, and may have published again.
const MAX_AGE_SECONDS: i64 = DAY_SECONDS;
/// Tries of a batch while other writers change its stories.
const MAX_ATTEMPTS: usize = 20;
/// An upper bound of the jobs of a kind that are looked at, latest first.
const MAX_JOBS: usize = 1_000;

/// The kind of a job, which has a partition of its own: processes of an earlier version take every
/// job that they find for the deletion of all stories.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JobKind {
    /// Moves all published stories to the trash.
    DeleteAll,
    /// Erases stories from the trash.
    Erase,
}

impl JobKind {
    const ALL: [Self; 2] = [Self::DeleteAll, Self::Erase];

    fn partition(self) -> &'static str {
        match self {
            Self::DeleteAll => records::JOBS,
            Self::Erase => records::ERASURES,
        }
    }

    fn key(self, id: JobId) -> Key {
        match self {
            Self::DeleteAll => records::job_key(id),
            Self::Erase => records::erasure_key(id),
        }
    }

    /// Returns the seconds for which a finished job is kept.
    fn retention_seconds(self) -> i64 {
        match self {
            // Longer than its stories stay in the trash.
            Self::DeleteAll => TRASH_SECONDS + DAY_SECONDS,
            Self::Erase => DAY_SECONDS,
        }
    }
}

/// A change of very many stories.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Job {
    pub(super) id: JobId,
    /// The caller who began it.
    pub(super) by: Actor,
    /// The beginning; later changes of stories are kept.
    pub(super) at: Timestamp,
    /// Reason that readers see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    /// The only stories that it concerns; `None` for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ids: Option<Vec<StoryId>>,
    /// The number of stories at the beginning. Older stored jobs lack it.
    #[serde(default)]
    pub(super) total: usize,
    /// The number of stories that are finished.
    // Older processes and stored jobs use these names.
    #[serde(rename = "deleted")]
    pub(super) finished: usize,
    /// The position of the last story that was reached.
    #[serde(rename = "reached")]
    pub(super) cursor: Option<String>,
    pub(super) done: bool,
}

/// A job with its version in the table.
pub(super) struct StoredJob {
    kind: JobKind,
    pub(super) job: Job,
    version: u64,
}

impl StoredJob {
    fn read(kind: JobKind, item: &Item) -> Result<Self, TableError> {
        Ok(Self { kind, job: item.parse()?, version: item.version })
    }

    /// Returns the write that replaces the job.
    pub(super) fn replace_by(&self, job: &Job) -> Result<Write, TableError> {
        let item = Item::new(self.kind.key(job.id), job)?.version(self.version + 1);
        let expires_at = job.at.as_second() + self.kind.retention_seconds();
        let item = if job.done { item.expires_at(expires_at) } else { item };
        Ok(Write::replace(item, self.version))
    }

    /// Takes over a job that was written with [`Self::replace_by`].
    pub(super) fn advance(&mut self, job: Job) {
        self.job = job;
        self.version += 1;
    }
}

/// A job that was begun. It goes on if nothing runs it, see
/// [`OperatorDesk::resume_jobs`](crate::OperatorDesk::resume_jobs).
pub struct BegunJob {
    id: JobId,
    newsroom: Arc<Newsroom>,
    /// `None` if the job was begun before.
    stored: Option<StoredJob>,
}

impl BegunJob {
    /// Returns the id of the job.
    pub fn id(&self) -> JobId {
        self.id
    }

    /// Checks whether the same job was begun before.
    pub fn is_repeated(&self) -> bool {
        self.stored.is_none()
    }

    /// Runs the job to its end and returns the number of stories that it changed; 0 if the same job
    /// was begun before.
    pub async fn run(self) -> Result<usize, DeskError> {
        match self.stored {
            Some(stored) => self.newsroom.run_job(stored).await,
            None => Ok(0),
        }
    }
}

/// The progress of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobProgress {
    /// Id of the job.
    pub id: JobId,
    /// Display name of the caller who began it.
    pub by: String,
    /// Its beginning.
    pub at: Timestamp,
    /// Reason that readers see.
    pub reason: Option<String>,
    /// The number of stories at the beginning.
    pub total: usize,
    /// The number of stories that are finished.
    pub finished: usize,
    /// `true` once it has ended.
    pub is_done: bool,
}

impl NewsDesk {
    /// Returns an id for a job that is to begin.
    pub fn new_job_id(&self) -> JobId {
        JobId::new(self.newsroom.new_id())
    }

    /// Begins a job, unless it was begun before.
    pub(super) async fn begin_job(&self, kind: JobKind, job: Job) -> Result<BegunJob, DeskError> {
        let (id, newsroom) = (job.id, Arc::clone(&self.newsroom));
        let item = Item::new(kind.key(id), &job)?;
        let stored = match newsroom.table.write(vec![Write::create(item)]).await {
            Ok(()) => Some(StoredJob { kind, job, version: 1 }),
            Err(TableError::Conflict { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        Ok(BegunJob { id, newsroom, stored })
    }
}

impl Newsroom {
    /// Returns the progress of a job, whichever process runs it.
    pub(super) async fn job_progress(
        &self,
        kind: JobKind,
        id: JobId,
    ) -> Result<JobProgress, DeskError> {
        let Job { id, by, at, reason, total, finished, done, .. } =
            self.stored_job(kind, id).await?.job;
        let total = total.max(finished);
        Ok(JobProgress { id, by: by.name, at, reason, total, finished, is_done: done })
    }

    /// Runs interrupted jobs to their end, unless this process runs one already.
    pub(super) async fn resume_jobs(&self) -> Result<usize, DeskError> {
        if self.cache.is_job_running() {
            return Ok(0);
        }
        let (mut finished, mut failed) = (0, None);
        for kind in JobKind::ALL {
            let all = Range::all();
            let jobs = self.table.query(kind.partition(), &all, Order::Descending, MAX_JOBS);
            for item in &jobs.await?.items {
                match self.resume_job(kind, item).await {
                    Ok(stories) => finished += stories,
                    // The others do not wait for it.
                    Err(error) => failed = Some(error),
                }
            }
        }
        failed.map_or(Ok(finished), Err)
    }

    async fn resume_job(&self, kind: JobKind, item: &Item) -> Result<usize, DeskError> {
        let stored = StoredJob::read(kind, item)?;
        if stored.job.done {
            return Ok(0);
        }
        if stored.job.at.as_second() + MAX_AGE_SECONDS < self.now().as_second() {
            self.end_job(stored).await?;
            return Ok(0);
        }
        self.run_job(stored).await
    }

    /// Ends a job early, so that it does not change restored stories again.
    pub(super) async fn stop_job(&self, kind: JobKind, id: JobId) -> Result<(), DeskError> {
        match self.stored_job(kind, id).await {
            Ok(stored) if !stored.job.done => self.end_job(stored).await,
            Ok(_) | Err(DeskError::Missing) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn end_job(&self, mut stored: StoredJob) -> Result<(), DeskError> {
        for _ in 0..MAX_ATTEMPTS {
            let job = Job { done: true, ..stored.job.clone() };
            match self.table.write(vec![stored.replace_by(&job)?]).await {
                Err(TableError::Conflict { .. }) => {
                    stored = self.stored_job(stored.kind, job.id).await?;
                }
                outcome => return Ok(outcome?),
            }
        }
        Err(DeskError::Stale)
    }

    async fn run_job(&self, mut stored: StoredJob) -> Result<usize, DeskError> {
        let _running = self.cache.start_job();
        let mut failed = 0;
        while !stored.job.done {
            let outcome = match stored.kind {
                JobKind::DeleteAll => self.delete_next(&mut stored).await,
                JobKind::Erase => self.erase_next(&mut stored).await,
            };
            match outcome {
                Ok(()) => failed = 0,
                // A story or the job itself changed since it was read.
                Err(DeskError::Table(TableError::Conflict { .. })) if failed < MAX_ATTEMPTS => {
                    failed += 1;
                    stored = self.stored_job(stored.kind, stored.job.id).await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(stored.job.finished)
    }

    async fn stored_job(&self, kind: JobKind, id: JobId) -> Result<StoredJob, DeskError> {
        let item = self.table.get(&kind.key(id)).await?;
        let item = item.ok_or(DeskError::Missing)?;
        Ok(StoredJob::read(kind, &item)?)
    }
}
