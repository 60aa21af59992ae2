//! `POST /oauth2/token`: tokens for a code or a refresh token.
//!
//! Source: Cognito, "Token endpoint"; RFC 6749 §§4.1.3, 5 and 6.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::json;

use super::parameters::Parameters;
use super::refusal::log;
use crate::config::{AppClient, Settings};
use crate::grant::{Grant, Redemption};
use crate::secret::{Secret, same};
use crate::token::{Door, TOKEN_LIFETIME};
use crate::user::User;
use crate::{Failure, UserPool};

#[derive(Serialize)]
pub(super) struct Tokens {
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    expires_in: i64,
    token_type: &'static str,
}

#[derive(Debug)]
pub(super) enum TokenRefused {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    UnsupportedTokenType,
    Failed(Failure),
}

pub(super) async fn token(
    State(pool): State<UserPool>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Tokens>, TokenRefused> {
    let form = Parameters::of_form(&headers, &body).ok_or(TokenRefused::InvalidRequest)?;
    if form.has_repeated() {
        return Err(TokenRefused::InvalidRequest);
    }
    let grant_type = required(&form, "grant_type")?;
    // The client comes first: one that cannot prove itself must not cost a code.
    let client = authenticated_client(&pool.0.settings, &headers, &form)?;
    match grant_type {
        "authorization_code" => by_code(&pool, client, &form).await,
        "refresh_token" => by_refresh_token(&pool, client, &form).await,
        _ => Err(TokenRefused::UnsupportedGrantType),
    }
}

async fn by_code(
    pool: &UserPool,
    client: &AppClient,
    form: &Parameters,
) -> Result<Json<Tokens>, TokenRefused> {
    if !client.authorization_code {
        return Err(TokenRefused::UnauthorizedClient);
    }
    let shown = Redemption {
        code: required(form, "code")?,
        client_id: &client.id,
        redirect_uri: required(form, "redirect_uri")?,
        verifier: required(form, "code_verifier")?,
    };
    let redeemed = pool.0.codes.redeem(&shown, &pool.0.refresh_tokens, pool.now()).await?;
    let (pending, refresh_token) = redeemed.ok_or(TokenRefused::InvalidGrant)?;
    let user = pool.0.directory.user_of(&pending.grant.sign_in).await?;
    let user = user.ok_or(TokenRefused::InvalidGrant)?;
    tokens(pool, &pending.grant, &user, pending.nonce.as_deref(), Some(&refresh_token))
}

async fn by_refresh_token(
    pool: &UserPool,
    client: &AppClient,
    form: &Parameters,
) -> Result<Json<Tokens>, TokenRefused> {
    let token = required(form, "refresh_token")?;
    let refreshed = pool.refreshed(token, client).await?;
    let (refreshed, user) = refreshed.ok_or(TokenRefused::InvalidGrant)?;
    tokens(pool, &refreshed.grant, &user, None, refreshed.successor.as_ref())
}

fn tokens(
    pool: &UserPool,
    grant: &Grant,
    user: &User,
    nonce: Option<&str>,
    refresh_token: Option<&Secret>,
) -> Result<Json<Tokens>, TokenRefused> {
    let minted = pool.0.mint.mint(grant, user, &Door::OAuth { nonce }, pool.now())?;
    Ok(Json(Tokens {
        id_token: grant.scopes.has("openid").then_some(minted.id_token),
        access_token: minted.access_token,
        refresh_token: refresh_token.map(|token| token.as_str().to_owned()),
        expires_in: TOKEN_LIFETIME,
        token_type: "Bearer",
    }))
}

pub(super) fn required<'a>(form: &'a Parameters, name: &str) -> Result<&'a str, TokenRefused> {
    form.get(name).ok_or(TokenRefused::InvalidRequest)
}

/// Finds the client, and checks the secret of one that has a secret.
pub(super) fn authenticated_client<'a>(
    settings: &'a Settings,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<&'a AppClient, TokenRefused> {
    let (id, secret) = match (basic_credentials(headers)?, form.get("client_secret")) {
        (Some(_), Some(_)) => return Err(TokenRefused::InvalidRequest),
        (Some((id, _)), None) if form.get("client_id").is_some_and(|other| other != id) => {
            return Err(TokenRefused::InvalidRequest);
        }
        (Some((id, secret)), None) => (id, Some(secret).filter(|secret| !secret.is_empty())),
        (None, secret) => (required(form, "client_id")?.to_owned(), secret.map(ToOwned::to_owned)),
    };
    let client = settings.client(&id).ok_or(TokenRefused::InvalidClient)?;
    let proven = match (&client.secret, &secret) {
        (None, None) => true,
        (Some(expected), Some(shown)) => same(expected, shown),
        (Some(_), None) | (None, Some(_)) => false,
    };
    proven.then_some(client).ok_or(TokenRefused::InvalidClient)
}

/// Id and secret of HTTP Basic, which Cognito does not form-decode.
fn basic_credentials(headers: &HeaderMap) -> Result<Option<(String, String)>, TokenRefused> {
    let Some(header) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let credentials = header
        .to_str()
        .ok()
        .and_then(|header| header.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| text.split_once(':').map(|(id, secret)| (id.into(), secret.into())));
    credentials.map(Some).ok_or(TokenRefused::InvalidClient)
}

impl From<Failure> for TokenRefused {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl IntoResponse for TokenRefused {
    fn into_response(self) -> Response {
        let error = match &self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::Failed(failure) => {
                log(failure);
                let body = Json(json!({ "error": "server_error" }));
                return (StatusCode::SERVICE_UNAVAILABLE, body).into_response();
            }
        };
        (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response()
    }
}
