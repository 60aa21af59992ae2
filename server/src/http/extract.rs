//! Services of a request, whose absence or malformation is a error like any other.

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use bytes::Bytes;
use serde_json::{Map, Value};

use crate::http::error::AppError;
use crate::http::limits::TOO_LARGE_BODY;
use crate::http::writing;

/// The one variable segment of a path; what is no text names nothing.
pub(super) struct Segment(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(segment)| Self(segment)).map_err(|_| AppError::not_found())
    }
}

/// The body of a request that is one JSON object, within the limit.
pub(super) struct JsonBody(pub(super) Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let is_json = writing::is_json(request.headers());
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|rejection| unreadable(rejection.status(), "the body"))?;
        if !is_json {
            return Err(AppError::unsupported_media_type());
        }
        let object = serde_json::from_slice(&body);
        object
            .map(Self)
            .map_err(|error| AppError::bad_request(format!("the body is no JSON object: {error}")))
    }
}

/// The body of a form, within the limit.
pub(super) struct FormBody(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for FormBody {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let body = Bytes::from_request(request, state).await;
        body.map(Self).map_err(|rejection| unreadable(rejection.status(), "the form"))
    }
}

fn unreadable(status: StatusCode, what: &str) -> AppError {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return AppError::too_large(status, TOO_LARGE_BODY);
    }
    AppError::bad_request(format!("{what} cannot be read"))
}
