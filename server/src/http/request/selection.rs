//! Ids of stories in a form or a path.

use std::collections::HashSet;

use gazette_domain::{JobId, StoryId};

use crate::http::reply::AppError;

/// The most stories that one request may select.
const MAX_IDS: usize = 200;

/// Reads the id in a path.
///
/// # Errors
/// 400 for text that is not an id.
pub(in crate::http) fn story_id(text: &str) -> Result<StoryId, AppError> {
    let message = "The id in the URL is not valid. Use the `id` from `GET /news`.";
    text.parse().map_err(|_| AppError::bad_request(message))
}

/// Reads the id of a deletion of all stories, or of an erasure.
///
/// # Errors
/// 400 for text that is not an id.
pub(in crate::http) fn job_id(text: &str) -> Result<JobId, AppError> {
    let unknown = "Unknown deletion. Reload the page and try again.";
    text.parse().map_err(|_| AppError::bad_request(unknown))
}

/// Checks the word that confirms an act, in any case and with spaces around it.
pub(in crate::http) fn is_word(typed: Option<&str>, word: &str) -> bool {
    typed.is_some_and(|typed| typed.trim().eq_ignore_ascii_case(word))
}

/// Reads ids, each of them once, in their order.
///
/// # Errors
/// 400 for too many and for text that is not an id.
pub(in crate::http) fn story_ids(ids: &[String]) -> Result<Vec<StoryId>, AppError> {
    if ids.len() > MAX_IDS {
        return Err(AppError::bad_request(format!("Select at most {MAX_IDS} stories at a time.")));
    }
    let mut seen = HashSet::new();
    let unknown = "Unknown story id. Reload the page and select the stories again.";
    let ids = ids.iter().map(|id| id.parse()).collect::<Result<Vec<StoryId>, _>>();
    let ids = ids.map_err(|_| AppError::bad_request(unknown))?;
    Ok(ids.into_iter().filter(|id| seen.insert(*id)).collect())
}
