//! `Sec-Fetch-Dest`: the use that a browser makes of an answer (Fetch Metadata).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};

use crate::http::reply::AppError;

/// Returns whether a page loads the answer as a picture, a script, a frame or the like.
pub(in crate::http) fn is_embedded(headers: &HeaderMap) -> bool {
    let destination = headers.get("sec-fetch-dest").map_or(&b""[..], HeaderValue::as_bytes);
    !matches!(destination, b"" | b"document" | b"empty")
}

/// A request whose answer no page loads as a part of itself.
///
/// # Errors
/// 403 for another one: what it asks for is about one person, and belongs into no page (WEB-06).
pub(in crate::http) struct NotEmbedded;

impl<S: Sync> FromRequestParts<S> for NotEmbedded {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        if is_embedded(&parts.headers) {
            tracing::info!(reason = "deny.embedded", "denied");
            return Err(AppError::foreign_request());
        }
        Ok(Self)
    }
}
