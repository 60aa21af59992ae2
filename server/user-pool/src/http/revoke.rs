//! `POST /oauth2/revoke`: ends a refresh token and all that came of its sign-in.
//!
//! Source: Cognito, "Revoke endpoint"; RFC 7009.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::parameters::Parameters;
use super::token::{TokenRefused, authenticated_client, required};
use crate::UserPool;

pub(super) async fn revoke(
    State(pool): State<UserPool>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match end(&pool, &headers, &body).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(TokenRefused::InvalidClient) => {
            let body = Json(json!({ "error": "invalid_client" }));
            (StatusCode::UNAUTHORIZED, body).into_response()
        }
        Err(refused) => refused.into_response(),
    }
}

/// A token that is unknown, ended or another client's is no fault, so that nobody can probe.
async fn end(pool: &UserPool, headers: &HeaderMap, body: &[u8]) -> Result<(), TokenRefused> {
    let form = Parameters::of_form(headers, body).ok_or(TokenRefused::InvalidRequest)?;
    if form.has_repeated() {
        return Err(TokenRefused::InvalidRequest);
    }
    let client = authenticated_client(&pool.0.settings, headers, &form)?;
    let token = required(&form, "token")?;
    // Tokens for showing around have three parts; these are revoked by what they came from.
    if token.contains('.') {
        return Err(TokenRefused::UnsupportedTokenType);
    }
    if let Some(grant) = pool.0.refresh_tokens.find(token, client).await? {
        pool.0.refresh_tokens.revoke(grant.origin_jti).await?;
    }
    Ok(())
}
