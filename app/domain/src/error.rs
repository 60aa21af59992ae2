//! What the desk answers when it cannot do what it was asked.

use gazette_table::TableError;

use crate::policy::AccessError;
use crate::story_input::FieldError;

/// Why the desk did not do it; each variant is a different thing to do for the caller.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] AccessError),
    /// The draft breaks rules.
    #[error("the story breaks rules: {}", .0.iter().map(|fault| format!("{}: {}", fault.field, fault.message)).collect::<Vec<_>>().join("; "))]
    Unacceptable(Vec<FieldError>),
    /// The story is of another version than the caller meant.
    #[error("the story has changed since")]
    Stale,
    /// There is no such story.
    #[error("there is no such story")]
    Missing,
    /// The story lies in the trash or was erased.
    #[error("the story was deleted")]
    Gone,
    /// The idempotency key was used for another story before.
    #[error("the Idempotency-Key was used for another request; take a new one")]
    KeyReused,
    /// The reading list holds as many stories as it may.
    #[error("the reading list is full")]
    ListFull,
    /// The store failed; what it says is for the operator.
    #[error(transparent)]
    Table(#[from] TableError),
}
