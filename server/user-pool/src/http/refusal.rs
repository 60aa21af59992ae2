//! Answers to a browser that cannot have what it asked for.

use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::pages;
use crate::Failure;

/// Why a browser is turned away.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Told here, since there is no address that the browser may be sent to.
    Here(&'static str),
    /// Told to the application: the address carries the error.
    There(String),
    /// A fault of ours; it is logged, and the browser learns nothing of it.
    Failed(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Here(message) => pages::message(StatusCode::BAD_REQUEST, message).into_response(),
            Self::There(location) => match redirect(&location) {
                Ok(response) => response,
                Err(failure) => Self::Failed(failure).into_response(),
            },
            Self::Failed(failure) => {
                log(&failure);
                let message = "Something went wrong here. Please try again.";
                pages::message(StatusCode::SERVICE_UNAVAILABLE, message).into_response()
            }
        }
    }
}

/// Sends the browser elsewhere, as Cognito does with 302.
pub(super) fn redirect(location: &str) -> Result<Response, Failure> {
    let location =
        HeaderValue::from_str(location).map_err(|error| Failure::Encoding(error.to_string()))?;
    Ok((StatusCode::FOUND, [(LOCATION, location)]).into_response())
}

/// Notes a fault for the operator; called once for each, where the answer is made.
pub(super) fn log(failure: &Failure) {
    tracing::error!(%failure, "the user pool could not answer");
}
