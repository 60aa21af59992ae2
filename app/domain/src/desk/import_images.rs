//! Pictures that an import adds and that undoing it removes.

use gazette_table::{Item, Key, Order, Range, Write};
use serde::{Deserialize, Serialize};

use crate::audit::Actor;
use crate::desk::imports::ImportNumber;
use crate::desk::newsroom::Newsroom;
use crate::desk::story_import::StoryImport;
use crate::error::DeskError;
use crate::image_name::ImageId;
use crate::image_record::{ImageRecord, NewImage};
use crate::records;
use crate::story::StoryId;

/// Beginning of the sort keys of pictures among the members of an import. They come after the ids
/// of its stories.
const PREFIX: &str = "image#";
/// Pictures that are read at once.
const BATCH: usize = 100;

/// The entry of a picture that an import added.
#[derive(Serialize, Deserialize)]
struct ImageMember {
    image: ImageId,
}

impl StoryImport<'_> {
    /// Adds the record of a picture whose files are stored; `true` if it is new. It belongs to this
    /// import then.
    pub async fn add_image(&mut self, image: NewImage) -> Result<(ImageRecord, bool), DeskError> {
        let id = image.name.id;
        if let Some(record) = self.newsroom.image(id).await? {
            return Ok((record, false));
        }
        let number = self.number().await?;
        let entry = Item::new(key(number, id), &ImageMember { image: id })?;
        self.newsroom.add_image_with(&self.actor, image, vec![Write::put(entry)]).await
    }
}

impl Newsroom {
    /// Deletes the records of the pictures that an import added and that no story uses, apart
    /// from the stories that taking back this import moved to the trash. Returns them.
    pub(super) async fn remove_images_of(
        &self,
        actor: &Actor,
        import: ImportNumber,
    ) -> Result<Vec<ImageRecord>, DeskError> {
        let partition = records::member_partition(import);
        let mut removed = Vec::new();
        let mut uses = None;
        loop {
            // Entries are deleted as they are read.
            let range = Range { after: Some(PREFIX.to_owned()), before: None };
            let page = self.table.query(&partition, &range, Order::Ascending, BATCH).await?;
            for entry in &page.items {
                let ImageMember { image } = entry.parse()?;
                if uses.is_none() {
                    uses = Some(self.image_uses().await?);
                }
                let stories = uses.as_ref().and_then(|uses| uses.get(&image));
                let stories = stories.map(Vec::as_slice).unwrap_or_default();
                if !self.is_used_beyond(stories, import).await?
                    && let Some(record) = self.image(image).await?
                    && self.delete_image(actor, &record).await?
                {
                    removed.push(record);
                }
                self.table.write(vec![Write::delete(entry.key.clone())]).await?;
            }
            if page.items.is_empty() {
                return Ok(removed);
            }
        }
    }

    /// Checks whether one of the stories was not moved to the trash with this import.
    async fn is_used_beyond(
        &self,
        stories: &[StoryId],
        import: ImportNumber,
    ) -> Result<bool, DeskError> {
        let stories = self.stories(stories).await?;
        let is_undone = |story: &crate::story::Story| {
            story.trashed.as_ref().is_some_and(|trashed| trashed.import == Some(import))
        };
        Ok(stories.iter().any(|story| !is_undone(story)))
    }
}

/// Returns whether an entry of an import is that of a picture.
pub(super) fn is_image(entry: &Key) -> bool {
    entry.sort.starts_with(PREFIX)
}

fn key(import: ImportNumber, image: ImageId) -> Key {
    Key::new(records::member_partition(import), format!("{PREFIX}{image}"))
}
