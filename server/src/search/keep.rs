//! Keeping the index right: it is built once, and then follows the audit log.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gazette_domain::{Language, LogPosition, LogScope, OperatorDesk, StoryChanges, StoryId};
use tokio::task::spawn_blocking;

use crate::search::error::SearchError;
use crate::search::folder::Folder;
use crate::search::index::StoryIndex;

/// Stories that are read at a time, each with a text of up to 380 KB.
const STORIES_PER_READ: usize = 25;
/// Stories in the log's order of a build between two log lines.
const STORIES_PER_LINE: usize = 10_000;
/// Time after which every day of the log is compared: another process may have imported one.
const FULL_LOOK_INTERVAL: Duration = Duration::from_hours(1);
/// Time without changes after which the writer is closed.
const WRITER_IDLE: Duration = Duration::from_secs(10);

/// The index, and the part of the log that it contains.
pub(super) struct Kept {
    pub(super) index: Arc<StoryIndex>,
    position: LogPosition,
    looked_at_all: Instant,
    /// `true` if it lacks stories because building it failed.
    is_partial: bool,
    /// Time of the last change, while the writer is open.
    written_at: Option<Instant>,
    folder: Folder,
}

impl Kept {
    /// Opens the index, and builds it if it is not usable.
    pub(super) async fn open(
        folder: PathBuf,
        language: Language,
        desk: &OperatorDesk,
    ) -> Result<Self, SearchError> {
        let opened = spawn_blocking(move || {
            let folder = Folder::take(&folder).map_err(|error| {
                tracing::warn!(%error, folder = %folder.display(), "search is off: no folder for its index");
                SearchError::Off
            })?;
            let (index, position) = StoryIndex::open(&folder.index(), &language)?;
            Ok::<_, SearchError>((folder, index, position))
        });
        let (folder, index, position) = opened.await??;
        let mut kept = Self {
            index: Arc::new(index),
            position: LogPosition::default(),
            looked_at_all: Instant::now(),
            is_partial: false,
            written_at: None,
            folder,
        };
        if let Some(position) = position {
            kept.position = position;
            if let Some(changes) = desk.story_changes(&kept.position, LogScope::All).await? {
                kept.apply_or_return(desk, changes).await?;
                return Ok(kept);
            }
            tracing::info!("the search index is of another log and is built again");
        }
        kept.build(desk).await?;
        Ok(kept)
    }

    /// Takes over what changed since. Returns `false` if the index must be built again, by
    /// [`Kept::build`].
    pub(super) async fn follow(&mut self, desk: &OperatorDesk) -> Result<bool, SearchError> {
        if self.is_partial {
            return Ok(false);
        }
        let looks_at_all = self.looked_at_all.elapsed() >= FULL_LOOK_INTERVAL;
        let scope = if looks_at_all { LogScope::All } else { LogScope::Recent };
        let Some(changes) = desk.story_changes(&self.position, scope).await? else {
            return Ok(false);
        };
        self.apply_or_return(desk, changes).await?;
        if looks_at_all {
            self.looked_at_all = Instant::now();
        }
        Ok(true)
    }

    /// Reads all stories again.
    pub(super) async fn build(&mut self, desk: &OperatorDesk) -> Result<(), SearchError> {
        let began = Instant::now();
        self.is_partial = true;
        let position = desk.log_position().await?;
        self.written_at = Some(began);
        self.on_index(StoryIndex::clear).await?;
        let (mut cursor, mut count) = (None, 0);
        loop {
            let (ids, next) = desk.published_ids(cursor.as_ref(), STORIES_PER_READ).await?;
            count += self.replace(desk, ids).await?;
            if count > 0 && count % STORIES_PER_LINE < STORIES_PER_READ {
                tracing::debug!(stories = count, "building the search index");
            }
            cursor = next;
            if cursor.is_none() {
                break;
            }
        }
        self.commit(position).await?;
        self.is_partial = false;
        self.looked_at_all = Instant::now();
        let milliseconds = began.elapsed().as_millis();
        tracing::info!(stories = count, milliseconds, "built the search index");
        Ok(())
    }

    /// Closes the writer if there were no changes for a while.
    pub(super) async fn rest(&mut self) -> Result<(), SearchError> {
        if self.written_at.is_some_and(|at| at.elapsed() >= WRITER_IDLE) {
            self.on_index(StoryIndex::close_writer).await?;
            self.written_at = None;
        }
        Ok(())
    }

    /// Deletes the index, which cannot be read.
    pub(super) async fn delete(self) {
        let deleted = spawn_blocking(move || std::fs::remove_dir_all(self.folder.index())).await;
        if let Ok(Err(error)) = deleted {
            tracing::warn!(%error, "cannot delete the search index");
        }
    }

    async fn apply_or_return(
        &mut self,
        desk: &OperatorDesk,
        changes: StoryChanges,
    ) -> Result<(), SearchError> {
        let outcome = self.apply(desk, &changes).await;
        if outcome.is_err() {
            desk.return_changes(changes);
        }
        outcome
    }

    async fn apply(
        &mut self,
        desk: &OperatorDesk,
        changes: &StoryChanges,
    ) -> Result<(), SearchError> {
        if changes.stories.is_empty() {
            // Written with the next change.
            self.position = changes.position.clone();
            return Ok(());
        }
        self.written_at = Some(Instant::now());
        let ids: Vec<StoryId> = changes.stories.iter().copied().collect();
        for ids in ids.chunks(STORIES_PER_READ) {
            self.replace(desk, ids.to_vec()).await?;
        }
        self.commit(changes.position.clone()).await?;
        self.written_at = Some(Instant::now());
        Ok(())
    }

    /// Replaces stories by their current state, and returns how many readers may see.
    async fn replace(&self, desk: &OperatorDesk, ids: Vec<StoryId>) -> Result<usize, SearchError> {
        let stories = desk.published_stories(&ids).await?;
        let count = stories.len();
        self.on_index(move |index| index.replace(&ids, &stories)).await?;
        Ok(count)
    }

    async fn commit(&mut self, position: LogPosition) -> Result<(), SearchError> {
        let new = position.clone();
        self.on_index(move |index| index.commit(&new)).await?;
        self.position = position;
        Ok(())
    }

    async fn on_index(
        &self,
        work: impl FnOnce(&StoryIndex) -> tantivy::Result<()> + Send + 'static,
    ) -> Result<(), SearchError> {
        let index = Arc::clone(&self.index);
        Ok(spawn_blocking(move || work(&index)).await??)
    }
}
