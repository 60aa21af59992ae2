//! The entries of a story in lists: the feeds, the drafts and the trash.

use gazette_table::{Item, Key, TableError, Write};

use crate::feed::{Feed, FeedPosition};
use crate::records::{ALL_STORIES, DRAFTS, TRASH, feed_partition};
use crate::story::{ListEntry, Status, Story, StoryId, Teaser, TrashEntry, Trashed};

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
