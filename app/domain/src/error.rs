//! Errors of the desks.

use gazette_table::TableError;
use jiff::Timestamp;

use crate::editing::story_form::StoryForm;
use crate::field_errors::{FieldError, broken_rules};
use crate::policy::AccessError;
use crate::redirect_error::RedirectError;
use crate::slug::Slug;
use crate::story::StoryId;
use crate::story_denial::StoryDeniedError;

/// Error of a desk; the caller handles each variant differently.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The caller lacks the permission.
    #[error(transparent)]
    Denied(#[from] AccessError),
    /// The caller may do this with other stories, but not with this one.
    #[error(transparent)]
    StoryDenied(Box<StoryDeniedError>),
    /// Fields of the input break rules.
    #[error("{}", broken_rules(.0))]
    Unacceptable(Vec<FieldError>),
    /// The story has another version than the caller expects.
    #[error("the story was changed at the same time; try again")]
    Stale,
    /// Others changed the same fields of the form. Nothing was saved.
    #[error("{} changed the same text at the same time", .0.by)]
    Conflict(Box<EditConflict>),
    /// The story does not exist.
    #[error("story not found")]
    Missing,
    /// Readers cannot see the story, so that it has nothing to correct.
    #[error("only published stories can be corrected; change the text of this one instead")]
    NotPublic,
    /// The story is in the trash or was erased.
    #[error("the story was deleted")]
    Gone,
    /// The idempotency key was used for a request with other content.
    #[error("the Idempotency-Key was used for another request; use a new key")]
    KeyReused,
    /// The story that the idempotency key created was deleted.
    #[error("the story that this Idempotency-Key created was deleted; use a new key")]
    KeyOfDeleted,
    /// The reading list has its maximum size.
    #[error("You have saved {max} stories, the maximum. Remove one to save another.")]
    ListFull {
        /// The maximum number of stories.
        max: usize,
    },
    /// The redirect breaks a rule.
    #[error(transparent)]
    Redirect(#[from] RedirectError),
    /// The table failed; the reason is for the log.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Fields that two people changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditConflict {
    /// The story.
    pub story: StoryId,
    /// The form as typed, with the changes of others to other fields. The author continues with it.
    pub form: StoryForm,
    /// The form as it is stored.
    pub current: StoryForm,
    /// Names of the fields that both changed.
    pub fields: Vec<&'static str>,
    /// Display names of those who changed the stored fields last, in the same order.
    pub authors: Vec<String>,
    /// Version of the stored form: a save that names it replaces it.
    pub version: u64,
    /// All of `authors`, such as "Ana and Bo".
    pub by: String,
    /// The time of the latest of these changes.
    pub at: Timestamp,
}

impl DeskError {
    /// Makes the error of a slug that another story has or had.
    pub(crate) fn slug_taken(slug: &Slug) -> Self {
        let message = format!("`{slug}` is used by another story; choose another slug");
        Self::Unacceptable(vec![FieldError { field: "slug", message }])
    }
}
