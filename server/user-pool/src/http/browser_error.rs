//! Error responses of the pages that a browser opens.

use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::pages::{self, Mismatch};
use crate::error::InternalError;

/// Shown while too many passwords wait to be checked.
const BUSY: &str = "Many people are signing in right now. Go back and try again in a few seconds.";
pub(super) const RETRY_SOON: [(HeaderName, HeaderValue); 1] =
    [(RETRY_AFTER, HeaderValue::from_static("2"))];

/// Error of a request that a browser made.
#[derive(Debug)]
pub(super) enum BrowserError {
    /// Shown as a page, because no redirect address is trusted.
    Mismatch(Box<Mismatch>),
    /// Shown as a page with a text.
    Message(&'static str),
    /// Reported to the application: the callback URL with the error in its query.
    Redirect(String),
    /// Logged; the browser gets a page without details.
    Internal(InternalError),
}

impl From<InternalError> for BrowserError {
    fn from(error: InternalError) -> Self {
        Self::Internal(error)
    }
}

impl From<Mismatch> for BrowserError {
    fn from(mismatch: Mismatch) -> Self {
        Self::Mismatch(Box::new(mismatch))
    }
}

impl IntoResponse for BrowserError {
    fn into_response(self) -> Response {
        match self {
            Self::Mismatch(mismatch) => mismatch.page().into_response(),
            Self::Message(message) => {
                pages::message(StatusCode::BAD_REQUEST, message).into_response()
            }
            Self::Redirect(location) => match redirect(&location) {
                Ok(response) => response,
                Err(error) => Self::Internal(error).into_response(),
            },
            Self::Internal(InternalError::Overloaded) => {
                let page = pages::message(StatusCode::SERVICE_UNAVAILABLE, BUSY);
                (RETRY_SOON, page).into_response()
            }
            Self::Internal(error) => {
                error.log();
                let message = "Sorry, that's our fault. We've logged it. Please try again.";
                pages::message(StatusCode::SERVICE_UNAVAILABLE, message).into_response()
            }
        }
    }
}

/// Redirects the browser with 302, as Cognito does.
pub(super) fn redirect(location: &str) -> Result<Response, InternalError> {
    let location = HeaderValue::from_str(location)?;
    Ok((StatusCode::FOUND, [(LOCATION, location)]).into_response())
}
