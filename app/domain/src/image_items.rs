//! The items of uploaded pictures; `records` lists them with all others.

use gazette_table::{Condition, Item, Key, TableError, Write};

use crate::feed::FeedPosition;
use crate::image_name::ImageId;
use crate::image_record::{ImageRecord, StoryImages};
use crate::story::{Story, StoryId};

/// Partition of the records of uploaded pictures.
pub(crate) const IMAGES: &str = "images";

/// Partition of the same records in the order of their uploads.
pub(crate) const IMAGE_LIST: &str = "image-list";

/// Partition of the uploaded pictures that each story uses.
pub(crate) const STORY_IMAGES: &str = "story-images";

/// Version of the record of a picture, which only gets a text alternative later.
const VERSION: u64 = 1;

pub(crate) fn image_key(id: ImageId) -> Key {
    Key::new(IMAGES, id.to_string())
}

pub(crate) fn image_list_key(image: &ImageRecord) -> Key {
    let position = FeedPosition::at(image.uploaded_at, StoryId::of_image(image.id));
    Key::new(IMAGE_LIST, position.to_string())
}

pub(crate) fn story_images_key(story: StoryId) -> Key {
    Key::new(STORY_IMAGES, story.to_string())
}

/// Returns the writes that add a picture.
pub(crate) fn add_image(image: &ImageRecord) -> Result<Vec<Write>, TableError> {
    let record = Write::create(Item::new(image_key(image.id), image)?.version(VERSION));
    Ok(vec![record, Write::put(Item::new(image_list_key(image), image)?)])
}

/// Returns the writes that replace the record of a picture, on condition that it is there.
pub(crate) fn replace_image(image: &ImageRecord) -> Result<Vec<Write>, TableError> {
    let record = Item::new(image_key(image.id), image)?.version(VERSION);
    let list = Item::new(image_list_key(image), image)?;
    Ok(vec![Write::replace(record, VERSION), Write::put(list)])
}

/// Returns the writes that delete a picture, on condition that it is there.
pub(crate) fn delete_image(image: &ImageRecord) -> Vec<Write> {
    let condition = Condition::Version(VERSION);
    let record = Write::Delete { key: image_key(image.id), condition };
    vec![record, Write::delete(image_list_key(image))]
}

/// Returns the write that changes which pictures a story uses, if any does.
pub(crate) fn put_images(
    before: Option<&Story>,
    after: &Story,
) -> Result<Option<Write>, TableError> {
    let (story, images) = (after.teaser.id, after.images());
    let key = story_images_key(story);
    if !images.is_empty() {
        return Ok(Some(Write::put(Item::new(key, &StoryImages { story, images })?)));
    }
    Ok(before.is_some_and(|before| !before.images().is_empty()).then(|| Write::delete(key)))
}
