//! The items that a story consists of, and the writes that change them.
//!
//! | partition | sort key | body |
//! |---|---|---|
//! | `article#<id>` | `current` | the story |
//! | `article#<id>` | `revision#<version>` | an earlier version of the story |
//! | `slug#<slug>` | `current` | the id of the story that has or had the slug |
//! | `source#<file>` | `current` | the id of the story imported from the file |
//! | `feed#all`, `feed#section:<slug>`, `feed#tag:<slug>`, `feed#author:<slug>` | time and id | the teaser of a published story |
//! | `endings` | time and id | the id of a story that readers no longer see from then on |
//! | `pins` | time of the end and id | the teaser of a story that the front page shows first until then |
//! | `corrections` | time and id | the id of a story that was corrected then |
//! | `drafts` | time and id | the teaser of a draft |
//! | `sections`, `tags`, `authors` | slug | the label that stories get for this slug: another one if it was merged |
//! | `setup` | `samples` | the time a process claimed the publication of the sample stories |
//! | `trash` | time of deletion and id | the teaser and the deletion of a story |
//! | `jobs` | id | a deletion of all stories and its progress |
//! | `imports` | number | an import of stories from elsewhere |
//! | `import#<number>` | id of the story | the version that the import replaced |
//! | `import#<number>` | `image#<id>` | the picture that the import added |
//! | `idempotency#<hash>` | `current` | the story that a request with the key created; expires after a day |
//! | `saved#<sub>` | id of the story | the time the story was saved |
//! | `redirects` | the old address, or its beginning and its hash | a redirect |
//! | `images` | id | the record of an uploaded picture |
//! | `image-list` | time of upload and id | the same record |
//! | `story-images` | id of the story | the uploaded pictures that the story uses |
//! | `audit#<day>` | number | a record of the audit log |
//! | `audit` | day | the head of the day's chain |
//!
//! A feed is one partition: a newsroom writes far less than a partition can take, so a page of any
//! feed costs one query.

use gazette_table::{Condition, Item, Key, TableError, Write};
use serde::{Deserialize, Serialize};

use crate::feed::{Feed, FeedPosition};
use crate::image_items::{put_images, story_images_key};
use crate::label::LabelKind;
use crate::slug::Slug;
use crate::story_times;
use crate::story::{JobId, Status, Story, StoryId, Teaser, TrashEntry, Trashed};

/// Sort key of the only item of a partition.
pub(crate) const CURRENT: &str = "current";

/// Prefix of the partition of a story. Stored keys use the former name of [`Story`].
pub(crate) const STORY: &str = "article#";

/// Prefix of the partition of a slug.
pub(crate) const SLUG: &str = "slug#";

/// Prefix of the partition of an imported file.
pub(crate) const SOURCE: &str = "source#";

/// Prefix of the partition of a feed.
pub(crate) const FEED: &str = "feed#";

/// Partition of the imports of stories from elsewhere.
pub(crate) const IMPORTS: &str = "imports";

/// Prefix of the partition of the stories that an import wrote.
pub(crate) const IMPORT: &str = "import#";

/// Prefix of the partition of an idempotency key.
pub(crate) const IDEMPOTENCY: &str = "idempotency#";

/// Prefix of the partition of a reading list.
pub(crate) const SAVED: &str = "saved#";

/// Prefix of the partition of a day's audit records.
pub(crate) const AUDIT_DAY: &str = "audit#";

/// Partition of the labels of all sections.
pub(crate) const SECTIONS: &str = "sections";

/// Partition of the labels of all tags.
pub(crate) const TAGS: &str = "tags";

/// Partition of the labels of all authors.
pub(crate) const AUTHORS: &str = "authors";
/// Partition of one-time claims.
pub(crate) const SETUP: &str = "setup";

/// Partition of the teasers of drafts.
pub(crate) const DRAFTS: &str = "drafts";

/// Partition of the trash.
pub(crate) const TRASH: &str = "trash";

/// Partition of the deletions of all stories.
pub(crate) const JOBS: &str = "jobs";

/// Partition of the heads of the daily audit chains.
pub(crate) const AUDIT: &str = "audit";

/// Prefix of the sort keys of earlier versions of a story.
pub(crate) const REVISION: &str = "revision#";

/// Seconds for which a deleted story can be restored: 30 days.
pub(crate) const TRASH_SECONDS: i64 = 30 * 24 * 60 * 60;

/// The body of a slug or a source: the id of its story.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Pointer {
    // Stored name of this field.
    #[serde(rename = "article")]
    pub(crate) story: StoryId,
    /// `true` for an earlier slug that readers never saw. Older pointers lack it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) hidden: bool,
}

pub(crate) fn story_key(id: StoryId) -> Key {
    Key::new(format!("{STORY}{id}"), CURRENT)
}

pub(crate) fn slug_key(slug: &Slug) -> Key {
    Key::new(format!("{SLUG}{slug}"), CURRENT)
}

pub(crate) fn source_key(source: &str) -> Key {
    Key::new(format!("{SOURCE}{source}"), CURRENT)
}

pub(crate) fn labels_partition(kind: LabelKind) -> &'static str {
    match kind {
        LabelKind::Section => SECTIONS,
        LabelKind::Tag => TAGS,
        LabelKind::Author => AUTHORS,
    }
}

pub(crate) fn label_key(kind: LabelKind, slug: &Slug) -> Key {
    Key::new(labels_partition(kind), slug.as_str())
}

pub(crate) fn samples_key() -> Key {
    Key::new(SETUP, "samples")
}

pub(crate) fn feed_partition(feed: &Feed) -> String {
    match feed {
        Feed::All => format!("{FEED}all"),
        Feed::Section(slug) => format!("{FEED}section:{slug}"),
        Feed::Tag(slug) => format!("{FEED}tag:{slug}"),
        Feed::Author(slug) => format!("{FEED}author:{slug}"),
    }
}

/// Checks whether a partition is the feed of a section.
pub(crate) fn is_section_feed(partition: &str) -> bool {
    partition.strip_prefix(FEED).is_some_and(|feed| feed.starts_with("section:"))
}

pub(crate) fn revision_key(id: StoryId, version: u64) -> Key {
    Key::new(format!("{STORY}{id}"), format!("{REVISION}{version:010}"))
}

pub(crate) fn import_key(number: u64) -> Key {
    Key::new(IMPORTS, format!("{number:010}"))
}

pub(crate) fn member_partition(import: u64) -> String {
    format!("{IMPORT}{import:010}")
}

pub(crate) fn job_key(id: JobId) -> Key {
    Key::new(JOBS, id.to_string())
}

pub(crate) fn idempotency_key(hash: &str) -> Key {
    Key::new(format!("{IDEMPOTENCY}{hash}"), CURRENT)
}

pub(crate) fn saved_partition(sub: &str) -> String {
    format!("{SAVED}{sub}")
}

pub(crate) fn audit_head_key(day: &str) -> Key {
    Key::new(AUDIT, day)
}

pub(crate) fn audit_partition(day: &str) -> String {
    format!("{AUDIT_DAY}{day}")
}

pub(crate) fn audit_record_key(day: &str, number: u64) -> Key {
    Key::new(audit_partition(day), audit_sort_key(number))
}

/// Returns the sort key of a record, which has the order of the chain.
pub(crate) fn audit_sort_key(number: u64) -> String {
    format!("{number:010}")
}

/// Returns the keys of a story's entries in lists: the trash, the drafts, or the feeds.
fn entry_keys(story: &Story) -> Vec<Key> {
    let position = FeedPosition::of(&story.teaser).to_string();
    match (&story.trashed, story.status) {
        (Some(trashed), _) => vec![trash_key(story.teaser.id, trashed)],
        (None, Status::Draft) => vec![Key::new(DRAFTS, position)],
        (None, Status::Published) => feed_keys(&story.teaser, &position),
    }
}

/// Returns the writes of the story's entries in lists.
fn put_entries(story: &Story) -> Result<Vec<Write>, TableError> {
    let teaser = &story.teaser;
    let mut writes = Vec::new();
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

fn feed_keys(teaser: &Teaser, position: &str) -> Vec<Key> {
    let mut feeds = vec![Feed::All, Feed::Section(teaser.section.slug.clone())];
    feeds.extend(teaser.authors.iter().map(|author| Feed::Author(author.slug.clone())));
    feeds.extend(teaser.tags.iter().map(|tag| Feed::Tag(tag.slug.clone())));
    feeds.iter().map(|feed| Key::new(feed_partition(feed), position)).collect()
}

/// Returns the writes that replace `before` by `after`: the story itself, on condition that it
/// still has the version of `before`, and its entries in all lists.
pub(crate) fn change(before: Option<&Story>, after: &Story) -> Result<Vec<Write>, TableError> {
    let item = Item::new(story_key(after.teaser.id), after)?.version(after.version);
    let condition = match before {
        None => Condition::Absent,
        Some(before) => Condition::Version(before.version),
    };
    let mut writes = vec![Write::Put { item, condition }];
    writes.extend(put_entries(after)?);
    writes.extend(put_images(before, after)?);
    writes.extend(story_times::change(before, after)?);
    let current = entry_keys(after);
    let previous = before.map(entry_keys).unwrap_or_default();
    writes.extend(previous.into_iter().filter(|key| !current.contains(key)).map(Write::delete));
    Ok(writes)
}

/// Returns the writes of a new version of a story. The version before is kept as a revision.
pub(crate) fn new_version(before: Option<&Story>, after: &Story) -> Result<Vec<Write>, TableError> {
    let mut writes = change(before, after)?;
    if let Some(before) = before {
        writes.push(keep_revision(before)?);
    }
    if let Some(source) = &after.source {
        writes.push(put_source(source, after.teaser.id)?);
    }
    Ok(writes)
}

/// Returns the write that keeps a version of a story that is about to be replaced.
fn keep_revision(story: &Story) -> Result<Write, TableError> {
    let key = revision_key(story.teaser.id, story.version);
    Ok(Write::put(Item::new(key, story)?.version(story.version)))
}

/// Returns the write that points a new slug to a story.
pub(crate) fn create_slug(slug: &Slug, story: StoryId) -> Result<Write, TableError> {
    Ok(Write::create(slug_item(slug, story, false)?))
}

/// Returns the write that points a slug that the story has or had to it again.
pub(crate) fn put_slug(slug: &Slug, story: StoryId, hidden: bool) -> Result<Write, TableError> {
    Ok(Write::put(slug_item(slug, story, hidden)?))
}

fn slug_item(slug: &Slug, story: StoryId, hidden: bool) -> Result<Item, TableError> {
    Item::new(slug_key(slug), &Pointer { story, hidden })
}

/// Returns the write that points the file of an import to its story.
pub(crate) fn put_source(source: &str, story: StoryId) -> Result<Write, TableError> {
    Ok(Write::put(Item::new(source_key(source), &Pointer { story, hidden: false })?))
}

/// Returns the last writes of erasing a story. Its slug stays, so that its page returns 410 Gone,
/// unless readers never saw it.
pub(crate) fn erase(story: &Story, trashed: &Trashed) -> Vec<Write> {
    let condition = Condition::Version(story.version);
    let mut writes = vec![Write::Delete { key: story_key(story.teaser.id), condition }];
    writes.push(Write::delete(trash_key(story.teaser.id, trashed)));
    writes.extend(story.source.as_deref().map(source_key).map(Write::delete));
    writes.extend(story_times::erase_corrections(story));
    if !story.images().is_empty() {
        writes.push(Write::delete(story_images_key(story.teaser.id)));
    }
    if !story.was_public_until(trashed.at) {
        writes.push(Write::delete(slug_key(&story.teaser.slug)));
    }
    writes
}

fn trash_key(id: StoryId, trashed: &Trashed) -> Key {
    Key::new(TRASH, FeedPosition::at(trashed.at, id).to_string())
}
