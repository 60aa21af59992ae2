//! `POST /_pool/rotate-keys`: replaces the signing keys, to test how clients follow a rotation.
//! Tokens that the old keys signed stay valid: the key set contains the old keys for a day.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, LOCATION, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::cookies::csrf_cookie;
use super::media_type::has_media_type;
use super::pages::{self, HOME};
use super::parameters::Parameters;
use crate::key_ring::RotationError;
use crate::pool::UserPool;

/// Replaces the keys for a program (JSON), or for the button of the home page (form).
pub(super) async fn rotate(
    State(pool): State<UserPool>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let is_program = is_program(&headers, &body);
    if !is_program {
        let Some(form) = Parameters::from_form(&headers, &body) else {
            return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
        };
        let csrf = csrf_cookie(&pool.state.settings, &headers);
        if !csrf.is_some_and(|csrf| csrf.equals(form.get("_csrf").unwrap_or_default())) {
            let message = "This page was open for too long. Go back, reload it and try again.";
            return pages::message(StatusCode::BAD_REQUEST, message).into_response();
        }
    }
    let keys = &pool.state.token_issuer.keys;
    match keys.rotate(pool.now()).await {
        Ok(()) if is_program => Json(keys.current().to_jwks(pool.now())).into_response(),
        Ok(()) => {
            (StatusCode::SEE_OTHER, [(LOCATION, format!("{HOME}?rotated=1"))]).into_response()
        }
        Err(error) => respond_with_error(&error, is_program),
    }
}

/// Checks whether a program of this machine sent the request. Another site cannot send JSON without
/// a CORS preflight, and browsers say where a request without a body comes from.
fn is_program(headers: &HeaderMap, body: &[u8]) -> bool {
    let is_from_page = headers.contains_key(ORIGIN) || headers.contains_key("sec-fetch-site");
    let is_bare = body.is_empty() && !headers.contains_key(CONTENT_TYPE);
    has_media_type(headers, "application/json") || (is_bare && !is_from_page)
}

fn respond_with_error(error: &RotationError, is_program: bool) -> Response {
    let (status, message) = match error {
        RotationError::TooMany => (
            StatusCode::TOO_MANY_REQUESTS,
            "The keys were replaced too often. Old keys stay published for a day; try again later.",
        ),
        RotationError::Keys(error) => {
            tracing::error!(%error, "the signing keys could not be replaced");
            let message = "The new keys could not be stored. The log says why.";
            (StatusCode::SERVICE_UNAVAILABLE, message)
        }
    };
    if is_program {
        return (status, Json(json!({ "message": message }))).into_response();
    }
    pages::message(status, message).into_response()
}
