//! Bodies: forms and JSON objects, within the limit.

use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_ENCODING;
use axum::http::{HeaderMap, StatusCode};
use axum_extra::headers::{ContentType, HeaderMapExt as _, Mime};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::http::reply::AppError;
use crate::http::request::query::{FORM, read};
use crate::http::request::unique_json::read_object;

/// The largest body, in bytes.
pub(in crate::http) const MAX_BODY_BYTES: usize = 1024 * 1024;
/// Message for a larger one.
pub(in crate::http) const BODY_TOO_LARGE: &str = "The body is larger than 1 MiB. Send less.";

/// Message for a form that is larger.
pub(in crate::http) const FORM_TOO_LARGE: &str = "This form is larger than 1 MiB, so nothing was saved. Go back: what you typed is still there. Shorten it, or move a part of it elsewhere.";

/// Message for a compressed one (RFC 9110 §15.5.16).
const NOT_DECODED: &str = "The body must not be compressed. Send it without Content-Encoding.";

const JSON: &str = "application/json";
const FORM_URLENCODED: &str = "application/x-www-form-urlencoded";

/// Fields of a form.
///
/// # Errors
/// 413 for a body over the limit, 400 for a field that is unknown or repeated.
pub(in crate::http) struct Form<T>(pub(in crate::http) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, _: &S) -> Result<Self, AppError> {
        let body = read_body(request).await?;
        let text = std::str::from_utf8(&body)
            .map_err(|_| AppError::bad_request("The form is not valid UTF-8."))?;
        read(text, FORM).map(Self)
    }
}

/// Members of a JSON object, without duplicates.
///
/// # Errors
/// 413 for a body over the limit, 415 for another type, 400 for anything but one object.
pub(in crate::http) struct JsonObject(pub(in crate::http) Map<String, Value>);

impl<S: Sync> FromRequest<S> for JsonObject {
    type Rejection = AppError;

    async fn from_request(request: Request, _: &S) -> Result<Self, AppError> {
        let is_json = is_of_type(request.headers(), JSON);
        let mut encodings = request.headers().get_all(CONTENT_ENCODING).into_iter();
        let is_encoded = encodings.any(|it| !it.as_bytes().eq_ignore_ascii_case(b"identity"));
        let body = read_body(request).await?;
        if !is_json || is_encoded {
            let message =
                if is_encoded { NOT_DECODED } else { "The body must be application/json." };
            return Err(AppError::with_message(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
        }
        read_object(&body).map(Self).map_err(|error| {
            AppError::bad_request(format!("The body is not a JSON object: {error}"))
        })
    }
}

/// Returns whether the body is a form that a browser sent without a file.
pub(in crate::http) fn is_form(headers: &HeaderMap) -> bool {
    is_of_type(headers, FORM_URLENCODED)
}

fn is_of_type(headers: &HeaderMap, wanted: &str) -> bool {
    let content_type = headers.typed_get::<ContentType>();
    content_type.is_some_and(|content_type| Mime::from(content_type).essence_str() == wanted)
}

/// Reads the whole body of a request.
///
/// # Errors
/// 413 for a body over the limit, 400 for one that breaks off.
pub(in crate::http) async fn read_body(request: Request) -> Result<Bytes, AppError> {
    let too_large = if is_form(request.headers()) { FORM_TOO_LARGE } else { BODY_TOO_LARGE };
    Bytes::from_request(request, &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return AppError::with_message(StatusCode::PAYLOAD_TOO_LARGE, too_large);
        }
        AppError::bad_request("The request body could not be read.")
    })
}
