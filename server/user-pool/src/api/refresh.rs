//! `GetTokensFromRefreshToken` and `RevokeToken`.

use serde::Deserialize;

use super::error::ApiError;
use super::message::{Empty, find_client};
use super::operation::{Operation, operation};
use super::rules::{CLIENT_ID, CLIENT_SECRET, Rule, TOKEN, optional, required};
use super::tokens::{TokensOutput, issue_tokens};
use crate::pool::UserPool;
use crate::refresh::RefreshError;

pub(super) const OPERATIONS: &[Operation] = &[
    operation!(
        "GetTokensFromRefreshToken",
        Public,
        get_tokens_from_refresh_token,
        [
            required("RefreshToken", TOKEN),
            required("ClientId", CLIENT_ID),
            optional("ClientSecret", CLIENT_SECRET),
            optional("ClientMetadata", Rule::Map),
        ]
    ),
    operation!(
        "RevokeToken",
        Public,
        revoke_token,
        [
            required("Token", TOKEN),
            required("ClientId", CLIENT_ID),
            optional("ClientSecret", CLIENT_SECRET),
        ]
    ),
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RefreshInput {
    refresh_token: String,
    client_id: String,
    client_secret: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RevokeInput {
    token: String,
    client_id: String,
    client_secret: Option<String>,
}

async fn get_tokens_from_refresh_token(
    pool: &UserPool,
    input: RefreshInput,
) -> Result<TokensOutput, ApiError> {
    let client = &find_client(pool, &input.client_id).await?;
    if !client.accepts_secret(input.client_secret.as_deref()) {
        return Err(ApiError::not_authorized("Invalid client secret"));
    }
    let (redeemed, user) = pool.refresh(&input.refresh_token, client).await?;
    let successor = redeemed.successor.as_ref();
    Ok(issue_tokens(pool, &redeemed.grant, &user, successor)?.into())
}

async fn revoke_token(pool: &UserPool, input: RevokeInput) -> Result<Empty, ApiError> {
    let client = &find_client(pool, &input.client_id).await?;
    if !client.accepts_secret(input.client_secret.as_deref()) {
        return Err(ApiError::Refused("UnauthorizedException", "Invalid client secret".to_owned()));
    }
    // An id or access token has dots; it is revoked through its refresh token only.
    if input.token.contains('.') {
        let message = "Unsupported token type. Only refresh tokens can be revoked.".to_owned();
        return Err(ApiError::Refused("UnsupportedTokenTypeException", message));
    }
    let tokens = &pool.state.refresh_tokens;
    if let Some(grant) = tokens.find(&input.token, client).await? {
        tokens.revoke(grant.origin_jti).await?;
    }
    Ok(Empty {})
}

impl From<RefreshError> for ApiError {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::Internal(error) => Self::Internal(error),
            RefreshError::Reused => {
                Self::Refused("RefreshTokenReuseException", "Refresh token reuse detected.".into())
            }
            RefreshError::Unknown => Self::not_authorized("Invalid Refresh Token"),
            RefreshError::Revoked => Self::not_authorized("Refresh Token has been revoked"),
        }
    }
}
