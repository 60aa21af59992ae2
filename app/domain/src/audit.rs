//! The audit log: a record of every change, with its author and the reason it was allowed.
//!
//! The records of a day form a chain of hashes, so that altering or removing one is detected.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use crate::audit_action::AuditAction;
use crate::story::{Status, Story, StoryId};
pub use crate::system_task::SystemTask;

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
    // New fields come last and are absent when empty, so that older records keep their hashes.
    /// Reason that readers see in place of the deleted story.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removal_reason: Option<String>,
    /// Time in the future at which the story goes live, if this change set it. For a scheduled
    /// story that became a draft again, the time at which it would have gone live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goes_live: Option<Timestamp>,
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
            goes_live: None,
        }
    }

    /// Makes the event of a new version of a story.
    pub(crate) fn of_version(
        at: Timestamp,
        by: &Actor,
        before: Option<&Story>,
        after: &Story,
    ) -> Self {
        let scheduled_before = before.and_then(|story| scheduled_for(story, at));
        let scheduled = scheduled_for(after, at);
        let action = match before.map(|story| story.status) {
            // Readers see it earlier than planned.
            Some(Status::Published)
                if after.status == Status::Published
                    && scheduled_before.is_some()
                    && scheduled.is_none() =>
            {
                AuditAction::Published
            }
            before => AuditAction::of_writing(before, after.status),
        };
        let goes_live = match after.status {
            Status::Published => scheduled.filter(|time| Some(*time) != scheduled_before),
            Status::Draft | Status::Review => scheduled_before,
        };
        Self { goes_live, ..Self::of(at, by, action, after) }
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
            goes_live: None,
        }
    }
}

/// Returns the time at which a story will go live; `None` if it is not scheduled.
fn scheduled_for(story: &Story, now: Timestamp) -> Option<Timestamp> {
    let time = story.teaser.published_at;
    (story.status == Status::Published && time > now).then_some(time)
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
