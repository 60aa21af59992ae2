//! The writes that change a story and everything that lists it.

use gazette_table::{Condition, Item, TableError, Write};

use crate::editing::items::edit_key;
use crate::entries::{entry_keys, put_entries, trash_key};
use crate::image_items::{put_images, story_images_key};
use crate::records::{Pointer, revision_key, slug_key, source_key, story_key};
use crate::removal::Removal;
use crate::slug::Slug;
use crate::story::{Story, StoryId, Trashed};
use crate::story_times;

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
    Item::new(slug_key(slug), &Pointer { story, hidden, removal: None })
}

/// Returns the write that points the file of an import to its story.
pub(crate) fn put_source(source: &str, story: StoryId) -> Result<Write, TableError> {
    Ok(Write::put(Item::new(source_key(source), &Pointer { story, hidden: false, removal: None })?))
}

/// Returns the write that keeps the removal of an erased story at a slug that it has or had.
pub(crate) fn put_removal(
    slug: &Slug,
    story: StoryId,
    trashed: &Trashed,
) -> Result<Write, TableError> {
    let removal = Some(Removal::of(trashed));
    Ok(Write::put(Item::new(slug_key(slug), &Pointer { story, hidden: false, removal })?))
}

/// Returns the last writes of erasing a story. Its slug stays, so that its page returns 410 Gone,
/// unless readers never saw it.
pub(crate) fn erase(story: &Story, trashed: &Trashed) -> Result<Vec<Write>, TableError> {
    let condition = Condition::Version(story.version);
    let mut writes = vec![Write::Delete { key: story_key(story.teaser.id), condition }];
    writes.push(Write::delete(trash_key(story.teaser.id, trashed)));
    writes.push(Write::delete(edit_key(story.teaser.id)));
    writes.extend(story.source.as_deref().map(source_key).map(Write::delete));
    writes.extend(story_times::erase_corrections(story));
    if !story.images().is_empty() {
        writes.push(Write::delete(story_images_key(story.teaser.id)));
    }
    let slug = &story.teaser.slug;
    writes.push(if story.was_public_until(trashed.at) {
        put_removal(slug, story.teaser.id, trashed)?
    } else {
        Write::delete(slug_key(slug))
    });
    Ok(writes)
}
