//! The media type of a request.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

/// Checks that the request has a media type, without regard to its parameters.
pub(super) fn has_media_type(headers: &HeaderMap, media_type: &str) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(media_type)
}
