//! The audit log: a record of every change, with its author and the reason it was allowed.
//!
//! The records of a day form a chain of hashes, so that altering or removing one is detected.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::story::{Status, Story, StoryId};
pub use crate::system_task::SystemTask;

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

/// The author of a change, and the reason it was allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Subject of the verified token; `None` for the system.
    pub sub: Option<String>,
    /// Display name; for the system that of its task, or `operator` in old records.
    pub name: String,
    /// Reason code of the policy.
    pub reason: String,
    /// Id of the request; `None` for the system.
    pub request_id: Option<String>,
}

impl Actor {
    /// Returns the actor of a task of the process.
    pub(crate) fn system(task: SystemTask) -> Self {
        Self {
            sub: None,
            name: task.as_str().to_owned(),
            reason: "allow.operator".to_owned(),
            request_id: None,
        }
    }
}

/// A change, before it has a place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Time of the change.
    pub at: Timestamp,
    /// Author of the change.
    pub by: Actor,
    /// Kind of the change.
    // Stored records and their hashes use this name.
    #[serde(rename = "deed")]
    pub action: AuditAction,
    /// The changed story; the picture by its id, which has the same 128 bits;
    /// `None` for redirects and people.
    // Stored records and their hashes use this name.
    #[serde(rename = "article", default, skip_serializing_if = "Option::is_none")]
    pub story: Option<StoryId>,
    /// The story's headline at that time; for redirects their addresses, for
    /// pictures the name of the file, for people their name and the change.
    pub headline: String,
    /// The story's version before; `None` when it was created.
    pub version_before: Option<u64>,
    /// The story's version after; `None` when it was erased.
    pub version_after: Option<u64>,
    /// Reason that readers see in place of the deleted story. It is the last field and absent
    /// without a reason, so that older records keep their hashes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removal_reason: Option<String>,
}

/// A record of the audit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Position in the day's chain, from 1.
    pub number: u64,
    /// The change.
    #[serde(flatten)]
    pub event: AuditEvent,
    /// Hash of the record before; hash of the day for the first record.
    pub previous: String,
    /// SHA-256 of all fields above, in hexadecimal.
    pub hash: String,
}

/// The last link of a day's chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChainHead {
    /// Number of records in the chain.
    pub(crate) number: u64,
    /// Hash of the last record.
    pub(crate) hash: String,
}

impl AuditEvent {
    /// Makes the event of a change whose result is this version of a story.
    pub(crate) fn of(at: Timestamp, by: &Actor, action: AuditAction, story: &Story) -> Self {
        Self {
            at,
            by: by.clone(),
            action,
            story: Some(story.teaser.id),
            headline: story.teaser.headline.clone(),
            version_before: story.version.checked_sub(1).filter(|version| *version > 0),
            version_after: Some(story.version),
            removal_reason: None,
        }
    }

    /// Sets the version before, where it is not the one less than the version after.
    pub(crate) fn replacing(self, version: u64) -> Self {
        Self { version_before: Some(version), ..self }
    }

    /// Makes the event of a change of redirects or people, which have no versions.
    pub(crate) fn of_redirects(
        at: Timestamp,
        by: &Actor,
        action: AuditAction,
        addresses: String,
    ) -> Self {
        Self {
            at,
            by: by.clone(),
            action,
            story: None,
            headline: addresses,
            version_before: None,
            version_after: None,
            removal_reason: None,
        }
    }
}

impl ChainHead {
    /// Returns the head of the empty chain of a day.
    pub(crate) fn of_day(day: &str) -> Self {
        Self { number: 0, hash: hex(Sha256::digest(day).as_slice()) }
    }

    /// Appends an event to the chain and returns its record.
    pub(crate) fn link(&mut self, event: AuditEvent) -> AuditRecord {
        let number = self.number + 1;
        let hash = hash(number, &event, &self.hash);
        let previous = std::mem::replace(&mut self.hash, hash.clone());
        self.number = number;
        AuditRecord { number, event, previous, hash }
    }
}

impl AuditRecord {
    /// Checks that the record still has the hash it was written with.
    pub fn is_intact(&self) -> bool {
        self.hash == hash(self.number, &self.event, &self.previous)
    }
}

/// Returns the UTC day of a record, as keys contain it.
pub(crate) fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

fn hash(number: u64, event: &AuditEvent, previous: &str) -> String {
    // Text and numbers always serialize; an empty value would match no record.
    let json = serde_json::to_vec(&(number, event, previous)).unwrap_or_default();
    hex(Sha256::digest(json).as_slice())
}

/// Encodes bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
