//! Parts of a request, whose absence or malformation is a failure like any other.

use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use bytes::Bytes;

use crate::http::failure::Failure;
use crate::http::limits::TOO_LARGE_BODY;

/// The one variable segment of a path; what is no text names nothing.
pub(super) struct Segment(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Segment {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(segment)| Self(segment)).map_err(|_| Failure::not_found())
    }
}

/// The body of a form, within the limit.
pub(super) struct FormBody(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for FormBody {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let body = Bytes::from_request(request, state).await;
        body.map(Self).map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => {
                Failure::too_large(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE_BODY)
            }
            _ => Failure::bad_request("the form cannot be read"),
        })
    }
}
