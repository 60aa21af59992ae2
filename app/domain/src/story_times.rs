//! The items of stories by the time at which something ends, and of their corrections; `records`
//! lists them with all others.

use gazette_table::{Item, Key, TableError, Write};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::feed::FeedPosition;
use crate::story::{Correction, Status, Story, StoryId, Teaser};

/// Partition of the published stories that readers stop seeing at some time.
pub(crate) const ENDINGS: &str = "endings";

/// Partition of the stories that the front page shows first, by the end of that time.
pub(crate) const PINS: &str = "pins";

/// Partition of the corrections of all stories.
pub(crate) const CORRECTIONS: &str = "corrections";

/// The body of an ending or a correction.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct StoryEntry {
    pub(crate) story: StoryId,
}

/// A story that the front page shows first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PinEntry {
    pub(crate) teaser: Teaser,
    pub(crate) pinned_at: Option<Timestamp>,
}

fn key(partition: &str, time: Timestamp, story: &Story) -> Key {
    Key::new(partition, FeedPosition::at(time, story.teaser.id).to_string())
}

fn is_listed(story: &Story) -> bool {
    story.trashed.is_none() && story.status == Status::Published
}

fn ending_key(story: &Story) -> Option<Key> {
    let time = story.teaser.unpublish_at.filter(|_| is_listed(story))?;
    Some(key(ENDINGS, time, story))
}

fn pin_key(story: &Story) -> Option<Key> {
    let time = story.pin_until.filter(|_| is_listed(story))?;
    Some(key(PINS, time, story))
}

fn correction_key(story: &Story, correction: &Correction) -> Key {
    key(CORRECTIONS, correction.at, story)
}

/// Returns the writes that these entries need when `before` becomes `after`. Those of corrections
/// stay when a story is deleted: its readers check the story.
pub(crate) fn change(before: Option<&Story>, after: &Story) -> Result<Vec<Write>, TableError> {
    let mut writes = Vec::new();
    let entry = StoryEntry { story: after.teaser.id };
    let (ending, pin) = (ending_key(after), pin_key(after));
    if let Some(key) = ending.clone() {
        writes.push(Write::put(Item::new(key, &entry)?));
    }
    if let Some(key) = pin.clone() {
        let pinned_at = after.pinned_at;
        let pin = PinEntry { teaser: after.teaser.clone(), pinned_at };
        writes.push(Write::put(Item::new(key, &pin)?));
    }
    let old = |key: Option<Key>, new: &Option<Key>| key.filter(|key| Some(key) != new.as_ref());
    writes.extend(old(before.and_then(ending_key), &ending).map(Write::delete));
    writes.extend(old(before.and_then(pin_key), &pin).map(Write::delete));
    let known = before.map(|before| before.corrections.as_slice()).unwrap_or_default();
    for correction in after.corrections.iter().filter(|correction| !known.contains(correction)) {
        writes.push(Write::put(Item::new(correction_key(after, correction), &entry)?));
    }
    Ok(writes)
}

/// Returns the writes that remove the entries of a story's corrections.
pub(crate) fn erase_corrections(story: &Story) -> Vec<Write> {
    let keys = story.corrections.iter().map(|correction| correction_key(story, correction));
    keys.map(Write::delete).collect()
}
