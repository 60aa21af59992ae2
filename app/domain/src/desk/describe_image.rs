//! The text alternative of an uploaded picture, from the first story that has one.

use gazette_table::Write;

use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::image_items;
use crate::image_name::ImageName;
use crate::image_record::ImageRecord;
use crate::story::Story;

impl Newsroom {
    /// Returns the writes that give the record of a story's picture the text alternative that was
    /// written for the story; none if the record has one.
    pub(super) async fn describe_image(
        &self,
        before: &Story,
        after: &Story,
    ) -> Result<Vec<Write>, DeskError> {
        let Some(image) = &after.teaser.image else { return Ok(Vec::new()) };
        if image.alt.is_empty() || before.teaser.image.as_ref() == Some(image) {
            return Ok(Vec::new());
        }
        let Some(name) = ImageName::of_path(&image.url) else { return Ok(Vec::new()) };
        match self.image(name.id).await? {
            Some(record) if record.alt.is_none() => {
                let described = ImageRecord { alt: Some(image.alt.clone()), ..record };
                Ok(image_items::replace_image(&described)?)
            }
            _ => Ok(Vec::new()),
        }
    }
}
