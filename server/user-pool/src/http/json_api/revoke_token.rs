//! `RevokeToken`: like `/oauth2/revoke`, with an empty output.

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::message::{encode_output, find_client, parse_input};
use crate::pool::UserPool;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RevokeTokenInput {
    token: String,
    client_id: String,
    client_secret: Option<String>,
}

pub(super) async fn revoke_token(pool: &UserPool, body: &[u8]) -> Result<Value, ApiError> {
    let input: RevokeTokenInput = parse_input(body)?;
    let client = find_client(pool, &input.client_id).await?;
    if !client.accepts_secret(input.client_secret.as_deref()) {
        return Err(ApiError::NotAuthorized("Invalid client secret".to_owned()));
    }
    let tokens = &pool.state.refresh_tokens;
    if let Some(grant) = tokens.find(&input.token, &client).await? {
        tokens.revoke(grant.origin_jti).await?;
    }
    encode_output(&json!({}))
}
