//! Facts of a removed story that readers may know: the time of its removal and, if given, the reason.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::field_errors::{FieldError, FieldErrors};
use crate::story::{StoryId, Trashed, whole_seconds};

/// Maximum length of a reason, in characters.
pub(crate) const MAX_REASON_LENGTH: usize = 300;

/// Reason for the removal of stories: plain text of one line, which readers see in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovalReason(String);

/// The reason breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The reason {0}.")]
pub struct RemovalReasonError(String);

impl RemovalReason {
    /// Reads a reason. Line breaks and repeated spaces become single spaces; `None` if nothing is
    /// left.
    ///
    /// # Errors
    /// [`RemovalReasonError`] for more than 300 characters, and for control characters and those
    /// that change the direction of text.
    pub fn new(text: &str) -> Result<Option<Self>, RemovalReasonError> {
        let mut text = text.to_owned();
        let mut errors = FieldErrors::default();
        errors.text(FIELD, &mut text, 0, MAX_REASON_LENGTH);
        match errors.errors.into_iter().next() {
            Some(error) => Err(RemovalReasonError(error.message)),
            None => Ok(Some(Self(text)).filter(|reason| !reason.0.is_empty())),
        }
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Name of the field in forms and queries.
const FIELD: &str = "reason";

impl RemovalReasonError {
    /// Returns the error as that of the field `reason`.
    pub fn field_error(&self) -> FieldError {
        FieldError { field: FIELD, message: self.0.clone() }
    }
}

/// The removal of a story that readers could see before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removal {
    /// Time of the removal.
    pub at: Timestamp,
    /// Reason, if the newsroom gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Removal {
    pub(crate) fn of(trashed: &Trashed) -> Self {
        Self { at: whole_seconds(trashed.at), reason: trashed.reason.clone() }
    }
}

/// A removed story, as the caller may know of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Time and reason; `None` if the story was erased before they were kept.
    pub removal: Option<Removal>,
    /// The story, if it is still in the trash and the caller may restore it.
    pub restorable: Option<StoryId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_line_of_plain_text() {
        let text = |text: &str| RemovalReason::new(text).map(|it| it.map(|reason| reason.0));
        assert_eq!(text("  Legal\r\n  request. "), Ok(Some("Legal request.".to_owned())));
        assert_eq!(text(" \n "), Ok(None));
        assert!(text(&"\u{10348}".repeat(300)).is_ok());
        for (bad, message) in [
            ("x".repeat(301), "The reason has 301 characters; at most 300 are allowed."),
            ("a\u{202e}b".to_owned(), "The reason has the invisible character U+202E; remove it."),
            ("a\0b".to_owned(), "The reason has the invisible character U+0000; remove it."),
        ] {
            assert_eq!(text(&bad).map_err(|error| error.to_string()), Err(message.to_owned()));
        }
    }
}
