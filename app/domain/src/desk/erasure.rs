//! The erasure of stories in the trash: a job that can take long.

use gazette_table::{Key, Order, Range, Write};

use crate::action::Action;
use crate::caller::Caller;
use crate::desk::deletion::{DeletionBatch, STORIES_PER_BATCH};
use crate::desk::job::{BegunJob, Job, JobKind, JobProgress, StoredJob};
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::feed::FeedPosition;
use crate::records;
use crate::story::{JobId, Story, StoryId, Trashed};

/// The stories in the trash to erase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// Everything in the trash.
    All,
    /// Those of these stories that are in the trash.
    Ids(Vec<StoryId>),
}

impl NewsDesk {
    /// Begins to erase stories from the trash permanently, which [`BegunJob::run`] carries out.
    /// With the same id again, nothing is begun.
    pub async fn begin_erasure(
        &self,
        caller: &Caller,
        id: JobId,
        erasure: &Erasure,
    ) -> Result<BegunJob, DeskError> {
        let by = self.authorize(caller, Action::EraseNews)?;
        let (ids, total) = match erasure {
            Erasure::All => (None, self.newsroom.trash_summary().await?.stories),
            Erasure::Ids(ids) => {
                let mut stories = self.newsroom.stories(ids).await?;
                stories.retain(|story| story.trashed.is_some());
                let ids: Vec<StoryId> = stories.iter().map(|story| story.teaser.id).collect();
                let total = ids.len();
                (Some(ids), total)
            }
        };
        let at = self.newsroom.now();
        let (reason, finished, cursor, done) = (None, 0, None, false);
        let job = Job { id, by, at, reason, ids, total, finished, cursor, done };
        self.begin_job(JobKind::Erase, job).await
    }

    /// Returns the progress of an erasure, whichever process runs it.
    ///
    /// # Errors
    /// [`DeskError::Missing`] for an unknown job, and for one that ended a day ago.
    pub async fn erasure_progress(
        &self,
        caller: &Caller,
        id: JobId,
    ) -> Result<JobProgress, DeskError> {
        self.policy.authorize(caller, Action::EraseNews)?;
        self.newsroom.job_progress(JobKind::Erase, id).await
    }

    /// Erases stories from the trash permanently and returns their number.
    pub async fn erase(&self, caller: &Caller, erasure: &Erasure) -> Result<usize, DeskError> {
        self.begin_erasure(caller, self.new_job_id(), erasure).await?.run().await
    }
}

/// A place in the trash that an erasure reaches.
struct Candidate {
    /// The cursor behind it.
    cursor: String,
    /// The story and its deletion; `None` if it is no longer in the trash.
    story: Option<(Story, Trashed)>,
    /// The entry that lists it.
    entry: Option<Key>,
}

impl Newsroom {
    /// Erases the next stories. The job is done when no more are left.
    pub(super) async fn erase_next(&self, stored: &mut StoredJob) -> Result<(), DeskError> {
        let mut job = stored.job.clone();
        let candidates = self.candidates(&job).await?;
        job.done = candidates.is_empty();
        let mut batch = DeletionBatch::default();
        let (mut marked, mut cursor) = (Vec::new(), job.cursor.clone());
        for Candidate { cursor: position, story, entry } in candidates {
            match story {
                Some((story, trashed)) if trashed.erasing => marked.push(story),
                Some((story, trashed)) => {
                    let (deletion, story) = self.marking(&job.by, &story, &trashed)?;
                    if !batch.add(deletion) {
                        break;
                    }
                    marked.push(story);
                }
                None => batch.writes.extend(entry.map(Write::delete)),
            }
            cursor = Some(position);
        }
        let DeletionBatch { mut writes, events } = batch;
        job.finished += events.len();
        writes.push(stored.replace_by(&job)?);
        self.audit.commit(writes, events).await?;
        self.erase_marked(&marked).await?;
        // Written with the next batch, so that after a crash the marked stories are found again.
        job.cursor = cursor;
        stored.advance(job);
        Ok(())
    }

    async fn candidates(&self, job: &Job) -> Result<Vec<Candidate>, DeskError> {
        let mut candidates = Vec::new();
        if let Some(ids) = &job.ids {
            let cursor: Option<StoryId> = job.cursor.as_deref().and_then(|id| id.parse().ok());
            let reached = cursor.and_then(|cursor| ids.iter().position(|id| *id == cursor));
            let next = ids.iter().skip(reached.map_or(0, |reached| reached + 1));
            for id in next.take(STORIES_PER_BATCH) {
                // One that was restored and deleted again is not the one that was chosen.
                let story = self.story(*id).await?.and_then(|story| {
                    let trashed = story.trashed.clone().filter(|trashed| trashed.at <= job.at)?;
                    Some((story, trashed))
                });
                candidates.push(Candidate { cursor: id.to_string(), story, entry: None });
            }
            return Ok(candidates);
        }
        let range = Range {
            after: job.cursor.clone(),
            before: Some(FeedPosition::after_all_until(job.at)),
        };
        let page = self.table.query(records::TRASH, &range, Order::Ascending, STORIES_PER_BATCH);
        for item in page.await?.items {
            let story = self.listed_in_trash(&item).await?;
            let cursor = item.key.sort.clone();
            candidates.push(Candidate { cursor, story, entry: Some(item.key) });
        }
        Ok(candidates)
    }
}
