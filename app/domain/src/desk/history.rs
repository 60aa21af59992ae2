//! The history of a story: what was typed, and what was published.

use std::collections::BTreeMap;

use gazette_table::{Order, Range};
use jiff::tz::TimeZone;

use crate::caller::Caller;
use crate::desk::edit_act::FormAct;
use crate::desk::edit_request::SaveRequest;
use crate::desk::edit_state::{EditedStory, MAX_ATTEMPTS};
use crate::desk::news_desk::NewsDesk;
use crate::desk::newsroom::Newsroom;
use crate::desk::story_access::Need;
use crate::editing::history::{HistoryEntry, HistoryKind, Snapshot};
use crate::editing::items::save_key;
use crate::editing::story_form::StoryForm;
use crate::error::DeskError;
use crate::records;
use crate::story::{Status, Story, StoryId};

/// Earlier versions of a story that are listed at most, and those that one query reads: each is a
/// whole story.
const MAX_REVISIONS: usize = 1_000;
const REVISIONS_PER_QUERY: usize = 50;

impl NewsDesk {
    /// Lists the versions of a story that can be restored, latest first: those that were saved in
    /// the editor, and those of the story.
    pub async fn history(
        &self,
        caller: &Caller,
        id: StoryId,
    ) -> Result<Vec<HistoryEntry>, DeskError> {
        let (_, story) = self.authorized_story(caller, id, Need::Draft).await?;
        let newsroom = &self.newsroom;
        let mut versions = newsroom.revision_entries(id).await?;
        versions.insert(story.version, entry_of(&story));
        // What was saved in the editor has an author.
        let saved = newsroom.snapshot_list(id).await?.entries;
        versions.extend(saved.into_iter().map(|entry| (entry.version, entry)));
        if let Some(present) = newsroom.present_entry(id, &versions).await? {
            versions.insert(present.version, present);
        }
        Ok(versions.into_values().rev().collect())
    }

    /// Returns the form of a version in the history.
    ///
    /// # Errors
    /// [`DeskError::Missing`] if the history has no such version.
    pub async fn history_form(
        &self,
        caller: &Caller,
        id: StoryId,
        version: u64,
        zone: &TimeZone,
    ) -> Result<StoryForm, DeskError> {
        let (_, story) = self.authorized_story(caller, id, Need::Draft).await?;
        self.newsroom.form_of_version(&story, version, zone).await
    }

    /// Puts the form of an earlier version into the editor. What is there is kept in the history. A
    /// draft follows its form; of a published story only the working copy changes.
    pub async fn restore_form(
        &self,
        caller: &Caller,
        id: StoryId,
        version: u64,
        zone: &TimeZone,
    ) -> Result<EditedStory, DeskError> {
        for _ in 0..MAX_ATTEMPTS {
            let (_, story) = self.authorized_story(caller, id, Need::Draft).await?;
            let form = self.newsroom.form_of_version(&story, version, zone).await?;
            let version = self.newsroom.edit_state(id, zone).await?.version;
            let request = SaveRequest { version, form, ..SaveRequest::default() };
            match self.save_form(caller, id, request, &FormAct::Restore, zone).await {
                // Someone saved in the meantime.
                Err(DeskError::Conflict(_)) => {}
                outcome => return outcome,
            }
        }
        Err(DeskError::Stale)
    }
}

impl Newsroom {
    /// Returns the entry of what is typed in the editor, unless it is the latest of these versions.
    async fn present_entry(
        &self,
        id: StoryId,
        versions: &BTreeMap<u64, HistoryEntry>,
    ) -> Result<Option<HistoryEntry>, DeskError> {
        let Some(copy) = self.working_copy(id).await? else { return Ok(None) };
        let Some(form) = &copy.form else { return Ok(None) };
        if let Some(latest) = versions.last_key_value().map(|(version, _)| *version) {
            let latest = self.table.get(&save_key(id, latest)).await?;
            let latest = latest.map(|item| item.parse::<Snapshot>()).transpose()?;
            if latest.is_some_and(|latest| latest.form == *form) {
                return Ok(None);
            }
        }
        let kind = HistoryKind::Autosaved;
        let (version, at, by) = (copy.version, copy.saved_at, Some(copy.by.name));
        Ok(Some(HistoryEntry { version, at, by, kind }))
    }

    async fn form_of_version(
        &self,
        story: &Story,
        version: u64,
        zone: &TimeZone,
    ) -> Result<StoryForm, DeskError> {
        if let Some(form) = self.past_form(story.teaser.id, version, zone).await? {
            return Ok(form);
        }
        let copy = self.working_copy(story.teaser.id).await?;
        if let Some(form) = copy.filter(|copy| copy.version == version).and_then(|copy| copy.form) {
            return Ok(form);
        }
        let is_present = story.version == version;
        is_present.then(|| StoryForm::of(story, zone)).ok_or(DeskError::Missing)
    }

    /// Returns the form of a version that was kept.
    pub(super) async fn past_form(
        &self,
        id: StoryId,
        version: u64,
        zone: &TimeZone,
    ) -> Result<Option<StoryForm>, DeskError> {
        let keys = [save_key(id, version), records::revision_key(id, version)];
        let mut items = self.table.get_many(&keys).await?.into_iter();
        if let Some(saved) = items.next().flatten() {
            return Ok(Some(saved.parse::<Snapshot>()?.form));
        }
        let revision = items.next().flatten();
        let revision = revision.map(|item| item.parse::<Story>()).transpose()?;
        Ok(revision.map(|story| StoryForm::of(&story, zone)))
    }

    async fn revision_entries(
        &self,
        id: StoryId,
    ) -> Result<BTreeMap<u64, HistoryEntry>, DeskError> {
        let partition = records::story_key(id).partition;
        let Range { after, mut before } = records::revisions_range();
        let mut entries = BTreeMap::new();
        while entries.len() < MAX_REVISIONS {
            let range = Range { after: after.clone(), before };
            let table = &self.table;
            let page =
                table.query(&partition, &range, Order::Descending, REVISIONS_PER_QUERY).await?;
            for item in &page.items {
                let story: Story = item.parse()?;
                entries.insert(story.version, entry_of(&story));
            }
            match page.items.last() {
                Some(last) if page.more => before = Some(last.key.sort.clone()),
                _ => break,
            }
        }
        Ok(entries)
    }
}

fn entry_of(story: &Story) -> HistoryEntry {
    let is_published = story.status == Status::Published;
    let kind = if is_published { HistoryKind::Published } else { HistoryKind::Changed };
    HistoryEntry { version: story.version, at: story.teaser.updated_at, by: None, kind }
}
