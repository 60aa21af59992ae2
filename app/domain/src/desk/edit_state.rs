//! The present state of a story and its working copy.

use gazette_table::{Item, TableError, Write};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::desk::newsroom::Newsroom;
use crate::editing::form_normal::normal;
use crate::editing::items::{edit_key, working_key};
use crate::editing::story_form::StoryForm;
use crate::editing::working_copy::{EditEntry, Opened, Person, ReviewNote, WorkingCopy};
use crate::error::DeskError;
use crate::records;
use crate::story::{Story, StoryId};

/// Tries of a change while others change the same story.
pub(super) const MAX_ATTEMPTS: usize = 20;

/// A story in the editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditedStory {
    /// The story, as readers see it once it is public.
    pub story: Story,
    /// The form, as typed.
    pub form: StoryForm,
    /// Version of the form, for the next save.
    pub version: u64,
    /// `true` while the form differs from the story.
    pub is_dirty: bool,
    /// The last save; `None` if nothing was saved in the editor yet.
    pub saved: Option<Saved>,
    /// Others who opened the story lately, latest first. Only
    /// [`NewsDesk::open_form`](crate::NewsDesk::open_form) looks for them.
    pub others: Vec<Opened>,
    /// The note of an editor who sent the story back.
    pub note: Option<ReviewNote>,
    /// Display names of those who changed what differs from the form that was sent; empty if
    /// nothing differs.
    pub merged_by: String,
}

/// A save in the editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Its time.
    pub at: Timestamp,
    /// Display name of its author.
    pub by: String,
}

/// A story with its working copy. The copy is made from this version of the story.
#[derive(Clone, Debug)]
pub(super) struct EditState {
    pub(super) story: Story,
    pub(super) copy: Option<WorkingCopy>,
    /// The form, as typed; that of the story if nothing was typed.
    pub(super) form: StoryForm,
    /// Version of the form.
    pub(super) version: u64,
}

impl EditState {
    pub(super) fn new(story: Story, copy: Option<WorkingCopy>, zone: &TimeZone) -> Self {
        let form = match &copy {
            Some(copy) => copy.form_on(&story, zone),
            None => StoryForm::of(&story, zone),
        };
        let version = copy.as_ref().map_or(story.version, |copy| copy.version);
        Self { story, copy, form, version }
    }

    pub(super) fn into_edited(self, zone: &TimeZone) -> EditedStory {
        let saved = self.copy.as_ref().map(|copy| (copy.saved_at, copy.by.name.clone()));
        EditedStory {
            is_dirty: is_dirty(&self.form, &self.story, zone),
            saved: saved.map(|(at, by)| Saved { at, by }),
            others: Vec::new(),
            merged_by: String::new(),
            note: self.copy.and_then(|copy| copy.note),
            story: self.story,
            form: self.form,
            version: self.version,
        }
    }
}

/// Checks whether a form makes another story.
pub(super) fn is_dirty(form: &StoryForm, story: &Story, zone: &TimeZone) -> bool {
    normal(form) != normal(&StoryForm::of(story, zone))
}

impl Newsroom {
    pub(super) async fn working_copy(&self, id: StoryId) -> Result<Option<WorkingCopy>, DeskError> {
        let item = self.table.get(&working_key(id)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    /// Reads a story and its working copy. If the story was changed without the working copy, that
    /// is based on the present story first, as a version of its own.
    pub(super) async fn edit_state(
        &self,
        id: StoryId,
        zone: &TimeZone,
    ) -> Result<EditState, DeskError> {
        for _ in 0..MAX_ATTEMPTS {
            // In this order: a working copy never is of a later version than the story.
            let copy = self.working_copy(id).await?;
            let story = self.present_story(id).await?;
            match copy {
                Some(mut copy) if copy.base != story.version => {
                    let replaced = copy.version;
                    copy.rebase(&story, zone);
                    let writes = put_copy(&story, &copy, Some(replaced), zone)?;
                    match self.table.write(writes).await {
                        Ok(()) => return Ok(EditState::new(story, Some(copy), zone)),
                        Err(TableError::Conflict { .. }) => {}
                        Err(error) => return Err(error.into()),
                    }
                }
                copy => return Ok(EditState::new(story, copy, zone)),
            }
        }
        Err(DeskError::Stale)
    }

    /// Makes a changed story the next version after `current`. A number names one form, that of the
    /// story or of its working copy.
    pub(super) async fn advance(
        &self,
        story: &mut Story,
        current: &Story,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        story.advance(current, now);
        story.version = self.next_version(current).await?;
        Ok(())
    }

    /// Returns the next version of a story that is about to be replaced.
    pub(super) async fn next_version(&self, current: &Story) -> Result<u64, DeskError> {
        let copy = self.working_copy(current.teaser.id).await?;
        Ok(copy.map_or(current.version, |copy| copy.version.max(current.version)) + 1)
    }
}

/// Returns the writes of a working copy, on condition that it still has the version that it
/// replaces, and of its entry in the list.
pub(super) fn put_copy(
    story: &Story,
    copy: &WorkingCopy,
    replaced: Option<u64>,
    zone: &TimeZone,
) -> Result<Vec<Write>, TableError> {
    let id = story.teaser.id;
    let item = Item::new(working_key(id), copy)?.version(copy.version);
    let put = match replaced {
        Some(version) => Write::replace(item, version),
        None => Write::create(item),
    };
    let form = copy.form.as_ref().filter(|form| is_dirty(form, story, zone));
    let entry = match form {
        None => Write::delete(edit_key(id)),
        Some(form) => Write::put(Item::new(
            edit_key(id),
            &EditEntry {
                story: id,
                headline: form.headline.chars().take(MAX_HEADLINE_LENGTH).collect(),
                version: copy.version,
                at: copy.saved_at,
                by: copy.by.name.clone(),
                images: Some(form.images()),
            },
        )?),
    };
    Ok(vec![put, entry])
}

/// Characters of the headline in the list.
const MAX_HEADLINE_LENGTH: usize = 200;

/// Returns the entries of the list of stories whose working copies differ from them.
pub(super) fn entries(items: &[Item]) -> Result<Vec<EditEntry>, TableError> {
    items.iter().map(Item::parse).collect()
}

/// Checks for a conflict on the items of a story, after which a change is tried again.
pub(super) fn is_race(error: &TableError) -> bool {
    matches!(error, TableError::Conflict { key } if !key.partition.starts_with(records::IDEMPOTENCY))
}

/// Name of an author who is not known.
pub(super) const UNKNOWN: &str = "Someone";

/// Returns the author of a story's state for a conflict.
pub(super) fn author(state: &EditState) -> (Person, Timestamp) {
    if let Some(copy) = &state.copy {
        return (copy.by.clone(), copy.saved_at);
    }
    // A program, or an import: stories do not say who changed them.
    let name = UNKNOWN.to_owned();
    (Person { sub: String::new(), name }, state.story.teaser.updated_at)
}
