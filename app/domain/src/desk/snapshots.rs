//! Snapshots of what was typed.

use gazette_table::{Item, Write};
use jiff::Timestamp;

use crate::desk::edit_state::EditState;
use crate::desk::newsroom::Newsroom;
use crate::editing::history::{HistoryEntry, Snapshot, SnapshotList};
use crate::editing::items::{save_key, saves_key};
use crate::error::DeskError;
use crate::story::StoryId;

/// Snapshots that one save removes at most.
const MAX_PRUNED: usize = 10;

impl Newsroom {
    pub(super) async fn snapshot_list(&self, id: StoryId) -> Result<SnapshotList, DeskError> {
        let item = self.table.get(&saves_key(id)).await?;
        Ok(item.map(|item| item.parse()).transpose()?.unwrap_or_default())
    }

    /// Adds the writes of new snapshots, and of the removal of old ones, to those of a save.
    pub(super) async fn with_snapshots(
        &self,
        mut state: EditState,
        snapshots: Vec<(u64, Snapshot)>,
        now: Timestamp,
        writes: &mut Vec<Write>,
    ) -> Result<EditState, DeskError> {
        if snapshots.is_empty() {
            return Ok(state);
        }
        let id = state.story.teaser.id;
        let mut list = self.snapshot_list(id).await?;
        for (version, snapshot) in snapshots {
            let entry = HistoryEntry {
                version,
                at: snapshot.at,
                by: Some(snapshot.by.name.clone()),
                kind: snapshot.kind,
            };
            if list.push(entry) {
                writes.push(Write::put(Item::new(save_key(id, version), &snapshot)?));
            }
        }
        let removed = list.prune(now, MAX_PRUNED);
        writes.extend(removed.into_iter().map(|version| Write::delete(save_key(id, version))));
        writes.push(Write::put(Item::new(saves_key(id), &list)?));
        if let Some(copy) = &mut state.copy {
            copy.snapshot_at = now;
        }
        Ok(state)
    }
}
