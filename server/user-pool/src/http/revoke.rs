//! `POST /oauth2/revoke`: revokes a refresh token and its token family.
//!
//! Source: Cognito, "Revoke endpoint"; RFC 7009.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::client_authentication::{authenticate_client, read_form, required};
use super::oauth_error::OAuthError;
use crate::pool::UserPool;

pub(super) async fn revoke(
    State(pool): State<UserPool>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match revoke_token(&pool, &headers, &body).await {
        Ok(()) => StatusCode::OK.into_response(),
        // Unlike the token endpoint, Cognito answers 401 here.
        Err(error @ OAuthError::InvalidClient) => {
            (StatusCode::UNAUTHORIZED, error.into_response()).into_response()
        }
        Err(error) => error.into_response(),
    }
}

/// Revokes a token; succeeds for an unknown or another client's token, so that a response does
/// not tell which tokens exist.
async fn revoke_token(pool: &UserPool, headers: &HeaderMap, body: &[u8]) -> Result<(), OAuthError> {
    let form = read_form(headers, body)?;
    let client = authenticate_client(pool, headers, &form).await?;
    let token = required(&form, "token")?;
    // An id or access token has dots; it is revoked through its refresh token only.
    if token.contains('.') {
        return Err(OAuthError::UnsupportedTokenType);
    }
    if let Some(grant) = pool.state.refresh_tokens.find(token, &client).await? {
        pool.state.refresh_tokens.revoke(grant.origin_jti).await?;
    }
    Ok(())
}
