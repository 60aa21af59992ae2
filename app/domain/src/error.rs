//! Errors of the desks.

use gazette_table::TableError;

use crate::policy::AccessError;
use crate::story_input::{FieldError, broken_rules};

/// Error of a desk; the caller handles each variant differently.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The caller lacks the permission.
    #[error(transparent)]
    Denied(#[from] AccessError),
    /// Fields of the input break rules.
    #[error("{}", broken_rules(.0))]
    Unacceptable(Vec<FieldError>),
    /// The story has another version than the caller expects.
    #[error("the story has changed since")]
    Stale,
    /// The story does not exist.
    #[error("story not found")]
    Missing,
    /// The story is in the trash or was erased.
    #[error("the story was deleted")]
    Gone,
    /// The idempotency key was used for a request with other content.
    #[error("the Idempotency-Key was used for another request; use a new key")]
    KeyReused,
    /// The story that the idempotency key created was deleted.
    #[error("the story that this Idempotency-Key created was deleted; take a new key")]
    KeyOfDeleted,
    /// The reading list has its maximum size.
    #[error("the reading list is full")]
    ListFull,
    /// The table failed; the reason is for the log.
    #[error(transparent)]
    Table(#[from] TableError),
}
