//! Outputs of the operations that return tokens.

use std::collections::BTreeMap;

use serde::Serialize;

use super::error::ApiError;
use crate::client::AppClient;
use crate::grants::{Grant, SignIn};
use crate::pool::UserPool;
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::token_issuer::TokenEndpoint;
use crate::user::{Account, User};

/// Output of a sign-in: tokens, or a challenge.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AuthOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) challenge_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) session: Option<String>,
    pub(super) challenge_parameters: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authentication_result: Option<AuthenticationResult>,
}

/// Output of `GetTokensFromRefreshToken`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TokensOutput {
    authentication_result: AuthenticationResult,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AuthenticationResult {
    access_token: String,
    expires_in: i64,
    id_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    token_type: &'static str,
}

impl AuthOutput {
    /// Returns a challenge that continues with a session.
    pub(super) fn challenge(
        name: &'static str,
        session: Option<&Secret>,
        parameters: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        Self {
            challenge_name: Some(name),
            session: session.map(|session| session.as_str().to_owned()),
            challenge_parameters: parameters.into_iter().collect(),
            authentication_result: None,
        }
    }
}

impl From<AuthenticationResult> for AuthOutput {
    fn from(result: AuthenticationResult) -> Self {
        Self {
            challenge_name: None,
            session: None,
            challenge_parameters: BTreeMap::new(),
            authentication_result: Some(result),
        }
    }
}

impl From<AuthenticationResult> for TokensOutput {
    fn from(authentication_result: AuthenticationResult) -> Self {
        Self { authentication_result }
    }
}

/// Completes a sign-in.
pub(super) async fn complete(
    pool: &UserPool,
    client: &AppClient,
    account: &Account,
) -> Result<AuthOutput, ApiError> {
    let now = pool.now();
    let grant = Grant::new(client, Scopes::user_admin(), SignIn::new(account, now))?;
    let refresh_token = pool.state.refresh_tokens.issue(&grant, now).await?;
    Ok(issue_tokens(pool, &grant, &account.user, Some(&refresh_token))?.into())
}

/// Issues tokens for a grant.
pub(super) fn issue_tokens(
    pool: &UserPool,
    grant: &Grant,
    user: &User,
    refresh_token: Option<&Secret>,
) -> Result<AuthenticationResult, ApiError> {
    let endpoint = TokenEndpoint::JsonApi;
    let issued = pool.state.token_issuer.issue(grant, user, &endpoint, pool.now())?;
    Ok(AuthenticationResult {
        access_token: issued.access_token,
        expires_in: grant.lifetimes.access_token.seconds(),
        id_token: issued.id_token,
        refresh_token: refresh_token.map(|token| token.as_str().to_owned()),
        token_type: "Bearer",
    })
}
