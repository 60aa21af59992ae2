//! The audit log: who did what to which story, on whose right. The entries of a day are a chain
//! of hashes, so that none can be changed or taken out afterwards without being noticed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::caller::Caller;
use crate::story::{Status, Story, StoryId};

/// Something that was done to a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditAction {
    /// It was begun as a draft.
    Created,
    /// It became news, at once or from a set time on.
    Published,
    /// It says something else now.
    Updated,
    /// It became a draft again.
    Withdrawn,
    /// It went to the trash.
    Trashed,
    /// It came back from there.
    Restored,
    /// It left the trash for good.
    Erased,
}

impl AuditAction {
    /// What writing a version comes to, by the status of the one before it and its own.
    pub(crate) fn of_writing(before: Option<Status>, after: Status) -> Self {
        match (before, after) {
            (None, Status::Draft) => Self::Created,
            (None | Some(Status::Draft), Status::Published) => Self::Published,
            (Some(Status::Published), Status::Draft) => Self::Withdrawn,
            (Some(Status::Draft), Status::Draft) | (Some(Status::Published), Status::Published) => {
                Self::Updated
            }
        }
    }

    /// The stable name in JSON and on pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Published => "published",
            Self::Updated => "updated",
            Self::Withdrawn => "withdrawn",
            Self::Trashed => "trashed",
            Self::Restored => "restored",
            Self::Erased => "erased",
        }
    }
}

/// Who does something, and why they may.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The subject of a verified token; none for the operator.
    pub sub: Option<String>,
    /// The name people know them by.
    pub name: String,
    /// The policy's reason code.
    pub reason: String,
    /// The request it came with; none on the command event.
    pub request_id: Option<String>,
}

/// What one entry says, before it has its place in the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Actor,
    /// What.
    #[serde(rename = "deed")]
    pub action: AuditAction,
    /// To which story.
    #[serde(rename = "article")]
    pub story: StoryId,
    /// What the story was called then.
    pub headline: String,
    /// Its version before; none when there was none.
    pub version_before: Option<u64>,
    /// Its version after; none when there is none any more.
    pub version_after: Option<u64>,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Its place in the day's chain, from 1.
    pub number: u64,
    /// What it says.
    #[serde(flatten)]
    pub event: AuditEvent,
    /// The hash of the entry before; of the day itself for the first one.
    pub previous: String,
    /// SHA-256 of all of the above, in hexadecimal.
    pub hash: String,
}

/// A day's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditDay {
    /// Its entries, the latest first.
    pub entries: Vec<AuditRecord>,
    /// How many the day has in all.
    pub total: u64,
    /// Whether every entry that is shown still has its own hash and that of the one before it.
    pub is_whole: bool,
}

/// The last link of a day's chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChainHead {
    /// How many entries the day has.
    pub(crate) number: u64,
    /// The hash of the last one.
    pub(crate) hash: String,
}

impl AuditEvent {
    /// What was done to a story that is of another version now.
    pub(crate) fn of(at: Timestamp, by: &Actor, action: AuditAction, story: &Story) -> Self {
        Self {
            at,
            by: by.clone(),
            action,
            story: story.teaser.id,
            headline: story.teaser.headline.clone(),
            version_before: story.version.checked_sub(1).filter(|version| *version > 0),
            version_after: Some(story.version),
        }
    }
}

impl ChainHead {
    /// Before the first entry of a day.
    pub(crate) fn of_day(day: &str) -> Self {
        Self { number: 0, hash: hex(Sha256::digest(day).as_slice()) }
    }

    /// Adds a link to the chain.
    pub(crate) fn link(&mut self, event: AuditEvent) -> AuditRecord {
        let number = self.number + 1;
        let hash = hash(number, &event, &self.hash);
        let previous = std::mem::replace(&mut self.hash, hash.clone());
        self.number = number;
        AuditRecord { number, event, previous, hash }
    }
}

impl AuditRecord {
    /// Whether its hash is still that of what it says.
    pub fn is_whole(&self) -> bool {
        self.hash == hash(self.number, &self.event, &self.previous)
    }
}

/// What a caller is called where people read who did something.
pub(crate) fn name(caller: &Caller) -> &str {
    match caller {
        Caller::Anonymous => "anonymous",
        Caller::SignedIn(identity) => &identity.claims().username,
        Caller::Operator => "operator",
    }
}

/// The day of an entry in UTC, as it stands in keys.
pub(crate) fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

fn hash(number: u64, event: &AuditEvent, previous: &str) -> String {
    // Of structures of text and numbers alone, so it cannot fail; if it did, no hash would fit.
    let said = serde_json::to_vec(&(number, event, previous)).unwrap_or_default();
    hex(Sha256::digest(said).as_slice())
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
