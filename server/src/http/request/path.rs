//! Variable segment of a path.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::http::reply::AppError;

/// The one variable segment of a path; 404 if it is not valid UTF-8.
pub(in crate::http) struct Segment(pub(in crate::http) String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(segment)| Self(segment)).map_err(|_| AppError::not_found())
    }
}
