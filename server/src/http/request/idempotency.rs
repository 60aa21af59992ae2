//! The key that makes repeating a request safe.

use axum::http::{HeaderMap, HeaderName};
use gazette_domain::IdempotencyKey;

use crate::http::reply::AppError;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Returns the `Idempotency-Key` of a request, if it has one.
pub(in crate::http) fn idempotency_key(
    headers: &HeaderMap,
) -> Result<Option<IdempotencyKey>, AppError> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).into_iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => Ok(Some(IdempotencyKey::new(value.to_str().unwrap_or_default())?)),
        (Some(_), Some(_)) => Err(AppError::bad_request("Idempotency-Key is repeated.")),
    }
}
