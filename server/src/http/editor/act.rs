//! The acts of the editor's form.

use gazette_app::pages::{EditorNotice, Stage};
use gazette_domain::{
    Caller, DeskError, EditedStory, FormAct, NewsDesk, SaveRequest, StoryForm, StoryId,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Act of a button of the form on the saved story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Save,
    /// A save that nobody asked for.
    Autosave,
    Publish,
    Schedule,
    Unpublish,
    HandIn,
    SendBack(String),
    /// Puts the published text back into the form.
    Discard,
}

/// Request of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// Shows the story without saving it.
    Preview,
    Act(Act),
}

impl Request {
    /// Reads the value of the pressed button; none is pressed when a form is sent by a key.
    pub(super) fn parse(action: &str, note: &str) -> Option<Self> {
        Some(match action {
            "preview" => Self::Preview,
            "" | "save" => Self::Act(Act::Save),
            "autosave" => Self::Act(Act::Autosave),
            "publish" => Self::Act(Act::Publish),
            "schedule" => Self::Act(Act::Schedule),
            "unpublish" => Self::Act(Act::Unpublish),
            "review" => Self::Act(Act::HandIn),
            "discard" => Self::Act(Act::Discard),
            "send-back" => Self::Act(Act::SendBack(note.trim().to_owned())),
            _ => return None,
        })
    }
}

impl Act {
    /// Returns whether the act does more than to save.
    pub(super) fn is_more_than_saving(&self) -> bool {
        !matches!(self, Self::Save | Self::Autosave)
    }

    /// Returns whether readers see the result.
    pub(super) fn publishes(&self) -> bool {
        matches!(self, Self::Publish | Self::Schedule)
    }

    /// Saves what was typed and does the act.
    pub(super) async fn perform(
        self,
        desk: &NewsDesk,
        caller: &Caller,
        id: StoryId,
        mut request: SaveRequest,
        zone: &TimeZone,
    ) -> Result<EditedStory, DeskError> {
        request.is_autosave = self == Self::Autosave;
        let discards = self == Self::Discard;
        let edited = desk.save_form(caller, id, request, &self.of_form(), zone).await?;
        if !discards {
            return Ok(edited);
        }
        let published = StoryForm::of(&edited.story, zone);
        let request =
            SaveRequest { version: edited.version, form: published, ..SaveRequest::default() };
        desk.save_form(caller, id, request, &FormAct::Save, zone).await
    }

    fn of_form(self) -> FormAct {
        match self {
            Self::Save | Self::Autosave | Self::Discard => FormAct::Save,
            Self::Publish => FormAct::Publish,
            Self::Schedule => FormAct::Schedule,
            Self::Unpublish => FormAct::Unpublish,
            Self::HandIn => FormAct::HandIn,
            Self::SendBack(note) => FormAct::SendBack(note),
        }
    }

    /// Returns what the person is told afterwards.
    ///
    /// Nothing of a save: the page says when it was saved.
    pub(super) fn notice(&self, edited: &EditedStory, now: Timestamp) -> Option<EditorNotice> {
        Some(match self {
            Self::Save | Self::Autosave => return None,
            Self::Publish | Self::Schedule => match Stage::of(&edited.story, now) {
                Stage::Scheduled(at) => EditorNotice::Scheduled(at),
                _ if edited.story.was_public => EditorNotice::Updated,
                _ => EditorNotice::Published,
            },
            Self::Unpublish => EditorNotice::Unpublished,
            Self::HandIn => EditorNotice::HandedIn,
            Self::SendBack(note) if note.is_empty() => EditorNotice::SentBackWithoutNote,
            Self::SendBack(_) => EditorNotice::SentBack,
            Self::Discard => EditorNotice::Discarded,
        })
    }
}
