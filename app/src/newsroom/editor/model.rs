//! Data that the editor shows.

use gazette_domain::{
    Endpoint, FieldError, ImageRecord, Opened, ReviewNote, Saved, Status, Story, StoryForm, StoryId,
};
use jiff::Timestamp;

use super::notice::EditorNotice;

/// Stage of a story on its way to readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not saved yet.
    New,
    /// Visible to its author and to editors.
    Draft,
    /// Handed in.
    Review,
    /// Visible to readers from this time on.
    Scheduled(Timestamp),
    /// Visible to readers.
    Published,
    /// Not known: the story could not be opened.
    Unknown,
}

impl Stage {
    /// Returns the stage of a stored story.
    pub fn of(story: &Story, now: Timestamp) -> Self {
        match story.status {
            Status::Draft => Self::Draft,
            Status::Review => Self::Review,
            // Readers no longer see it, so that it can be published again.
            Status::Published if story.has_ended(now) => Self::Draft,
            Status::Published if story.teaser.published_at > now => {
                Self::Scheduled(story.teaser.published_at)
            }
            Status::Published => Self::Published,
        }
    }
}

/// Another save that changed the same fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Display name of the other person, or of several.
    pub by: String,
    /// Time of their save.
    pub at: Timestamp,
    /// Fields that both changed.
    pub fields: Vec<ConflictField>,
}

/// A field that two people changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictField {
    /// Name of the field.
    pub field: &'static str,
    /// Display name of the other person.
    pub by: String,
    /// Their text.
    pub text: String,
}

/// Everything that the editor shows.
#[derive(Clone, Debug)]
pub struct Editor {
    /// Id; `None` before the first save.
    pub id: Option<StoryId>,
    /// Key of a new story: sending its form twice creates one story.
    pub key: String,
    /// Stage.
    pub stage: Stage,
    /// Fields as they were typed.
    pub form: StoryForm,
    /// Version that the next save replaces.
    pub version: u64,
    /// The viewer may publish.
    pub may_publish: bool,
    /// `true` if the saved text differs from the published one.
    pub is_dirty: bool,
    /// The form has text that is not saved.
    pub is_unsaved: bool,
    /// Path of the story's page, if readers can see it.
    pub public_path: Option<String>,
    /// Last save.
    pub saved: Option<Saved>,
    /// Other people who have it open.
    pub others: Vec<Opened>,
    /// Remark of the editor who sent it back.
    pub remark: Option<ReviewNote>,
    /// Text of the remark that is being written.
    pub note: String,
    /// Broken rules.
    pub errors: Vec<FieldError>,
    /// Error that kept the form from being saved.
    pub failure: Option<String>,
    /// Outcome of the request before.
    pub notice: Option<EditorNotice>,
    /// Another save that changed the same fields.
    pub conflict: Option<Conflict>,
    /// Section without public stories that the person is asked about: publishing again starts it.
    pub new_section: String,
    /// Names of the sections to choose from.
    pub sections: Vec<String>,
    /// Name that the browser gives to copies of this person's text.
    pub person: String,
    /// HTML of the story as readers see it.
    pub preview: String,
    /// Pictures to choose from.
    pub pictures: Vec<ImageRecord>,
}

impl Editor {
    /// Returns the address of the form.
    pub(super) fn path(&self) -> String {
        match self.id {
            Some(id) => Endpoint::EditStory.path_with(id),
            None => Endpoint::NewStory.path().to_owned(),
        }
    }
}
