//! Import of an export: stories with their history, and the audit log.

use std::collections::BTreeMap;
use std::sync::Arc;

use gazette_table::{Item, TableError, Write};

use crate::characters::with_line_feeds;
use crate::desk::cache::NewsChange;
use crate::desk::group::{Change, Group};
use crate::desk::import_audit::AuditImport;
use crate::desk::newsroom::Newsroom;
use crate::editing;
use crate::error::DeskError;
use crate::label::LabelKind;
use crate::records::{self, Pointer};
use crate::redirect::Redirect;
use crate::redirect_error::RedirectError;
use crate::redirect_items;
use crate::slug::Slug;
use crate::stored_story;
use crate::story::{Story, StoryId};
use crate::story_writes;

/// An import of the items that [`PARTITIONS`](crate::PARTITIONS) declares as
/// [`Export::ByOwner`](gazette_table::Export::ByOwner).
pub struct NewsImport<'a> {
    newsroom: &'a Newsroom,
    body_rule: BodyRule,
    /// Stories that are written together.
    group: Group<Subject>,
    outcomes: Vec<(usize, Result<Imported, DeskError>)>,
    /// Audit records by day and sort key.
    audit: BTreeMap<String, BTreeMap<String, Item>>,
}

/// Checks a body against a rule of the renderer. Returns the violation.
pub type BodyRule = Arc<dyn Fn(&str) -> Result<(), String> + Send + Sync>;

/// A story of a group.
struct Subject {
    line: usize,
    id: StoryId,
    slug: Slug,
    outcome: Imported,
}

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

impl<'a> NewsImport<'a> {
    pub(super) fn new(newsroom: &'a Newsroom, body_rule: BodyRule) -> Self {
        let (group, outcomes) = (Group::with_max_writes(newsroom.table.max_batch()), Vec::new());
        Self { newsroom, body_rule, group, outcomes, audit: BTreeMap::new() }
    }

    /// Checks an item that is imported as it is: an earlier version of a story, a label, or
    /// a redirect.
    ///
    /// # Errors
    /// [`DeskError::Unacceptable`] or [`DeskError::Redirect`] when it breaks a rule,
    /// [`DeskError::Table`] when it cannot be read.
    pub fn check_record(&self, item: &Item) -> Result<(), DeskError> {
        if item.key.partition == redirect_items::REDIRECTS {
            return check_redirect(item);
        }
        if item.key.partition.starts_with(records::STORY)
            && let Some(checked) = editing::items::check(item)
        {
            return Ok(checked?);
        }
        let kind = |kind: &LabelKind| records::labels_partition(*kind) == item.key.partition;
        let errors = if let Some(kind) = LabelKind::ALL.into_iter().find(kind) {
            stored_story::check_label(kind, &item.parse()?)
        } else if item.key.partition.starts_with(records::STORY) {
            stored_story::check(&item.parse()?, &*self.body_rule)
        } else {
            Vec::new()
        };
        if errors.is_empty() { Ok(()) } else { Err(DeskError::Unacceptable(errors)) }
    }

    /// Adds the item of a line: a story with its version, its dates and its state in the trash, or
    /// an item of the audit log, which [`NewsImport::finish`] imports. A story is written with those
    /// after it, without an audit record.
    ///
    /// # Errors
    /// Of the table. A story that is no story, breaks a rule or has the slug of another one is an
    /// outcome.
    pub async fn add(&mut self, line: usize, item: Item) -> Result<(), TableError> {
        if let Some(day) = item.key.partition.strip_prefix(records::AUDIT_DAY) {
            let day = self.audit.entry(day.to_owned()).or_default();
            day.insert(item.key.sort.clone(), item);
            return Ok(());
        }
        if item.key.partition == records::AUDIT {
            // The head of a chain is derived from the day's records.
            return Ok(());
        }
        let story = match item.parse::<Story>() {
            Ok(story) => story,
            Err(error) => {
                self.outcomes.push((line, Err(error.into())));
                return Ok(());
            }
        };
        match self.add_story(line, story).await {
            Ok(None) => {}
            Ok(Some(outcome)) => self.outcomes.push((line, Ok(outcome))),
            Err(DeskError::Table(error)) if !is_of_item(&error) => return Err(error),
            Err(error) => self.outcomes.push((line, Err(error))),
        }
        Ok(())
    }

    /// Writes what is left of the group.
    pub async fn flush(&mut self) -> Result<(), TableError> {
        let group = self.group.take();
        if group.is_empty() {
            return Ok(());
        }
        let written = group.commit(self.newsroom).await;
        self.newsroom.cache.record(NewsChange::ANY);
        for (subject, outcome) in written? {
            let outcome = match outcome {
                Ok(()) => Ok(subject.outcome),
                Err(TableError::Conflict { key }) if key == records::slug_key(&subject.slug) => {
                    Err(DeskError::slug_taken(&subject.slug))
                }
                Err(TableError::Conflict { .. }) => Err(DeskError::Stale),
                Err(error) => Err(error.into()),
            };
            self.outcomes.push((subject.line, outcome));
        }
        Ok(())
    }

    /// Returns what became of the stories of lines since the last call.
    pub fn take_outcomes(&mut self) -> Vec<(usize, Result<Imported, DeskError>)> {
        std::mem::take(&mut self.outcomes)
    }

    /// Returns the outcome, or `None` for a story that is written later.
    async fn add_story(
        &mut self,
        line: usize,
        mut story: Story,
    ) -> Result<Option<Imported>, DeskError> {
        story.body = with_line_feeds(story.body);
        let id = story.teaser.id;
        if self.group.subjects().any(|subject| subject.id == id) {
            self.flush().await?;
        }
        let (outcome, writes) = self.newsroom.import_story(&story, &*self.body_rule).await?;
        if writes.is_empty() {
            return Ok(Some(outcome));
        }
        let subject = Subject { line, id, slug: story.teaser.slug, outcome };
        let change = Change { subject, writes, event: None, text_bytes: story.body.len() };
        if !self.group.has_room(&change) {
            self.flush().await?;
        }
        self.group.push(change);
        Ok(None)
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
    if item.key != redirect_items::redirect_key(&redirect.from) {
        return Err(RedirectError::from_rule("is not the address of its key").into());
    }
    Ok(())
}

/// Checks for an error that says something of the item, and nothing of the table.
fn is_of_item(error: &TableError) -> bool {
    matches!(error, TableError::Invalid { .. } | TableError::Conflict { .. })
}

impl Newsroom {
    /// Returns what an import of the story will do, and its writes: none if there is nothing to do.
    async fn import_story(
        &self,
        story: &Story,
        body_rule: impl FnOnce(&str) -> Result<(), String>,
    ) -> Result<(Imported, Vec<Write>), DeskError> {
        let existing = self.story(story.teaser.id).await?;
        let outcome = match &existing {
            None => Imported::Created,
            Some(existing) if existing == story => return Ok((Imported::Unchanged, Vec::new())),
            Some(existing) if existing.version >= story.version => {
                return Ok((Imported::Kept, Vec::new()));
            }
            Some(_) => Imported::Updated,
        };
        let errors = stored_story::check(story, body_rule);
        if !errors.is_empty() {
            return Err(DeskError::Unacceptable(errors));
        }
        let mut batch = story_writes::change(existing.as_ref(), story)?;
        let (id, slug) = (story.teaser.id, &story.teaser.slug);
        match self.table.get(&records::slug_key(slug)).await? {
            None => batch.push(story_writes::create_slug(slug, id)?),
            Some(item) if item.parse::<Pointer>()?.story == id => {}
            Some(_) => return Err(DeskError::slug_taken(slug)),
        }
        if let Some(source) = &story.source
            && self.story_of_source(source).await?.is_none()
        {
            batch.push(story_writes::put_source(source, id)?);
        }
        Ok((outcome, batch))
    }
}
