//! The kinds of changes that the audit log records.

use serde::{Deserialize, Serialize};

use crate::story::Status;

/// A change of a story, or of a redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    /// The story was created as a draft.
    Created,
    /// The story was published or scheduled.
    Published,
    /// The story was changed; its status stayed.
    Updated,
    /// The published story became a draft again.
    Withdrawn,
    /// The draft was handed in for review.
    HandedIn,
    /// The story in review became a draft again.
    SentBack,
    /// A correction was added to the story.
    Corrected,
    /// The story has the text of an earlier version again.
    Reverted,
    /// The story was moved to the trash.
    Trashed,
    /// The story was restored from the trash.
    Restored,
    /// The story was erased permanently.
    Erased,
    /// A redirect was added; an import adds many with one record.
    RedirectAdded,
    /// A redirect was removed; undoing an import removes many with one record.
    RedirectRemoved,
    /// A picture was uploaded.
    ImageAdded,
    /// A picture that no story used was deleted.
    ImageDeleted,
    /// A person was invited to the user pool.
    PersonInvited,
    /// The role of a person was changed in the user pool.
    RoleChanged,
    /// A person was blocked from signing in.
    PersonDisabled,
    /// A person may sign in again.
    PersonEnabled,
    /// A person was signed out everywhere.
    PersonSignedOut,
    /// The change of a person that the record before names was not completed.
    PersonChangeFailed,
}

impl AuditAction {
    /// Returns the action of a new version, given the status before it and its own.
    pub(crate) fn of_writing(before: Option<Status>, after: Status) -> Self {
        match (before, after) {
            (None, Status::Draft) => Self::Created,
            (None | Some(Status::Draft | Status::Review), Status::Published) => Self::Published,
            (None | Some(Status::Draft), Status::Review) => Self::HandedIn,
            (Some(Status::Review), Status::Draft) => Self::SentBack,
            (Some(Status::Published), Status::Draft | Status::Review) => Self::Withdrawn,
            (Some(Status::Draft), Status::Draft)
            | (Some(Status::Review), Status::Review)
            | (Some(Status::Published), Status::Published) => Self::Updated,
        }
    }

    /// Checks whether readers may lose something that they could read before.
    pub(crate) fn can_remove(self) -> bool {
        match self {
            // A page that is kept for an outage is never the answer of a redirect.
            Self::Created
            | Self::Published
            | Self::HandedIn
            | Self::SentBack
            | Self::Restored
            | Self::RedirectAdded
            | Self::RedirectRemoved
            | Self::ImageAdded
            | Self::ImageDeleted
            | Self::PersonInvited
            | Self::RoleChanged
            | Self::PersonDisabled
            | Self::PersonEnabled
            | Self::PersonSignedOut
            | Self::PersonChangeFailed => false,
            Self::Updated
            | Self::Corrected
            | Self::Reverted
            | Self::Withdrawn
            | Self::Trashed
            | Self::Erased => true,
        }
    }

    /// Returns the stable name in JSON and on pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Published => "published",
            Self::Updated => "updated",
            Self::Withdrawn => "withdrawn",
            Self::HandedIn => "handed_in",
            Self::SentBack => "sent_back",
            Self::Corrected => "corrected",
            Self::Reverted => "reverted",
            Self::Trashed => "trashed",
            Self::Restored => "restored",
            Self::Erased => "erased",
            Self::RedirectAdded => "redirect_added",
            Self::RedirectRemoved => "redirect_removed",
            Self::ImageAdded => "image_added",
            Self::ImageDeleted => "image_deleted",
            Self::PersonInvited => "person_invited",
            Self::RoleChanged => "role_changed",
            Self::PersonDisabled => "person_disabled",
            Self::PersonEnabled => "person_enabled",
            Self::PersonSignedOut => "person_signed_out",
            Self::PersonChangeFailed => "person_change_failed",
        }
    }
}
