//! How large the parts of a request may be.

use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::http::error::AppError;

/// The largest body, in bytes.
pub(super) const MAX_BODY_BYTES: usize = 1024 * 1024;
/// What is said of a larger one.
pub(super) const TOO_LARGE_BODY: &str = "The body has more than 1 MiB.";
const MAX_ADDRESS_BYTES: usize = 8 * 1024;
const MAX_HEADER_BYTES: usize = 16 * 1024;

/// Refuses what is larger than anything here needs, before anything reads it.
pub(super) async fn enforce(request: Request, next: Next) -> Response {
    match check(&request) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn check(request: &Request) -> Result<(), AppError> {
    let address = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    if address > MAX_ADDRESS_BYTES {
        let message = "The address has more than 8 KiB.";
        return Err(AppError::too_large(StatusCode::URI_TOO_LONG, message));
    }
    if size(request.headers()) > MAX_HEADER_BYTES {
        let message = "The headers have more than 16 KiB.";
        return Err(AppError::too_large(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, message));
    }
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if announced.and_then(|text| text.parse().ok()).unwrap_or(0) > MAX_BODY_BYTES {
        return Err(AppError::too_large(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE_BODY));
    }
    Ok(())
}

fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}
