//! Import of a story from another store, with its history kept.

use gazette_table::TableError;

use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::records::{self, Pointer};
use crate::story::Story;
use crate::story_input::FieldError;

/// The result of importing a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// The story is new here.
    Created,
    /// The story replaced an older version.
    Updated,
    /// The same version was here already.
    Unchanged,
    /// A different version, as new or newer, was here already and is kept.
    Kept,
}

impl Newsroom {
    pub(super) async fn import_story(&self, story: &Story) -> Result<Imported, DeskError> {
        let existing = self.story(story.teaser.id).await?;
        let outcome = match &existing {
            None => Imported::Created,
            Some(existing) if existing == story => return Ok(Imported::Unchanged),
            Some(existing) if existing.version >= story.version => return Ok(Imported::Kept),
            Some(_) => Imported::Updated,
        };
        let mut batch = records::change(existing.as_ref(), story)?;
        let (id, slug) = (story.teaser.id, &story.teaser.slug);
        match self.table.get(&records::slug_key(slug)).await? {
            None => batch.push(records::create_slug(slug, id)?),
            Some(item) if item.parse::<Pointer>()?.story == id => {}
            Some(_) => {
                let message = format!("{slug} is the address of another story here");
                return Err(DeskError::Unacceptable(vec![FieldError { field: "slug", message }]));
            }
        }
        if let Some(source) = &story.source
            && self.story_of_source(source).await?.is_none()
        {
            batch.push(records::put_source(source, id)?);
        }
        let written = self.table.write(batch).await;
        self.cache.bump_content_version();
        self.cache.clear_sections();
        match written {
            Ok(()) => Ok(outcome),
            Err(TableError::Conflict { .. }) => Err(DeskError::Stale),
            Err(error) => Err(error.into()),
        }
    }
}
