//! Runs the operation that `X-Amz-Target` names.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::admin;
use super::challenge::respond_to_auth_challenge;
use super::error::ApiError;
use super::initiate_auth::initiate_auth;
use super::request_signature::check_signature;
use super::response::{MEDIA_TYPE, json_response};
use super::revoke_token::revoke_token;
use crate::http::media_type::has_media_type;
use crate::pool::UserPool;

const TARGET_PREFIX: &str = "AWSCognitoIdentityProviderService.";
const TARGET: HeaderName = HeaderName::from_static("x-amz-target");

pub(in crate::http) async fn call(
    State(pool): State<UserPool>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match run(&pool, &headers, &body).await {
        Ok(output) => json_response(StatusCode::OK, &output),
        Err(error) => error.into_response(),
    }
}

async fn run(pool: &UserPool, headers: &HeaderMap, body: &[u8]) -> Result<Value, ApiError> {
    let operation = operation_name(headers).ok_or(ApiError::UnknownOperation)?;
    match operation {
        "InitiateAuth" => initiate_auth(pool, body).await,
        "RespondToAuthChallenge" => respond_to_auth_challenge(pool, body).await,
        "RevokeToken" => revoke_token(pool, body).await,
        _ => {
            let operation = admin::Operation::from_name(operation);
            let operation = operation.ok_or(ApiError::UnknownOperation)?;
            let administrator = pool.state.settings.administrator.as_ref();
            check_signature(administrator, headers, body, pool.now())?;
            admin::run(pool, operation, body).await
        }
    }
}

/// Reads the operation. Both headers are required, because another site cannot send either of
/// them without a CORS preflight.
fn operation_name(headers: &HeaderMap) -> Option<&str> {
    let target = headers.get(TARGET)?.to_str().ok()?.strip_prefix(TARGET_PREFIX)?;
    has_media_type(headers, MEDIA_TYPE).then_some(target)
}
