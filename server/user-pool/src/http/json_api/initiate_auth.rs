//! `InitiateAuth`: tokens for programs, without the hosted UI.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::ApiError;
use super::message::{encode_output, find_client, parse_input};
use crate::config::AppClient;
use crate::grants::{Grant, SignIn};
use crate::pool::UserPool;
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::token_issuer::{TOKEN_LIFETIME, TokenEndpoint};
use crate::user::User;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InitiateAuthInput {
    auth_flow: String,
    client_id: String,
    #[serde(default)]
    auth_parameters: BTreeMap<String, String>,
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
    let input: InitiateAuthInput = parse_input(body)?;
    let client = find_client(&pool.state.settings, &input.client_id)?;
    let authentication_result = match input.auth_flow.as_str() {
        "USER_PASSWORD_AUTH" if client.password_auth => password_flow(pool, client, &input).await?,
        "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => refresh_token_flow(pool, client, &input).await?,
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
    encode_output(&InitiateAuthOutput {
        authentication_result,
        challenge_parameters: BTreeMap::new(),
    })
}

async fn password_flow(
    pool: &UserPool,
    client: &AppClient,
    input: &InitiateAuthInput,
) -> Result<AuthenticationResult, ApiError> {
    let username = input.required("USERNAME")?;
    let password = input.required("PASSWORD")?;
    check_secret_hash(client, username, input)?;
    let account = pool.sign_in(username, password).await?;
    let now = pool.now();
    let grant = Grant::new(&client.id, Scopes::user_admin(), SignIn::new(&account, now))?;
    let refresh_token = pool.state.refresh_tokens.issue(&grant, now).await?;
    issue_tokens(pool, &grant, &account.user, Some(&refresh_token))
}

async fn refresh_token_flow(
    pool: &UserPool,
    client: &AppClient,
    input: &InitiateAuthInput,
) -> Result<AuthenticationResult, ApiError> {
    let token = input.required("REFRESH_TOKEN")?;
    if client.refresh_token_rotation.is_some() {
        let message = format!(
            "{} isn't available in app clients with refresh token rotation enabled",
            input.auth_flow
        );
        return Err(ApiError::InvalidParameter(message));
    }
    let redeemed = pool.redeem_refresh_token(token, client).await?;
    let (redeemed, user) =
        redeemed.ok_or_else(|| ApiError::NotAuthorized("Invalid Refresh Token".to_owned()))?;
    check_secret_hash(client, &user.username, input)?;
    issue_tokens(pool, &redeemed.grant, &user, None)
}

fn issue_tokens(
    pool: &UserPool,
    grant: &Grant,
    user: &User,
    refresh_token: Option<&Secret>,
) -> Result<AuthenticationResult, ApiError> {
    let endpoint = TokenEndpoint::JsonApi;
    let issued = pool.state.token_issuer.issue(grant, user, &endpoint, pool.now())?;
    Ok(AuthenticationResult {
        access_token: issued.access_token,
        expires_in: TOKEN_LIFETIME,
        id_token: issued.id_token,
        refresh_token: refresh_token.map(|token| token.as_str().to_owned()),
        token_type: "Bearer",
    })
}

/// Checks `SECRET_HASH` of a confidential client:
/// `Base64(HMAC_SHA256(client secret, username + client id))`.
fn check_secret_hash(
    client: &AppClient,
    username: &str,
    input: &InitiateAuthInput,
) -> Result<(), ApiError> {
    let Some(secret) = &client.secret else { return Ok(()) };
    let presented = input.auth_parameters.get("SECRET_HASH").ok_or_else(|| {
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

impl InitiateAuthInput {
    fn required(&self, name: &str) -> Result<&str, ApiError> {
        let value = self.auth_parameters.get(name).filter(|value| !value.is_empty());
        value
            .map(String::as_str)
            .ok_or_else(|| ApiError::InvalidParameter(format!("Missing required parameter {name}")))
    }
}
