//! `POST /oauth2/token`: tokens for a code, a refresh token, or the client itself.
//!
//! Source: Cognito, "Token endpoint"; RFC 6749 §§4.1.3, 5 and 6.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Serialize;

use super::client_authentication::{authenticate_client, read_form, required};
use super::oauth_error::OAuthError;
use super::parameters::Parameters;
use crate::client::{AppClient, OAuthGrant};
use crate::grants::{CodeRedemption, Grant};
use crate::pool::UserPool;
use crate::refresh::RefreshError;
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::token_issuer::TokenEndpoint;
use crate::user::User;

#[derive(Serialize)]
pub(super) struct TokenResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    expires_in: i64,
    token_type: &'static str,
}

pub(super) async fn token(
    State(pool): State<UserPool>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<TokenResponse>, OAuthError> {
    let form = read_form(&headers, &body)?;
    let grant_type = required(&form, "grant_type")?;
    // The client is checked first, so that a request without its secret cannot use up a code.
    let client = authenticate_client(&pool, &headers, &form).await?;
    match grant_type {
        "authorization_code" => authorization_code_grant(&pool, &client, &form).await,
        "refresh_token" => refresh_token_grant(&pool, &client, &form).await,
        "client_credentials" => client_credentials_grant(&pool, &client, &form),
        _ => Err(OAuthError::UnsupportedGrantType),
    }
}

async fn authorization_code_grant(
    pool: &UserPool,
    client: &AppClient,
    form: &Parameters,
) -> Result<Json<TokenResponse>, OAuthError> {
    if !client.allows_grant(OAuthGrant::Code) {
        return Err(OAuthError::UnauthorizedClient);
    }
    if client.requires_pkce {
        // Refused before the code is used up.
        required(form, "code_verifier")?;
    }
    let redemption = CodeRedemption {
        code: required(form, "code")?,
        client,
        redirect_uri: required(form, "redirect_uri")?,
        verifier: form.get("code_verifier"),
    };
    let state = &pool.state;
    let redeemed = state.codes.redeem(&redemption, &state.refresh_tokens, pool.now()).await?;
    let (pending, refresh_token) = redeemed.ok_or(OAuthError::InvalidGrant)?;
    let user = state.directory.user_of(&pending.grant.sign_in).await?;
    let user = user.ok_or(OAuthError::InvalidGrant)?;
    issue_tokens(pool, &pending.grant, &user, pending.nonce.as_deref(), Some(&refresh_token))
}

async fn refresh_token_grant(
    pool: &UserPool,
    client: &AppClient,
    form: &Parameters,
) -> Result<Json<TokenResponse>, OAuthError> {
    let token = required(form, "refresh_token")?;
    let (redeemed, user) = pool.refresh(token, client).await.map_err(|error| match error {
        RefreshError::Internal(error) => OAuthError::from(error),
        RefreshError::Unknown | RefreshError::Revoked | RefreshError::Reused => {
            OAuthError::InvalidGrant
        }
    })?;
    issue_tokens(pool, &redeemed.grant, &user, None, redeemed.successor.as_ref())
}

fn client_credentials_grant(
    pool: &UserPool,
    client: &AppClient,
    form: &Parameters,
) -> Result<Json<TokenResponse>, OAuthError> {
    if !client.allows_grant(OAuthGrant::ClientCredentials) {
        return Err(OAuthError::UnauthorizedClient);
    }
    let scopes = Scopes::parse_for_client(form.get("scope"), &client.scopes);
    let scopes = scopes.ok_or(OAuthError::InvalidScope)?;
    Ok(Json(TokenResponse {
        id_token: None,
        access_token: pool.state.token_issuer.issue_for_client(client, &scopes, pool.now())?,
        refresh_token: None,
        expires_in: client.lifetimes.access_token.seconds(),
        token_type: "Bearer",
    }))
}

fn issue_tokens(
    pool: &UserPool,
    grant: &Grant,
    user: &User,
    nonce: Option<&str>,
    refresh_token: Option<&Secret>,
) -> Result<Json<TokenResponse>, OAuthError> {
    let endpoint = TokenEndpoint::OAuth { nonce };
    let issued = pool.state.token_issuer.issue(grant, user, &endpoint, pool.now())?;
    Ok(Json(TokenResponse {
        id_token: grant.scopes.contains("openid").then_some(issued.id_token),
        access_token: issued.access_token,
        refresh_token: refresh_token.map(|token| token.as_str().to_owned()),
        expires_in: grant.lifetimes.access_token.seconds(),
        token_type: "Bearer",
    }))
}
