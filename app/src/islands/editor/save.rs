//! A save: its states, what it carries, and what can become of it.

use super::fields::Fields;

/// Time in milliseconds.
pub(crate) type Millis = f64;

/// Time until the second attempt; doubles with each.
const FIRST_RETRY: Millis = 2_000.0;
/// Longest time between attempts.
const LAST_RETRY: Millis = 30_000.0;
/// Pause in typing after which the text is saved.
const PAUSE: Millis = 2_000.0;
/// Longest time that typing without a pause puts off a save.
const LONGEST_WAIT: Millis = 30_000.0;
/// State of saving.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum State {
    /// Everything is saved.
    Clean,
    /// Something was typed that no request carries.
    Dirty(Typing),
    /// One request is in flight.
    Saving {
        /// Request that it carries.
        request: SaveRequest,
        /// Typing since it was sent.
        typing: Option<Typing>,
    },
    /// The last save failed.
    Failed {
        /// Time of the next attempt; `None` waits for the user.
        retry_at: Option<Millis>,
    },
    /// Only the user can go on.
    Conflict,
}

/// Times of the first and the last key that are not saved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Typing {
    pub(super) since: Millis,
    pub(super) last: Millis,
}

impl Typing {
    pub(super) fn at(now: Millis) -> Self {
        Self { since: now, last: now }
    }

    pub(super) fn due(self) -> Millis {
        (self.last + PAUSE).min(self.since + LONGEST_WAIT)
    }
}

/// One save.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SaveRequest {
    /// Version that the fields are made from.
    pub(crate) version: u64,
    /// Number of the save in this tab.
    pub(crate) sequence: u64,
    /// Values to save.
    pub(crate) fields: Fields,
}

/// Answer of the server to a save.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// The save was done. `merged` holds the fields that differ from what was sent.
    Saved {
        /// New version.
        version: u64,
        /// Fields that someone else changed.
        merged: Fields,
        /// The request made a new story.
        is_new: bool,
    },
    /// Someone else changed the same fields; nothing was saved.
    Conflict {
        /// Their values.
        theirs: Fields,
        /// The request has changes of other fields, which can be saved meanwhile.
        has_more: bool,
    },
}

/// Reason why a save failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No answer, or one that asks to wait: tried again by itself.
    Unavailable,
    /// The session has ended: tried again by itself.
    SignedOut,
    /// The server refuses this text: tried again when it has changed.
    Refused,
}

/// A field that someone else changed as well. Theirs is saved until the user decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// Name of the field.
    pub(crate) name: &'static str,
    /// Their value.
    pub(crate) theirs: String,
    /// The user chose the value in the form.
    pub(super) keeps_mine: bool,
    /// The version in use contains theirs, so saving mine replaces it knowingly.
    pub(super) is_known: bool,
}

impl Held {
    /// Returns whether this is the conflict of the same two texts.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.name == other.name && self.theirs == other.theirs
    }
}

/// Returns the time until the next attempt after so many failed ones.
pub(super) fn retry_wait(attempts: u32) -> Millis {
    (FIRST_RETRY * f64::from(1_u32 << attempts.min(8))).min(LAST_RETRY)
}
