//! `GET /oauth2/userInfo`: the user of an access token that was not revoked.
//!
//! Source: Cognito, "userInfo endpoint", with its unusual headers and its boolean as text.

use axum::Json;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::attributes::claims;
use crate::error::InternalError;
use crate::pool::{BearerError, UserPool};

#[derive(Serialize)]
pub(super) struct UserInfo {
    sub: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    username: String,
    #[serde(flatten)]
    attributes: Map<String, Value>,
}

/// Error of the endpoint.
pub(super) enum UserInfoError {
    MissingToken,
    InvalidToken,
    MissingScope,
    Internal(InternalError),
}

pub(super) async fn user_info(
    State(pool): State<UserPool>,
    headers: HeaderMap,
) -> Result<Json<UserInfo>, UserInfoError> {
    let token = bearer_token(&headers).ok_or(UserInfoError::MissingToken)?;
    let bearer = pool.bearer(token).await.map_err(|error| match error {
        BearerError::Internal(error) => UserInfoError::Internal(error),
        BearerError::Invalid | BearerError::Expired | BearerError::Revoked => {
            UserInfoError::InvalidToken
        }
    })?;
    let (user, scopes) = (bearer.account.user, bearer.scopes);
    if !scopes.contains("openid") {
        return Err(UserInfoError::MissingScope);
    }
    let email = user.address().filter(|_| scopes.includes_email()).map(ToOwned::to_owned);
    let verified = if user.email_verified { "true" } else { "false" };
    Ok(Json(UserInfo {
        sub: user.sub,
        attributes: as_texts(claims(&user, &scopes)),
        email_verified: email.as_ref().map(|_| verified),
        email,
        username: user.username,
    }))
}

/// Writes booleans as texts, as this endpoint does.
fn as_texts(mut claims: Map<String, Value>) -> Map<String, Value> {
    for claim in claims.values_mut() {
        if let Value::Bool(value) = claim {
            *claim = value.to_string().into();
        }
    }
    claims
}

fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

impl IntoResponse for UserInfoError {
    fn into_response(self) -> Response {
        let (status, challenge) = match self {
            Self::MissingToken => (
                StatusCode::BAD_REQUEST,
                r#"error="invalid_request", error_description="Bad OAuth2 request at UserInfo Endpoint""#,
            ),
            Self::InvalidToken => (
                StatusCode::UNAUTHORIZED,
                r#"error="invalid_token", error_description="Access token is expired, disabled, or deleted, or the user has globally signed out.""#,
            ),
            Self::MissingScope => (
                StatusCode::UNAUTHORIZED,
                r#"error="invalid_token", error_description="Access token does not contain openid scope""#,
            ),
            Self::Internal(error) => {
                error.log();
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
        };
        (status, [(WWW_AUTHENTICATE, challenge)]).into_response()
    }
}
