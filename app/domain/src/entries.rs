//! The entries of a story in lists: the feeds, the drafts and the trash.

use gazette_table::{Item, Key, TableError, Write};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::feed::{Feed, FeedPosition};
use crate::records::{ALL_STORIES, DRAFTS, TRASH, feed_partition};
use crate::story::{Status, Story, StoryId, Teaser, Trashed};

/// A story in the list of drafts or in that of all published stories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEntry {
    /// The story.
    #[serde(flatten)]
    pub teaser: Teaser,
    /// Its status. Older entries of drafts lack it.
    #[serde(default = "Status::of_older_entry")]
    pub status: Status,
    /// Subject of the person who created it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Readers could see the story before it became a draft.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_public: bool,
    /// Marks of the story.
    #[serde(flatten)]
    pub(crate) marks: ListMarks,
}

/// Facts that the newsroom's list shows beside the status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListMarks {
    /// An editor sent the draft back to its author.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_sent_back: bool,
    /// Time until which the front page shows the story first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pin_until: Option<Timestamp>,
}

impl ListMarks {
    pub(crate) fn of(story: &Story) -> Self {
        let is_published = story.status == Status::Published;
        Self {
            is_sent_back: story.is_sent_back && story.status == Status::Draft,
            pin_until: story.pin_until.filter(|_| is_published),
        }
    }
}

impl ListEntry {
    pub(crate) fn of(story: &Story) -> Self {
        Self {
            teaser: story.teaser.clone(),
            status: story.status,
            owner: story.owner.clone(),
            was_public: story.was_public && story.status != Status::Published,
            marks: ListMarks::of(story),
        }
    }
}

/// A story in the list of the trash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashEntry {
    /// The story.
    // Stored entries use this name.
    #[serde(rename = "card")]
    pub teaser: Teaser,
    /// Its deletion.
    pub trashed: Trashed,
    /// The status it had. Older stored entries lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

impl TrashEntry {
    /// Returns the entry of a story; `None` if the story is not in the trash.
    pub(crate) fn of(story: &Story) -> Option<Self> {
        let trashed = story.trashed.clone()?;
        Some(Self { teaser: story.teaser.clone(), trashed, status: Some(story.status) })
    }
}

/// Returns the keys of a story's entries in lists: the trash, the drafts, or the feeds.
pub(crate) fn entry_keys(story: &Story) -> Vec<Key> {
    let position = FeedPosition::of(&story.teaser).to_string();
    match (&story.trashed, story.status) {
        (Some(trashed), _) => vec![trash_key(story.teaser.id, trashed)],
        (None, Status::Draft | Status::Review) => vec![Key::new(DRAFTS, position)],
        (None, Status::Published) => feed_keys(&story.teaser, &position),
    }
}

/// Returns the writes of the story's entries in lists.
pub(crate) fn put_entries(story: &Story) -> Result<Vec<Write>, TableError> {
    let teaser = &story.teaser;
    let mut writes = Vec::new();
    for key in entry_keys(story) {
        let item = match &story.trashed {
            Some(_) => Item::new(key, &TrashEntry::of(story))?,
            None if key.partition == DRAFTS || key.partition == ALL_STORIES => {
                Item::new(key, &ListEntry::of(story))?
            }
            None => Item::new(key, teaser)?,
        };
        writes.push(Write::put(item));
    }
    Ok(writes)
}

fn feed_keys(teaser: &Teaser, position: &str) -> Vec<Key> {
    let mut feeds = vec![Feed::All, Feed::Section(teaser.section.slug.clone())];
    feeds.extend(teaser.authors.iter().map(|author| Feed::Author(author.slug.clone())));
    feeds.extend(teaser.tags.iter().map(|tag| Feed::Tag(tag.slug.clone())));
    feeds.iter().map(|feed| Key::new(feed_partition(feed), position)).collect()
}

pub(crate) fn trash_key(id: StoryId, trashed: &Trashed) -> Key {
    Key::new(TRASH, FeedPosition::at(trashed.at, id).to_string())
}
