//! The items of the editor.
//!
//! | partition | sort key | body |
//! |---|---|---|
//! | `article#<id>` | `working` | the working copy |
//! | `article#<id>` | `save#<version>` | a snapshot of the form |
//! | `article#<id>` | `saves` | the list of the snapshots |
//! | `article#<id>` | `base#<version>` | hashes of the fields of a version that someone opened; expires |
//! | `article#<id>` | `opened#<sub>` | the person who opened the story, and when; expires |
//! | `edits` | id of the story | the entry of a working copy that differs from the story |

use gazette_table::{Item, Key, TableError};

use crate::editing::history::{Snapshot, SnapshotList};
use crate::editing::working_copy::WorkingCopy;
use crate::records::{EDITS, story_key};
use crate::story::StoryId;

/// Sort key of the working copy of a story.
pub(crate) const WORKING: &str = "working";

/// Sort key of the list of the snapshots of a story.
pub(crate) const SAVES: &str = "saves";

/// Prefix of the sort keys of snapshots.
pub(crate) const SAVE: &str = "save#";

/// Prefix of the sort keys of the fields of versions that someone opened.
pub(crate) const BASE: &str = "base#";

/// Prefix of the sort keys of the people who opened a story.
pub(crate) const OPENED: &str = "opened#";

fn key(id: StoryId, sort: impl Into<String>) -> Key {
    Key::new(story_key(id).partition, sort)
}

pub(crate) fn working_key(id: StoryId) -> Key {
    key(id, WORKING)
}

pub(crate) fn saves_key(id: StoryId) -> Key {
    key(id, SAVES)
}

pub(crate) fn save_key(id: StoryId, version: u64) -> Key {
    key(id, format!("{SAVE}{version:010}"))
}

pub(crate) fn base_key(id: StoryId, version: u64) -> Key {
    key(id, format!("{BASE}{version:010}"))
}

pub(crate) fn opened_key(id: StoryId, sub: &str) -> Key {
    key(id, format!("{OPENED}{sub}"))
}

pub(crate) fn edit_key(id: StoryId) -> Key {
    Key::new(EDITS, id.to_string())
}

/// Checks that an item of a story's partition that belongs to the editor can be read; `None` if it
/// belongs to the story itself.
pub(crate) fn check(item: &Item) -> Option<Result<(), TableError>> {
    match item.key.sort.as_str() {
        WORKING => Some(item.parse::<WorkingCopy>().map(drop)),
        SAVES => Some(item.parse::<SnapshotList>().map(drop)),
        sort if sort.starts_with(SAVE) => Some(item.parse::<Snapshot>().map(drop)),
        _ => None,
    }
}
