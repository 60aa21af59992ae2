//! Outcome of a change that a person can correct.

use gazette_domain::{DeskError, EditConflict, EditedStory, FieldError};

use crate::http::reply::AppError;
use crate::http::request::run_detached;

/// Outcome of an act.
pub(super) enum Outcome {
    Done(Box<EditedStory>),
    /// The story breaks rules.
    Refused(Vec<FieldError>),
    /// Others changed the same fields. Nothing was saved.
    Conflict(Box<EditConflict>),
}

/// Runs a change to its end, and separates what its author can correct from what failed.
pub(super) async fn outcome(
    change: impl Future<Output = Result<EditedStory, DeskError>> + Send + 'static,
) -> Result<Outcome, AppError> {
    run_detached(async move {
        match change.await {
            Ok(edited) => Ok(Outcome::Done(Box::new(edited))),
            Err(DeskError::Unacceptable(errors)) => Ok(Outcome::Refused(errors)),
            Err(DeskError::Conflict(conflict)) => Ok(Outcome::Conflict(conflict)),
            Err(error) => Err(error),
        }
    })
    .await
}
