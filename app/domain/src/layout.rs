//! The partitions of the domain, and how an export handles them.

use gazette_table::{Export, Item, Partition, TableError};

use crate::editing;
use crate::image_items;
use crate::records;
use crate::redirect_items;
use crate::story::Story;
use crate::story_times;

/// The partitions that the desks write.
///
/// Stories and audit records are imported by
/// [`OperatorDesk::begin_import`](crate::OperatorDesk::begin_import).
pub const PARTITIONS: &[Partition] = &[
    Partition::prefixed(records::STORY, Export::ByOwner).with_sort_prefix(records::CURRENT),
    Partition::prefixed(records::STORY, Export::Record).with_sort_prefix(records::REVISION),
    Partition::prefixed(records::STORY, Export::Record).with_sort_prefix(editing::items::WORKING),
    Partition::prefixed(records::STORY, Export::Record).with_sort_prefix(editing::items::SAVES),
    Partition::prefixed(records::STORY, Export::Record).with_sort_prefix(editing::items::SAVE),
    Partition::prefixed(records::STORY, Export::Transient).with_sort_prefix(editing::items::BASE),
    Partition::prefixed(records::STORY, Export::Transient).with_sort_prefix(editing::items::OPENED),
    Partition::named(records::EDITS, Export::Record),
    Partition::prefixed(records::AUDIT_DAY, Export::ByOwner),
    Partition::named(records::AUDIT, Export::ByOwner),
    Partition::prefixed(records::SAVED, Export::Record),
    Partition::named(records::SECTIONS, Export::Record),
    Partition::named(records::TAGS, Export::Record),
    Partition::named(records::AUTHORS, Export::Record),
    Partition::named(records::IMPORTS, Export::Record),
    Partition::prefixed(records::IMPORT, Export::Record),
    Partition::prefixed(records::SLUG, Export::Record),
    Partition::named(redirect_items::REDIRECTS, Export::Record),
    Partition::prefixed(records::FEED, Export::Derived),
    Partition::named(image_items::IMAGES, Export::Record),
    Partition::named(image_items::IMAGE_LIST, Export::Record),
    Partition::named(image_items::STORY_IMAGES, Export::Derived),
    Partition::named(records::DRAFTS, Export::Derived),
    Partition::named(story_times::ENDINGS, Export::Derived),
    Partition::named(story_times::PINS, Export::Derived),
    Partition::named(story_times::CORRECTIONS, Export::Derived),
    Partition::named(records::TRASH, Export::Derived),
    Partition::prefixed(records::SOURCE, Export::Derived),
    Partition::named(records::JOBS, Export::Transient),
    Partition::named(records::ERASURES, Export::Transient),
    Partition::named(records::SETUP, Export::Transient),
    Partition::prefixed(records::IDEMPOTENCY, Export::Transient),
];

/// Returns the story of an item; `None` if the item is an earlier version or something else.
///
/// # Errors
/// [`TableError`] when the item cannot be read.
pub fn current_story(item: &Item) -> Option<Result<Story, TableError>> {
    let is_story = item.key.partition.starts_with(records::STORY);
    (is_story && item.key.sort == records::CURRENT).then(|| item.parse())
}

#[cfg(test)]
mod tests {
    use gazette_table::Key;
    use uuid::Uuid;

    use super::*;
    use crate::feed::Feed;
    use crate::image_name::ImageId;
    use crate::label::LabelKind;
    use crate::slug::Slug;
    use crate::story::{JobId, StoryId};

    /// Returns a key of every kind that `records` makes.
    fn keys() -> Vec<Key> {
        let slug: Slug = "rivers".parse().expect("a slug");
        let (id, job) = (StoryId::new(Uuid::nil()), JobId::new(Uuid::nil()));
        let feeds = [
            Feed::All,
            Feed::Section(slug.clone()),
            Feed::Tag(slug.clone()),
            Feed::Author(slug.clone()),
        ];
        let mut keys = vec![
            records::story_key(id),
            records::revision_key(id, 1),
            editing::items::working_key(id),
            editing::items::saves_key(id),
            editing::items::save_key(id, 1),
            editing::items::base_key(id, 1),
            editing::items::opened_key(id, "sub"),
            editing::items::edit_key(id),
            records::slug_key(&slug),
            records::source_key("a.md"),
            records::job_key(job),
            records::erasure_key(job),
            image_items::image_key(ImageId::new(1)),
            Key::new(image_items::IMAGE_LIST, "position"),
            image_items::story_images_key(id),
            records::samples_key(),
            Key::new(redirect_items::REDIRECTS, "/old"),
            records::import_key(1),
            Key::new(records::member_partition(1), id.to_string()),
            records::idempotency_key("hash"),
            records::audit_head_key("2026-11-21"),
            records::audit_record_key("2026-11-21", 1),
            Key::new(records::saved_partition("sub"), id.to_string()),
            Key::new(records::DRAFTS, "position"),
            Key::new(records::TRASH, "position"),
            Key::new(story_times::ENDINGS, "position"),
            Key::new(story_times::PINS, "position"),
            Key::new(story_times::CORRECTIONS, "position"),
        ];
        keys.extend(LabelKind::ALL.map(|kind| records::label_key(kind, &slug)));
        keys.extend(feeds.iter().map(|feed| Key::new(records::feed_partition(feed), "position")));
        keys
    }

    #[test]
    fn every_key_is_covered_by_exactly_one_declaration() {
        for key in keys() {
            let count = PARTITIONS.iter().filter(|partition| partition.covers(&key)).count();
            assert_eq!(count, 1, "{key:?}");
        }
    }

    #[test]
    fn every_declaration_covers_a_key() {
        let keys = keys();
        for partition in PARTITIONS {
            assert!(keys.iter().any(|key| partition.covers(key)), "{partition:?}");
        }
    }
}
