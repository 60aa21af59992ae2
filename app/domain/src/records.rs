//! The keys of the items that a story consists of.
//!
//! | partition | sort key | body |
//! |---|---|---|
//! | `article#<id>` | `current` | the story |
//! | `article#<id>` | `revision#<version>` | an earlier version of the story |
//! | `slug#<slug>` | `current` | the id of the story that has or had the slug |
//! | `source#<file>` | `current` | the id of the story imported from the file |
//! | `feed#all` | time and id | the teaser, status and owner of a published story |
//! | `feed#section:<slug>`, `feed#tag:<slug>`, `feed#author:<slug>` | time and id | the teaser of a published story |
//! | `endings` | time and id | the id of a story that readers no longer see from then on |
//! | `pins` | time of the end and id | the teaser of a story that the front page shows first until then |
//! | `corrections` | time and id | the id of a story that was corrected then |
//! | `drafts` | time and id | the teaser, status and owner of a story that is not published |
//! | `sections`, `tags`, `authors` | slug | the label that stories get for this slug: another one if it was merged |
//! | `setup` | `samples` | the time a process claimed the publication of the sample stories |
//! | `trash` | time of deletion and id | the teaser and the deletion of a story |
//! | `jobs` | id | a deletion of all stories and its progress |
//! | `erasures` | id | an erasure of stories in the trash and its progress |
//! | `imports` | number | an import of stories from elsewhere |
//! | `import#<number>` | id of the story | the version that the import replaced |
//! | `import#<number>` | `image#<id>` | the picture that the import added |
//! | `idempotency#<hash>` | `current` | the story that a request with the key created; expires after a day |
//! | `saved#<sub>` | id of the story | the time the story was saved |
//! | `redirects` | the old address, or its beginning and its hash | a redirect |
//! | `images` | id | the record of an uploaded picture |
//! | `image-list` | time of upload and id | the same record |
//! | `story-images` | id of the story | the uploaded pictures that the story uses |
//! | `edits` | id of the story | its form in the editor differs from it; `editing::items` has the rest |
//! | `audit#<day>` | number | a record of the audit log |
//! | `audit` | day | the head of the day's chain |
//!
//! A feed is one partition: a newsroom writes far less than a partition can take, so a page of any
//! feed costs one query.

use gazette_table::{Key, Range, Write};
use serde::{Deserialize, Serialize};

use crate::feed::Feed;
use crate::label::LabelKind;
use crate::removal::Removal;
use crate::slug::Slug;
use crate::story::{JobId, StoryId};

/// Sort key of the only item of a partition.
pub(crate) const CURRENT: &str = "current";

/// Prefix of the partition of a story. Stored keys use the former name of `Story`.
pub(crate) const STORY: &str = "article#";

/// Prefix of the partition of a slug.
pub(crate) const SLUG: &str = "slug#";

/// Prefix of the partition of an imported file.
pub(crate) const SOURCE: &str = "source#";

/// Prefix of the partition of a feed.
pub(crate) const FEED: &str = "feed#";

/// Partition of the feed of all stories.
pub(crate) const ALL_STORIES: &str = "feed#all";

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

/// Partition of the stories whose working copies differ from them; see `editing::items`.
pub(crate) const EDITS: &str = "edits";

/// Partition of the trash.
pub(crate) const TRASH: &str = "trash";

/// Partition of the deletions of all stories.
pub(crate) const JOBS: &str = "jobs";

/// Partition of the erasures of many stories.
pub(crate) const ERASURES: &str = "erasures";

/// Partition of the heads of the daily audit chains.
pub(crate) const AUDIT: &str = "audit";

/// Prefix of the sort keys of earlier versions of a story.
pub(crate) const REVISION: &str = "revision#";

/// Returns a sort key after all those with a prefix, and before every other one that is after them.
pub(crate) fn after_prefix(prefix: &str) -> String {
    format!("{prefix}\u{10ffff}")
}

/// The body of a slug or a source: the id of its story.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pointer {
    // Stored name of this field.
    #[serde(rename = "article")]
    pub(crate) story: StoryId,
    /// `true` for an earlier slug that readers never saw. Older pointers lack it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) hidden: bool,
    /// The removal of the erased story. Older pointers lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) removal: Option<Removal>,
}

pub(crate) fn story_key(id: StoryId) -> Key {
    Key::new(format!("{STORY}{id}"), CURRENT)
}

/// Returns the story whose item has this key.
pub(crate) fn story_of_key(key: &Key) -> Option<StoryId> {
    let id = key.partition.strip_prefix(STORY).filter(|_| key.sort == CURRENT)?;
    id.parse().ok()
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

/// Checks whether a write stores the spelling of a label.
pub(crate) fn is_label(write: &Write) -> bool {
    [SECTIONS, TAGS, AUTHORS].contains(&write.key().partition.as_str())
}

pub(crate) fn samples_key() -> Key {
    Key::new(SETUP, "samples")
}

pub(crate) fn feed_partition(feed: &Feed) -> String {
    match feed {
        Feed::All => ALL_STORIES.to_owned(),
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

/// Returns the range of the earlier versions of a story.
pub(crate) fn revisions_range() -> Range {
    Range { after: Some(REVISION.to_owned()), before: Some(after_prefix(REVISION)) }
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

pub(crate) fn erasure_key(id: JobId) -> Key {
    Key::new(ERASURES, id.to_string())
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
