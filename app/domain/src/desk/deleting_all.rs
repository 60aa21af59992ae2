//! The deletion of everything: a job in the table that counts what it did, so that it goes on
//! where a crash left it, counts right, and can be undone as one.

use std::collections::HashSet;

use gazette_table::{Item, Order, Range, TableError, Write};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::audit::Actor;
use crate::desk::NewsDesk;
use crate::desk::deleting::STORIES_PER_BATCH;
use crate::error::DeskError;
use crate::feed::{Feed, Place};
use crate::records;
use crate::story::{JobId, Teaser};

/// Seconds a finished job is remembered.
const FORGOTTEN_SECONDS: i64 = 7 * 24 * 60 * 60;
/// Seconds after which an interrupted job is given up: whoever asked for it has seen by then that it
/// did not end.
const GIVEN_UP_SECONDS: i64 = 24 * 60 * 60;
/// How often a batch is put together anew when somebody changed one of its stories.
const ATTEMPTS: usize = 20;
/// More jobs than this are never under way.
const JOBS_READ: usize = 1_000;

/// A deletion of everything.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Job {
    id: JobId,
    /// On whose behalf.
    by: Actor,
    /// When it was asked for; what becomes news later stays.
    at: Timestamp,
    /// How many stories it has moved so far.
    deleted: usize,
    /// The place in the feed that it has come down to; what is restored above it stays.
    reached: Option<String>,
    done: bool,
}

/// A job as it stands in the table.
struct Stored {
    job: Job,
    version: u64,
}

impl NewsDesk {
    /// Begins a job and works it off; returns how many stories it moved.
    pub(super) async fn delete_all(&self, actor: Actor) -> Result<usize, DeskError> {
        let id = JobId::new((self.ports.new_id)());
        let job = Job { id, by: actor, at: self.now(), deleted: 0, reached: None, done: false };
        let item = Item::new(records::job_key(id), &job)?;
        self.ports.table.write(vec![Write::create(item)]).await?;
        self.work_off(Stored { job, version: 1 }).await
    }

    /// Goes on with jobs that were interrupted and says how many stories they moved in all. One
    /// that has lain for a day is given up.
    ///
    /// For the process itself, at its start and from time to time; on behalf of whoever began them.
    pub async fn resume_jobs(&self) -> Result<usize, DeskError> {
        if self.memory.is_working() {
            return Ok(0);
        }
        let all = Range::all();
        let jobs = self.ports.table.query(records::JOBS, &all, Order::Ascending, JOBS_READ).await?;
        let mut deleted = 0;
        for item in &jobs.items {
            let job: Job = item.parse()?;
            let stored = Stored { job, version: item.version };
            if stored.job.done {
                continue;
            }
            if stored.job.at.as_second() + GIVEN_UP_SECONDS < self.now().as_second() {
                self.end_job(stored).await?;
            } else {
                deleted += self.work_off(stored).await?;
            }
        }
        Ok(deleted)
    }

    /// Ends a job where it is, so that what is restored of it stays.
    pub(super) async fn stop_job(&self, id: JobId) -> Result<(), DeskError> {
        match self.stored(id).await {
            Ok(stored) if !stored.job.done => self.end_job(stored).await,
            Ok(_) | Err(DeskError::Missing) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn end_job(&self, mut stored: Stored) -> Result<(), DeskError> {
        for _ in 0..ATTEMPTS {
            let job = Job { done: true, ..stored.job.clone() };
            match self.ports.table.write(vec![job_write(&job, stored.version)?]).await {
                Err(TableError::Conflict { .. }) => stored = self.stored(stored.job.id).await?,
                outcome => return Ok(outcome?),
            }
        }
        Err(DeskError::Stale)
    }

    async fn work_off(&self, mut stored: Stored) -> Result<usize, DeskError> {
        let _working = self.memory.work();
        let mut failed = 0;
        while !stored.job.done {
            match self.work_on(&mut stored).await {
                Ok(()) => failed = 0,
                // A story or the job itself was changed meanwhile: look again.
                Err(DeskError::Table(TableError::Conflict { .. })) if failed < ATTEMPTS => {
                    failed += 1;
                    stored = self.stored(stored.job.id).await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(stored.job.deleted)
    }

    /// Moves the next stories down the feed, in one batch with the count and the place; the job is
    /// done when there are none.
    async fn work_on(&self, stored: &mut Stored) -> Result<(), DeskError> {
        let mut job = stored.job.clone();
        let top = || Place::after_all_until(job.at);
        let range = Range { after: None, before: Some(job.reached.clone().unwrap_or_else(top)) };
        let feed = records::feed_partition(&Feed::All);
        let table = &self.ports.table;
        let page = table.query(&feed, &range, Order::Descending, STORIES_PER_BATCH).await?;
        let (mut writes, mut events) = (Vec::new(), Vec::new());
        let mut seen = HashSet::new();
        for item in &page.items {
            let teaser: Teaser = item.parse()?;
            if !seen.insert(teaser.id) {
                continue;
            }
            if let Some(deletion) = self.deletion(&job.by, teaser.id, Some(job.id)).await? {
                writes.extend(deletion.writes);
                events.push(deletion.event);
            }
        }
        job.deleted += events.len();
        job.done = page.items.is_empty();
        job.reached = page.items.last().map(|item| item.key.sort.clone()).or(job.reached);
        writes.push(job_write(&job, stored.version)?);
        self.log.commit(writes, events).await?;
        *stored = Stored { job, version: stored.version + 1 };
        Ok(())
    }

    async fn stored(&self, id: JobId) -> Result<Stored, DeskError> {
        let item = self.ports.table.get(&records::job_key(id)).await?;
        let item = item.ok_or(DeskError::Missing)?;
        Ok(Stored { job: item.parse()?, version: item.version })
    }
}

fn job_write(job: &Job, version: u64) -> Result<Write, TableError> {
    let item = Item::new(records::job_key(job.id), job)?.version(version + 1);
    let forgotten = job.at.as_second() + FORGOTTEN_SECONDS;
    let item = if job.done { item.expires_at(forgotten) } else { item };
    Ok(Write::replace(item, version))
}
