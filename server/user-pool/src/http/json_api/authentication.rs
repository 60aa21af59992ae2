//! Parts of the operations that return tokens.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::error::ApiError;
use crate::config::AppClient;
use crate::grants::{Grant, SignIn};
use crate::pool::UserPool;
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::token_issuer::TokenEndpoint;
use crate::user::{Account, User};

/// Output of a complete sign-in or a refresh.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AuthenticationOutput {
    authentication_result: AuthenticationResult,
    challenge_parameters: BTreeMap<String, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AuthenticationResult {
    access_token: String,
    expires_in: i64,
    id_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    token_type: &'static str,
}

/// Completes a sign-in by password.
pub(super) async fn complete(
    pool: &UserPool,
    client: &AppClient,
    account: &Account,
) -> Result<AuthenticationOutput, ApiError> {
    let now = pool.now();
    let grant = Grant::new(client, Scopes::user_admin(), SignIn::new(account, now))?;
    let refresh_token = pool.state.refresh_tokens.issue(&grant, now).await?;
    issue_tokens(pool, &grant, &account.user, Some(&refresh_token))
}

/// Issues tokens for a grant.
pub(super) fn issue_tokens(
    pool: &UserPool,
    grant: &Grant,
    user: &User,
    refresh_token: Option<&Secret>,
) -> Result<AuthenticationOutput, ApiError> {
    let endpoint = TokenEndpoint::JsonApi;
    let issued = pool.state.token_issuer.issue(grant, user, &endpoint, pool.now())?;
    let authentication_result = AuthenticationResult {
        access_token: issued.access_token,
        expires_in: grant.lifetimes.access_token.seconds(),
        id_token: issued.id_token,
        refresh_token: refresh_token.map(|token| token.as_str().to_owned()),
        token_type: "Bearer",
    };
    Ok(AuthenticationOutput { authentication_result, challenge_parameters: BTreeMap::new() })
}

/// Checks `SECRET_HASH` of a confidential client:
/// `Base64(HMAC_SHA256(client secret, username + client id))`.
pub(super) fn check_secret_hash(
    client: &AppClient,
    username: &str,
    parameters: &BTreeMap<String, String>,
) -> Result<(), ApiError> {
    let Some(secret) = &client.secret else { return Ok(()) };
    let presented = parameters.get("SECRET_HASH").ok_or_else(|| {
        ApiError::NotAuthorized(format!(
            "Client {} is configured with secret but SECRET_HASH was not received",
            client.id
        ))
    })?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let message = format!("{username}{}", client.id);
    let tag = STANDARD.decode(presented).unwrap_or_default();
    hmac::verify(&key, message.as_bytes(), &tag).map_err(|_| {
        ApiError::NotAuthorized(format!("Unable to verify secret hash for client {}", client.id))
    })
}

/// Returns a parameter that must not be empty.
pub(super) fn required<'p>(
    parameters: &'p BTreeMap<String, String>,
    name: &str,
) -> Result<&'p str, ApiError> {
    let value = parameters.get(name).filter(|value| !value.is_empty());
    let missing = || ApiError::InvalidParameter(format!("Missing required parameter {name}"));
    value.map(String::as_str).ok_or_else(missing)
}
