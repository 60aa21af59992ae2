//! Taking a story over from another store, as it was there.

use gazette_table::TableError;

use crate::desk::NewsDesk;
use crate::error::DeskError;
use crate::records::{self, Pointer};
use crate::story::Story;
use crate::story_input::FieldError;

/// What taking a story in came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// It was not here.
    Created,
    /// An older version of it was here.
    Updated,
    /// It was here just so.
    Unchanged,
    /// Another version of it is here that is as new or newer, and stays.
    Kept,
}

impl NewsDesk {
    /// Takes a story over with its version, its dates and its place in the trash.
    ///
    /// For the operator at the machine: the audit log has no entry of it, since the entries of the
    /// story come over themselves.
    ///
    /// # Errors
    /// [`DeskError::Unacceptable`] when its address belongs to another story here.
    pub async fn import_story(&self, story: &Story) -> Result<Imported, DeskError> {
        let here = self.stored_story(story.teaser.id).await?;
        let outcome = match &here {
            None => Imported::Created,
            Some(here) if here == story => return Ok(Imported::Unchanged),
            Some(here) if here.version >= story.version => return Ok(Imported::Kept),
            Some(_) => Imported::Updated,
        };
        let mut batch = records::change(here.as_ref(), story)?;
        let (id, slug) = (story.teaser.id, &story.teaser.slug);
        match self.ports.table.get(&records::slug_key(slug)).await? {
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
        let written = self.ports.table.write(batch).await;
        self.memory.forget();
        self.memory.forget_sections();
        match written {
            Ok(()) => Ok(outcome),
            Err(TableError::Conflict { .. }) => Err(DeskError::Stale),
            Err(error) => Err(error.into()),
        }
    }
}
