//! Taking a story over from another store, as it was there.

use gazette_table::TableError;

use crate::article::Article;
use crate::desk::NewsDesk;
use crate::draft::FieldFault;
use crate::error::DeskError;
use crate::records::{self, Pointer};

/// What taking a story in came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakenIn {
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
    pub async fn take_in(&self, article: &Article) -> Result<TakenIn, DeskError> {
        let here = self.article(article.card.id).await?;
        let outcome = match &here {
            None => TakenIn::Created,
            Some(here) if here == article => return Ok(TakenIn::Unchanged),
            Some(here) if here.version >= article.version => return Ok(TakenIn::Kept),
            Some(_) => TakenIn::Updated,
        };
        let mut batch = records::change(here.as_ref(), article)?;
        let (id, slug) = (article.card.id, &article.card.slug);
        match self.ports.table.get(&records::slug_key(slug)).await? {
            None => batch.push(records::create_slug(slug, id)?),
            Some(item) if item.parse::<Pointer>()?.article == id => {}
            Some(_) => {
                let message = format!("{slug} is the address of another story here");
                return Err(DeskError::Unacceptable(vec![FieldFault { field: "slug", message }]));
            }
        }
        if let Some(source) = &article.source
            && self.article_of_source(source).await?.is_none()
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
