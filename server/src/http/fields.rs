//! The fields of forms and queries.

use std::collections::HashSet;

use axum::extract::Request;
use gazette_domain::{StoryId, StoryIdError};

use crate::http::error::AppError;

/// The most stories that may be chosen at once.
const MAX_IDS: usize = 200;

/// The fields of a form, in their order.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) fn parse(encoded: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// Those of a request's query.
    pub(super) fn of_query(request: &Request) -> Self {
        Self::parse(request.uri().query().unwrap_or_default().as_bytes())
    }

    /// The value of a field that stands once.
    pub(super) fn one(&self, wanted: &str) -> Option<&str> {
        let mut found = self.0.iter().filter(|(name, _)| name == wanted);
        let (_, value) = found.next()?;
        found.next().is_none().then_some(value)
    }

    /// The stories that were chosen, each once.
    pub(super) fn ids(&self) -> Result<Vec<StoryId>, AppError> {
        let chosen = self.0.iter().filter(|(name, _)| name == "id");
        if chosen.clone().count() > MAX_IDS {
            return Err(AppError::bad_request(format!("id: at most {MAX_IDS} at a time")));
        }
        let ids = chosen.map(|(_, id)| id.parse()).collect::<Result<Vec<StoryId>, _>>();
        let mut ids =
            ids.map_err(|error: StoryIdError| AppError::bad_request(format!("id: {error}")))?;
        let mut seen = HashSet::new();
        ids.retain(|id| seen.insert(*id));
        Ok(ids)
    }
}
