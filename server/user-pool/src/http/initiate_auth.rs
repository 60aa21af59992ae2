//! `InitiateAuth` and `RevokeToken`: tokens for programs, without the hosted UI.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::json_api::{ApiError, client, input, output};
use crate::UserPool;
use crate::config::AppClient;
use crate::grant::{Grant, SignIn};
use crate::scope::Scopes;
use crate::secret::{Secret, same};
use crate::token::{Door, TOKEN_LIFETIME};
use crate::user::User;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InitiateAuth {
    auth_flow: String,
    client_id: String,
    #[serde(default)]
    auth_parameters: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RevokeToken {
    token: String,
    client_id: String,
    client_secret: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct InitiateAuthOutput {
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

pub(super) async fn initiate_auth(pool: &UserPool, body: &[u8]) -> Result<Value, ApiError> {
    let input: InitiateAuth = input(body)?;
    let client = client(&pool.0.settings, &input.client_id)?;
    let authentication_result = match input.auth_flow.as_str() {
        "USER_PASSWORD_AUTH" if client.password_auth => by_password(pool, client, &input).await?,
        "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => by_refresh_token(pool, client, &input).await?,
        "USER_PASSWORD_AUTH"
        | "USER_SRP_AUTH"
        | "USER_AUTH"
        | "CUSTOM_AUTH"
        | "ADMIN_USER_PASSWORD_AUTH"
        | "ADMIN_NO_SRP_AUTH" => {
            let message = format!("{} flow not enabled for this client", input.auth_flow);
            return Err(ApiError::InvalidParameter(message));
        }
        _ => return Err(ApiError::InvalidParameter("AuthFlow is unknown.".to_owned())),
    };
    output(&InitiateAuthOutput { authentication_result, challenge_parameters: BTreeMap::new() })
}

/// `RevokeToken`: as `/oauth2/revoke`, without an answer.
pub(super) async fn revoke_token(pool: &UserPool, body: &[u8]) -> Result<Value, ApiError> {
    let input: RevokeToken = input(body)?;
    let client = client(&pool.0.settings, &input.client_id)?;
    let proven = match (&client.secret, &input.client_secret) {
        (Some(expected), Some(shown)) => same(expected, shown),
        (expected, shown) => expected.is_none() && shown.is_none(),
    };
    if !proven {
        return Err(ApiError::NotAuthorized("Invalid client secret".to_owned()));
    }
    let tokens = &pool.0.refresh_tokens;
    if let Some(grant) = tokens.find(&input.token, client).await? {
        tokens.revoke(grant.origin_jti).await?;
    }
    output(&json!({}))
}

async fn by_password(
    pool: &UserPool,
    client: &AppClient,
    input: &InitiateAuth,
) -> Result<AuthenticationResult, ApiError> {
    let username = input.required("USERNAME")?;
    let password = input.required("PASSWORD")?;
    check_secret_hash(client, username, input)?;
    let account = pool.sign_in(username, password).await?;
    let now = pool.now();
    let grant = Grant::new(&client.id, Scopes::user_admin(), SignIn::new(&account, now))?;
    let refresh_token = pool.0.refresh_tokens.issue(&grant, now).await?;
    result(pool, &grant, &account.user, Some(&refresh_token))
}

async fn by_refresh_token(
    pool: &UserPool,
    client: &AppClient,
    input: &InitiateAuth,
) -> Result<AuthenticationResult, ApiError> {
    let token = input.required("REFRESH_TOKEN")?;
    if client.refresh_token_rotation.is_some() {
        let message = format!(
            "{} isn't available in app clients with refresh token rotation enabled",
            input.auth_flow
        );
        return Err(ApiError::InvalidParameter(message));
    }
    let refreshed = pool.refreshed(token, client).await?;
    let (refreshed, user) =
        refreshed.ok_or_else(|| ApiError::NotAuthorized("Invalid Refresh Token".to_owned()))?;
    check_secret_hash(client, &user.username, input)?;
    result(pool, &refreshed.grant, &user, None)
}

fn result(
    pool: &UserPool,
    grant: &Grant,
    user: &User,
    refresh_token: Option<&Secret>,
) -> Result<AuthenticationResult, ApiError> {
    let minted = pool.0.mint.mint(grant, user, &Door::Api, pool.now())?;
    Ok(AuthenticationResult {
        access_token: minted.access_token,
        expires_in: TOKEN_LIFETIME,
        id_token: minted.id_token,
        refresh_token: refresh_token.map(|token| token.as_str().to_owned()),
        token_type: "Bearer",
    })
}

/// Checks `Base64(HMAC_SHA256(client secret, username + client id))` of a confidential client.
fn check_secret_hash(
    client: &AppClient,
    username: &str,
    input: &InitiateAuth,
) -> Result<(), ApiError> {
    let Some(secret) = &client.secret else { return Ok(()) };
    let shown = input.auth_parameters.get("SECRET_HASH").ok_or_else(|| {
        ApiError::NotAuthorized(format!(
            "Client {} is configured with secret but SECRET_HASH was not received",
            client.id
        ))
    })?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let message = format!("{username}{}", client.id);
    let tag = STANDARD.decode(shown).unwrap_or_default();
    hmac::verify(&key, message.as_bytes(), &tag).map_err(|_| {
        ApiError::NotAuthorized(format!("Unable to verify secret hash for client {}", client.id))
    })
}

impl InitiateAuth {
    fn required(&self, name: &str) -> Result<&str, ApiError> {
        let value = self.auth_parameters.get(name).filter(|value| !value.is_empty());
        value
            .map(String::as_str)
            .ok_or_else(|| ApiError::InvalidParameter(format!("Missing required parameter {name}")))
    }
}
