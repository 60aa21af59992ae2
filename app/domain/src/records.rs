//! How news lies in the table: which items a story is made of.
//!
//! | partition | sort | body |
//! |---|---|---|
//! | `story#<id>` | `current` | the whole story |
//! | `story#<id>` | `content_version#<version>` | the whole story as it was in an earlier version |
//! | `slug#<slug>` | `current` | the id of the story that is, or once was, read there |
//! | `source#<file>` | `current` | the id of the story imported from it |
//! | `feed#all`, `feed#section:<slug>`, `feed#tag:<slug>`, `feed#author:<slug>` | time and id | the teaser of a published story |
//! | `drafts` | time and id | the teaser of a draft |
//! | `sections` | the section's slug | its label |
//! | `trash` | time of deletion and id | what lies there, since when and by whom |
//! | `jobs` | id | a deletion of everything: how far it is |
//! | `idempotency#<hash>` | `current` | which story a request with that key made; a day long |
//! | `saved#<sub>` | id of the story | since when it stands on a reading list |
//! | `audit#<day>` | number | an entry of the audit log |
//! | `audit` | day | the last link of the day's chain |
//!
//! A feed is one partition: a newsroom writes far less than a partition bears,
//! so a page of any feed costs one query, however old the stories are.

use gazette_table::{Condition, Item, Key, TableError, Write};
use serde::{Deserialize, Serialize};

use crate::feed::{Feed, Place};
use crate::slug::Slug;
use crate::story::{JobId, Status, Story, StoryId, Teaser, TrashEntry, Trashed};

const CURRENT: &str = "current";

/// The partition of the labels of all sections.
pub(crate) const SECTIONS: &str = "sections";

/// The partition of the teasers of drafts.
pub(crate) const DRAFTS: &str = "drafts";

/// The partition of what lies in the trash.
pub(crate) const TRASH: &str = "trash";

/// The partition of deletions of everything.
pub(crate) const JOBS: &str = "jobs";

/// The partition of the last links of every day's audit log.
pub(crate) const AUDIT: &str = "audit";

/// What the sort keys of earlier versions of a story begin with.
pub(crate) const REVISION: &str = "revision#";

/// Seconds a story lies in the trash before it is gone for good: 30 days.
pub(crate) const TRASH_SECONDS: i64 = 30 * 24 * 60 * 60;

/// Points from a slug or an import's file to the story.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Pointer {
    #[serde(rename = "article")]
    pub(crate) story: StoryId,
}

pub(crate) fn story_key(id: StoryId) -> Key {
    Key::new(format!("article#{id}"), CURRENT)
}

pub(crate) fn slug_key(slug: &Slug) -> Key {
    Key::new(format!("slug#{slug}"), CURRENT)
}

pub(crate) fn source_key(source: &str) -> Key {
    Key::new(format!("source#{source}"), CURRENT)
}

pub(crate) fn section_key(slug: &Slug) -> Key {
    Key::new(SECTIONS, slug.as_str())
}

pub(crate) fn feed_partition(feed: &Feed) -> String {
    match feed {
        Feed::All => "feed#all".to_owned(),
        Feed::Section(slug) => format!("feed#section:{slug}"),
        Feed::Tag(slug) => format!("feed#tag:{slug}"),
        Feed::Author(slug) => format!("feed#author:{slug}"),
    }
}

/// Where an earlier version of a story stands.
pub(crate) fn revision_key(id: StoryId, version: u64) -> Key {
    Key::new(format!("article#{id}"), format!("{REVISION}{version:010}"))
}

pub(crate) fn job_key(id: JobId) -> Key {
    Key::new(JOBS, id.to_string())
}

pub(crate) fn idempotency_key(hash: &str) -> Key {
    Key::new(format!("idempotency#{hash}"), CURRENT)
}

pub(crate) fn saved_partition(sub: &str) -> String {
    format!("saved#{sub}")
}

pub(crate) fn audit_head_key(day: &str) -> Key {
    Key::new(AUDIT, day)
}

pub(crate) fn audit_partition(day: &str) -> String {
    format!("audit#{day}")
}

pub(crate) fn audit_entry_key(day: &str, number: u64) -> Key {
    Key::new(audit_partition(day), audit_place(number))
}

/// The sort key of an entry, in the order of the chain.
pub(crate) fn audit_place(number: u64) -> String {
    format!("{number:010}")
}

/// The keys of a story's entries in lists: in the trash, else among the drafts or in the feeds.
fn entry_keys(story: &Story) -> Vec<Key> {
    let place = Place::of(&story.teaser).to_string();
    match (&story.trashed, story.status) {
        (Some(trashed), _) => vec![trash_key(story.teaser.id, trashed)],
        (None, Status::Draft) => vec![Key::new(DRAFTS, place)],
        (None, Status::Published) => feed_keys(&story.teaser, &place),
    }
}

/// The story's entries in lists, and the section of a published one.
fn put_entries(story: &Story) -> Result<Vec<Write>, TableError> {
    let teaser = &story.teaser;
    let section = &teaser.section;
    let mut writes = Vec::new();
    if story.trashed.is_none() && story.status == Status::Published {
        writes.push(Write::put(Item::new(section_key(&section.slug), section)?));
    }
    for key in entry_keys(story) {
        let item = match &story.trashed {
            Some(trashed) => {
                Item::new(key, &TrashEntry { teaser: teaser.clone(), trashed: trashed.clone() })?
            }
            None => Item::new(key, teaser)?,
        };
        writes.push(Write::put(item));
    }
    Ok(writes)
}

fn feed_keys(teaser: &Teaser, place: &str) -> Vec<Key> {
    let mut feeds = vec![
        Feed::All,
        Feed::Section(teaser.section.slug.clone()),
        Feed::Author(teaser.author.slug.clone()),
    ];
    feeds.extend(teaser.tags.iter().map(|tag| Feed::Tag(tag.slug.clone())));
    feeds.iter().map(|feed| Key::new(feed_partition(feed), place)).collect()
}

/// Everything that makes `after` of a story out of `before`: the story itself, provided that it
/// still is what `before` says, and its entries in every list.
pub(crate) fn change(before: Option<&Story>, after: &Story) -> Result<Vec<Write>, TableError> {
    let item = Item::new(story_key(after.teaser.id), after)?.version(after.version);
    let condition = match before {
        None => Condition::Absent,
        Some(before) => Condition::Version(before.version),
    };
    let mut writes = vec![Write::Put { item, condition }];
    writes.extend(put_entries(after)?);
    let kept = entry_keys(after);
    let left = before.map(entry_keys).unwrap_or_default();
    writes.extend(left.into_iter().filter(|key| !kept.contains(key)).map(Write::delete));
    Ok(writes)
}

/// Keeps the version of a story that another one is about to replace.
pub(crate) fn keep_revision(story: &Story) -> Result<Write, TableError> {
    let key = revision_key(story.teaser.id, story.version);
    Ok(Write::put(Item::new(key, story)?.version(story.version)))
}

/// Points a new slug to a story.
pub(crate) fn create_slug(slug: &Slug, story: StoryId) -> Result<Write, TableError> {
    Ok(Write::create(Item::new(slug_key(slug), &Pointer { story })?))
}

/// Remembers the file a story was imported from.
pub(crate) fn put_source(source: &str, story: StoryId) -> Result<Write, TableError> {
    Ok(Write::put(Item::new(source_key(source), &Pointer { story })?))
}

/// The last step of erasing a story from the trash. Its slugs stay, so that they answer "gone".
pub(crate) fn erase(story: &Story, trashed: &Trashed) -> Vec<Write> {
    let condition = Condition::Version(story.version);
    let mut writes = vec![Write::Delete { key: story_key(story.teaser.id), condition }];
    writes.push(Write::delete(trash_key(story.teaser.id, trashed)));
    writes.extend(story.source.as_deref().map(source_key).map(Write::delete));
    writes
}

fn trash_key(id: StoryId, trashed: &Trashed) -> Key {
    Key::new(TRASH, Place::at(trashed.at, id).to_string())
}
