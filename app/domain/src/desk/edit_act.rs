//! Acts on a story in the editor.

use crate::desk::story_access::Need;
use crate::editing::history::HistoryKind;
use crate::field_errors::FieldError;
use crate::story::Status;

/// Maximum length of a note, in characters.
const MAX_NOTE_LENGTH: usize = 1_000;

/// What is done with a story when its form is saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormAct {
    /// Nothing more: a draft follows its form.
    Save,
    /// An earlier form is saved.
    Restore,
    /// The draft is handed in for review.
    HandIn,
    /// It becomes a draft again, with a note to its writer.
    SendBack(String),
    /// It becomes a draft again.
    Unpublish,
    /// It is published now.
    Publish,
    /// It is published at a later time.
    Schedule,
}

impl FormAct {
    /// Returns the permission that it needs.
    pub(super) fn need(&self) -> Need {
        match self {
            Self::Save | Self::Restore | Self::HandIn => Need::Draft,
            Self::SendBack(_) | Self::Unpublish | Self::Publish | Self::Schedule => Need::Publish,
        }
    }

    /// Checks whether the story becomes exactly what the form says.
    pub(super) fn publishes(&self) -> bool {
        matches!(self, Self::Publish | Self::Schedule)
    }

    /// Returns what the history says of it.
    pub(super) fn kind(&self) -> HistoryKind {
        match self {
            Self::Save => HistoryKind::Saved,
            Self::Restore => HistoryKind::Restored,
            Self::HandIn => HistoryKind::HandedIn,
            Self::SendBack(_) => HistoryKind::SentBack,
            Self::Unpublish => HistoryKind::Unpublished,
            Self::Publish => HistoryKind::Published,
            Self::Schedule => HistoryKind::Scheduled,
        }
    }

    /// Checks the note.
    pub(super) fn check(&self) -> Result<(), FieldError> {
        let Self::SendBack(note) = self else { return Ok(()) };
        let length = note.chars().count();
        if length <= MAX_NOTE_LENGTH {
            return Ok(());
        }
        let message =
            format!("has {length} characters; at most {MAX_NOTE_LENGTH} are allowed; shorten it");
        Err(FieldError { field: "note", message })
    }

    /// Returns the status of the story afterwards, or the reason that it cannot be done.
    pub(super) fn status(&self, before: Status) -> Result<Status, FieldError> {
        match self {
            Self::Save | Self::Restore => Ok(before),
            Self::Publish | Self::Schedule => Ok(Status::Published),
            Self::HandIn | Self::SendBack(_) if before == Status::Published => {
                let message = "The story is published. Unpublish it first.".to_owned();
                Err(FieldError { field: "status", message })
            }
            Self::HandIn => Ok(Status::Review),
            Self::SendBack(_) | Self::Unpublish => Ok(Status::Draft),
        }
    }
}
