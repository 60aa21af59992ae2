//! Taking back an import.

use gazette_table::{Item, MAX_BATCH, Order, Range, TableError, Write};

use crate::action::Action;
use crate::audit::{Actor, AuditAction, AuditEvent, SystemTask};
use crate::caller::Caller;
use crate::desk::group::{Change, Group};
use crate::desk::import_images::is_image;
use crate::desk::imports::{ImportNumber, ImportRecord, Member};
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::desk::operator_desk::OperatorDesk;
use crate::error::DeskError;
use crate::feed::Limit;
use crate::image_record::ImageRecord;
use crate::records;
use crate::story::{Story, StoryId, Trashed};
use crate::story_writes;

/// Result of undoing an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Stories that were moved to the trash.
    pub trashed: usize,
    /// Stories that have their earlier text again.
    pub reverted: usize,
    /// Redirects that were removed.
    pub redirects: usize,
    /// Records of pictures that were removed; their files can be deleted.
    pub images: Vec<ImageRecord>,
    /// Headlines of stories that were changed since, and stay as they are.
    pub kept: Vec<String>,
}

/// The reason an import was not undone.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// There is no import with this number.
    #[error("there is no import number {0}")]
    Unknown(ImportNumber),
    /// It was undone before.
    #[error("import number {0} was undone already")]
    Done(ImportNumber),
    /// The desk failed; the same call goes on where this one stopped.
    #[error(transparent)]
    Desk(#[from] DeskError),
}

impl From<TableError> for UndoError {
    fn from(error: TableError) -> Self {
        Self::Desk(error.into())
    }
}

impl OperatorDesk {
    /// Undoes an import, except for what was changed since. An interrupted call can be made
    /// again.
    pub async fn undo_import(&self, number: ImportNumber) -> Result<Undone, UndoError> {
        self.newsroom().undo_import(&Actor::system(SystemTask::Import), number).await
    }
}

impl NewsDesk {
    /// Lists the imports, latest first.
    pub async fn imports(
        &self,
        caller: &Caller,
        limit: Limit,
    ) -> Result<Vec<ImportRecord>, DeskError> {
        self.policy.authorize(caller, Action::DeleteNews)?;
        self.newsroom.imports(limit.get()).await
    }

    /// Undoes an import, except for what was changed since.
    pub async fn undo_import(
        &self,
        caller: &Caller,
        number: ImportNumber,
    ) -> Result<Undone, UndoError> {
        let actor = self.authorize(caller, Action::DeleteNews).map_err(DeskError::from)?;
        self.newsroom.undo_import(&actor, number).await
    }
}

/// Outcome of undoing one story of an import.
enum Reverted {
    Trashed,
    Earlier,
    /// Changed since; its headline.
    Kept(String),
}

impl Newsroom {
    async fn undo_import(&self, actor: &Actor, number: ImportNumber) -> Result<Undone, UndoError> {
        let mut record = self.import_record(number).await?.ok_or(UndoError::Unknown(number))?;
        if record.undone_at.is_some() {
            return Err(UndoError::Done(number));
        }
        let mut undone = Undone::default();
        let partition = records::member_partition(number);
        let mut after = None;
        loop {
            let range = Range { after, before: None };
            let page = self.table.query(&partition, &range, Order::Ascending, 100).await?;
            let mut group = Group::with_max_writes(MAX_BATCH);
            for entry in page.items.iter().filter(|entry| !is_image(&entry.key)) {
                let change = self.reversal(actor, number, entry).await?;
                if !group.has_room(&change) {
                    self.take_back(group.take(), &mut undone).await?;
                }
                group.push(change);
            }
            self.take_back(group, &mut undone).await?;
            match page.items.last() {
                Some(last) if page.more => after = Some(last.key.sort.clone()),
                _ => break,
            }
        }
        undone.redirects = self.remove_redirects_of(actor, number).await?;
        undone.images = self.remove_images_of(actor, number).await?;
        record.undone_at = Some(self.now());
        self.table.write(vec![record.put()?]).await?;
        Ok(undone)
    }

    async fn take_back(
        &self,
        group: Group<(Reverted, String)>,
        undone: &mut Undone,
    ) -> Result<(), UndoError> {
        if group.is_empty() {
            return Ok(());
        }
        for ((reverted, headline), outcome) in group.commit(self).await? {
            match (reverted, outcome) {
                (Reverted::Trashed, Ok(())) => undone.trashed += 1,
                (Reverted::Earlier, Ok(())) => undone.reverted += 1,
                (Reverted::Kept(headline), _) if headline.is_empty() => {}
                (Reverted::Kept(headline), _) => undone.kept.push(headline),
                // Changed at this moment.
                (_, Err(_)) => undone.kept.push(headline),
            }
        }
        Ok(())
    }

    /// Prepares the undoing of one story. Its entry goes with it, so that the next call does not
    /// find it again.
    async fn reversal(
        &self,
        actor: &Actor,
        number: ImportNumber,
        entry: &Item,
    ) -> Result<Change<(Reverted, String)>, DeskError> {
        let member: Member = entry.parse()?;
        let done = Write::delete(entry.key.clone());
        let id: Option<StoryId> = entry.key.sort.parse().ok();
        let story = match id {
            Some(id) => self.story(id).await?,
            None => None,
        };
        let Some(story) = story else {
            return Ok(kept(String::new(), vec![done]));
        };
        let headline = story.teaser.headline.clone();
        let is_as_imported = story.trashed.is_none()
            && story
                .origin
                .as_ref()
                .is_some_and(|origin| origin.import == number && origin.version == story.version);
        if !is_as_imported {
            let is_gone = story.trashed.is_some();
            return Ok(kept(if is_gone { String::new() } else { headline }, vec![done]));
        }
        match member.before {
            None => self.trashing(actor, number, &story, done),
            Some(before) => self.reverting(actor, &story, before, done).await,
        }
    }

    fn trashing(
        &self,
        actor: &Actor,
        number: ImportNumber,
        story: &Story,
        done: Write,
    ) -> Result<Change<(Reverted, String)>, DeskError> {
        let mut after = story.clone();
        after.version += 1;
        after.trashed = Some(Trashed {
            at: self.now(),
            by: actor.name.clone(),
            reason: None,
            job: None,
            import: Some(number),
            erasing: false,
        });
        let mut writes = story_writes::change(Some(story), &after)?;
        writes.push(done);
        let event = AuditEvent::of(self.now(), actor, AuditAction::Trashed, &after);
        Ok(changed(Reverted::Trashed, after, writes, event))
    }

    async fn reverting(
        &self,
        actor: &Actor,
        story: &Story,
        before: u64,
        done: Write,
    ) -> Result<Change<(Reverted, String)>, DeskError> {
        let revision = self.table.get(&records::revision_key(story.teaser.id, before)).await?;
        let Some(earlier) = revision.map(|item| item.parse::<Story>()).transpose()? else {
            return Ok(kept(story.teaser.headline.clone(), vec![done]));
        };
        if let Some(trashed) = earlier.trashed.as_ref().and_then(|trashed| trashed.import) {
            // The import brought back a story that an earlier undoing had taken away.
            return self.trashing(actor, trashed, story, done);
        }
        let mut after = earlier;
        after.teaser.slug = story.teaser.slug.clone();
        let version_then = after.version;
        self.advance(&mut after, story, self.now()).await?;
        let version = after.version;
        // As untouched as it was then.
        if let Some(origin) = &mut after.origin
            && origin.version == version_then
        {
            origin.version = version;
        }
        let mut writes = story_writes::new_version(Some(story), &after)?;
        writes.push(done);
        let event = AuditEvent::of_version(self.now(), actor, Some(story), &after);
        let event = event.replacing(story.version);
        Ok(changed(Reverted::Earlier, after, writes, event))
    }
}

fn kept(headline: String, writes: Vec<Write>) -> Change<(Reverted, String)> {
    let subject = (Reverted::Kept(headline.clone()), headline);
    Change { subject, writes, event: None, text_bytes: 0 }
}

fn changed(
    reverted: Reverted,
    after: Story,
    writes: Vec<Write>,
    event: AuditEvent,
) -> Change<(Reverted, String)> {
    let text_bytes = after.body.len();
    Change { subject: (reverted, after.teaser.headline), writes, event: Some(event), text_bytes }
}
