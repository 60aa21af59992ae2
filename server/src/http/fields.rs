//! The fields of forms and queries.

use axum::extract::Request;
use gazette_domain::{ArticleId, NotAnId};

use crate::http::failure::Failure;

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

    /// The stories that were chosen.
    pub(super) fn ids(&self) -> Result<Vec<ArticleId>, Failure> {
        let ids = self.0.iter().filter(|(name, _)| name == "id").map(|(_, id)| id.parse());
        ids.collect::<Result<_, _>>()
            .map_err(|error: NotAnId| Failure::bad_request(format!("id: {error}")))
    }
}
