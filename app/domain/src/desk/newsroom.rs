//! The state that both desks share.

use std::sync::Arc;

use gazette_table::{Key, MAX_KEYS, Table};
use jiff::Timestamp;
use uuid::Uuid;

use crate::desk::audit_writer::AuditWriter;
use crate::desk::cache::DeskCache;
use crate::desk::list_index::ListIndex;
use crate::desk::unlogged_changes::UnloggedChanges;
use crate::error::DeskError;
use crate::records::{self, Pointer};
use crate::story::{Story, StoryId};

/// External dependencies of the desks.
#[derive(Clone)]
pub struct Ports {
    /// Stores everything.
    pub table: Arc<dyn Table>,
    /// Returns the current time.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    /// Returns a fresh UUIDv7.
    pub new_id: Arc<dyn Fn() -> Uuid + Send + Sync>,
}

/// The ports, the audit log's writer and the cache: one of each in a process.
///
/// Its methods do not ask the policy, so it stays private to the desks.
pub(super) struct Newsroom {
    pub(super) table: Arc<dyn Table>,
    pub(super) audit: AuditWriter,
    pub(super) cache: Arc<DeskCache>,
    pub(super) index: Arc<ListIndex>,
    pub(super) unlogged: Arc<UnloggedChanges>,
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    new_id: Arc<dyn Fn() -> Uuid + Send + Sync>,
}

impl Newsroom {
    pub(super) fn new(ports: Ports) -> Self {
        let Ports { table, clock, new_id } = ports;
        let cache = Arc::new(DeskCache::default());
        let index = Arc::new(ListIndex::default());
        let unlogged = Arc::new(UnloggedChanges::default());
        let audit = AuditWriter::new(
            Arc::clone(&table),
            Arc::clone(&cache),
            Arc::clone(&index),
            Arc::clone(&unlogged),
        );
        Self { table, audit, cache, index, unlogged, clock, new_id }
    }

    pub(super) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    pub(super) fn new_id(&self) -> Uuid {
        (self.new_id)()
    }

    /// Returns the content version at this moment, in which a story may have begun or ended.
    pub(super) fn content_version(&self) -> u64 {
        self.cache.pass_transitions(self.now());
        self.cache.content_version()
    }

    /// Returns the content version since which nothing was removed until this moment.
    pub(super) fn last_removal(&self) -> u64 {
        self.cache.pass_transitions(self.now());
        self.cache.last_removal()
    }

    /// Reads a story in any state, the trash included.
    pub(super) async fn story(&self, id: StoryId) -> Result<Option<Story>, DeskError> {
        let item = self.table.get(&records::story_key(id)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    /// Reads a story in any state but the trash.
    pub(super) async fn present_story(&self, id: StoryId) -> Result<Story, DeskError> {
        let story = self.story(id).await?.ok_or(DeskError::Missing)?;
        if story.trashed.is_some() { Err(DeskError::Gone) } else { Ok(story) }
    }

    /// Reads the stories among `ids` that exist, in any state and in the same order. The ids must
    /// differ.
    pub(super) async fn stories(&self, ids: &[StoryId]) -> Result<Vec<Story>, DeskError> {
        let mut stories = Vec::new();
        for batch in ids.chunks(MAX_KEYS) {
            let keys: Vec<Key> = batch.iter().map(|id| records::story_key(*id)).collect();
            for item in self.table.get_many(&keys).await?.into_iter().flatten() {
                stories.push(item.parse()?);
            }
        }
        Ok(stories)
    }

    /// Reads the story that was imported from a file.
    pub(super) async fn story_of_source(&self, source: &str) -> Result<Option<Story>, DeskError> {
        match self.table.get(&records::source_key(source)).await? {
            Some(item) => self.story(item.parse::<Pointer>()?.story).await,
            None => Ok(None),
        }
    }
}
