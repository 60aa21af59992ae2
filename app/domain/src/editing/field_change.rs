//! The last change of a field of the editor.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The last change of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FieldChange {
    /// The version that it made.
    pub(crate) version: u64,
    /// The tab that saved it; `None` for a form without one, and for a change of the story itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tab: Option<String>,
    /// Subject of its author; empty for a change of the story itself.
    pub(crate) sub: String,
    /// Display name of its author; empty if it is not known, as in older working copies.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) name: String,
    /// Its time. Older working copies lack it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<Timestamp>,
}
