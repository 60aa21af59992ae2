//! `InitiateAuth`: tokens for programs, without the hosted UI.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::authentication::{check_secret_hash, complete, issue_tokens, required};
use super::challenge::new_password_required;
use super::error::ApiError;
use super::message::{encode_output, find_client, parse_input};
use crate::client::{AppClient, AuthFlow};
use crate::pool::{SignedIn, UserPool};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InitiateAuthInput {
    auth_flow: String,
    client_id: String,
    #[serde(default)]
    auth_parameters: BTreeMap<String, String>,
}

pub(super) async fn initiate_auth(pool: &UserPool, body: &[u8]) -> Result<Value, ApiError> {
    let input: InitiateAuthInput = parse_input(body)?;
    let client = find_client(pool, &input.client_id).await?;
    match input.auth_flow.as_str() {
        "USER_PASSWORD_AUTH" if client.allows_flow(AuthFlow::UserPassword) => {
            password_flow(pool, &client, &input).await
        }
        "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => refresh_token_flow(pool, &client, &input).await,
        "USER_PASSWORD_AUTH"
        | "USER_SRP_AUTH"
        | "USER_AUTH"
        | "CUSTOM_AUTH"
        | "ADMIN_USER_PASSWORD_AUTH"
        | "ADMIN_NO_SRP_AUTH" => {
            let message = format!("{} flow not enabled for this client", input.auth_flow);
            Err(ApiError::InvalidParameter(message))
        }
        _ => Err(ApiError::InvalidParameter("AuthFlow is unknown.".to_owned())),
    }
}

async fn password_flow(
    pool: &UserPool,
    client: &AppClient,
    input: &InitiateAuthInput,
) -> Result<Value, ApiError> {
    let parameters = &input.auth_parameters;
    let username = required(parameters, "USERNAME")?;
    let password = required(parameters, "PASSWORD")?;
    check_secret_hash(client, username, parameters)?;
    match pool.sign_in(username, password).await? {
        SignedIn::Complete(account) => encode_output(&complete(pool, client, &account).await?),
        SignedIn::NewPasswordRequired { account, session } => {
            Ok(new_password_required(&account, &session)?)
        }
    }
}

async fn refresh_token_flow(
    pool: &UserPool,
    client: &AppClient,
    input: &InitiateAuthInput,
) -> Result<Value, ApiError> {
    let token = required(&input.auth_parameters, "REFRESH_TOKEN")?;
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
    check_secret_hash(client, &user.username, &input.auth_parameters)?;
    encode_output(&issue_tokens(pool, &redeemed.grant, &user, None)?)
}
