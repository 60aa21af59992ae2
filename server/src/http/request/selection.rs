//! Selected stories of a form or query.

use std::collections::HashSet;

use gazette_domain::StoryId;

use crate::http::reply::AppError;

/// The most stories that one request may select.
const MAX_IDS: usize = 200;

/// Reads ids, each of them once, in their order.
///
/// # Errors
/// 400 for too many and for text that is not an id.
pub(in crate::http) fn story_ids(ids: &[String]) -> Result<Vec<StoryId>, AppError> {
    if ids.len() > MAX_IDS {
        return Err(AppError::bad_request(format!("Select at most {MAX_IDS} stories at a time.")));
    }
    let mut seen = HashSet::new();
    let ids = ids.iter().map(|id| id.parse()).collect::<Result<Vec<StoryId>, _>>()?;
    Ok(ids.into_iter().filter(|id| seen.insert(*id)).collect())
}
