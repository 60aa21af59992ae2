//! Import of an export: stories with their history, and the audit log.

use std::collections::BTreeMap;

use gazette_table::{Item, TableError};

use crate::characters::with_line_feeds;
use crate::desk::import_audit::AuditImport;
use crate::desk::newsroom::Newsroom;
use crate::error::DeskError;
use crate::label::LabelKind;
use crate::records::{self, Pointer};
use crate::redirect::Redirect;
use crate::redirect_error::RedirectError;
use crate::stored_story;
use crate::story::Story;

/// An import of the items that [`PARTITIONS`](crate::PARTITIONS) declares as
/// [`Export::ByOwner`](gazette_table::Export::ByOwner).
pub struct NewsImport<'a> {
    newsroom: &'a Newsroom,
    body_rule: BodyRule,
    /// Audit records by day and sort key.
    audit: BTreeMap<String, BTreeMap<String, Item>>,
}

/// Checks a body against a rule of the renderer. Returns the violation.
pub type BodyRule = fn(&str) -> Result<(), String>;

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

/// The reason an item was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The item is refused; other items can still be imported.
    #[error(transparent)]
    Refused(DeskError),
    /// The table failed.
    #[error(transparent)]
    Table(TableError),
}

impl<'a> NewsImport<'a> {
    pub(super) fn new(newsroom: &'a Newsroom, body_rule: BodyRule) -> Self {
        Self { newsroom, body_rule, audit: BTreeMap::new() }
    }

    /// Checks an item that is imported as it is: an earlier version of a story, a label, or
    /// a redirect.
    ///
    /// # Errors
    /// [`DeskError::Unacceptable`] or [`DeskError::Redirect`] when it breaks a rule,
    /// [`DeskError::Table`] when it cannot be read.
    pub fn check_record(&self, item: &Item) -> Result<(), DeskError> {
        if item.key.partition == records::REDIRECTS {
            return check_redirect(item);
        }
        let kind = |kind: &LabelKind| records::labels_partition(*kind) == item.key.partition;
        let errors = if let Some(kind) = LabelKind::ALL.into_iter().find(kind) {
            stored_story::check_label(kind, &item.parse()?)
        } else if item.key.partition.starts_with(records::STORY) {
            stored_story::check(&item.parse()?, self.body_rule)
        } else {
            Vec::new()
        };
        if errors.is_empty() { Ok(()) } else { Err(DeskError::Unacceptable(errors)) }
    }

    /// Imports a story with its version, its dates and its state in the trash; writes no audit
    /// record. Returns `None` for an item of the audit log, which [`NewsImport::finish`] imports.
    ///
    /// # Errors
    /// [`ImportError::Refused`] when the item is not a story, breaks a rule of stories, or has the
    /// slug of another story.
    pub async fn add(&mut self, item: Item) -> Result<Option<Imported>, ImportError> {
        if let Some(day) = item.key.partition.strip_prefix(records::AUDIT_DAY) {
            let day = self.audit.entry(day.to_owned()).or_default();
            day.insert(item.key.sort.clone(), item);
            return Ok(None);
        }
        if item.key.partition == records::AUDIT {
            // The head of a chain is derived from the day's records.
            return Ok(None);
        }
        let mut story: Story = item.parse().map_err(|error| ImportError::Refused(error.into()))?;
        story.body = with_line_feeds(story.body);
        match self.newsroom.import_story(&story, self.body_rule).await {
            Ok(imported) => Ok(Some(imported)),
            Err(DeskError::Table(error)) if !matches!(error, TableError::Invalid { .. }) => {
                Err(ImportError::Table(error))
            }
            Err(error) => Err(ImportError::Refused(error)),
        }
    }

    /// Imports the audit log, a day at a time: every day whose log here is the beginning of the
    /// imported one.
    pub async fn finish(self) -> Result<AuditImport, TableError> {
        let mut outcome = AuditImport::default();
        for (day, records) in self.audit {
            let records: Vec<Item> = records.into_values().collect();
            self.newsroom.import_audit_day(&day, &records, &mut outcome).await?;
        }
        Ok(outcome)
    }
}

/// Checks a redirect, and that its key is the one under which it is looked up.
fn check_redirect(item: &Item) -> Result<(), DeskError> {
    let redirect: Redirect = item.parse()?;
    redirect.check()?;
    if item.key != records::redirect_key(&redirect.from) {
        return Err(RedirectError::from_rule("is not the address of its key").into());
    }
    Ok(())
}

impl Newsroom {
    async fn import_story(
        &self,
        story: &Story,
        body_rule: BodyRule,
    ) -> Result<Imported, DeskError> {
        let existing = self.story(story.teaser.id).await?;
        let outcome = match &existing {
            None => Imported::Created,
            Some(existing) if existing == story => return Ok(Imported::Unchanged),
            Some(existing) if existing.version >= story.version => return Ok(Imported::Kept),
            Some(_) => Imported::Updated,
        };
        let errors = stored_story::check(story, body_rule);
        if !errors.is_empty() {
            return Err(DeskError::Unacceptable(errors));
        }
        let mut batch = records::change(existing.as_ref(), story)?;
        let (id, slug) = (story.teaser.id, &story.teaser.slug);
        match self.table.get(&records::slug_key(slug)).await? {
            None => batch.push(records::create_slug(slug, id)?),
            Some(item) if item.parse::<Pointer>()?.story == id => {}
            Some(_) => return Err(DeskError::slug_taken(slug)),
        }
        if let Some(source) = &story.source
            && self.story_of_source(source).await?.is_none()
        {
            batch.push(records::put_source(source, id)?);
        }
        let written = self.table.write(batch).await;
        self.cache.record_removal();
        self.cache.clear_sections();
        match written {
            Ok(()) => Ok(outcome),
            Err(TableError::Conflict { .. }) => Err(DeskError::Stale),
            Err(error) => Err(error.into()),
        }
    }
}
