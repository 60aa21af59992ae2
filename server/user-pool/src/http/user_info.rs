//! `GET /oauth2/userInfo`: whom an access token vouches for, as long as it was not revoked.
//!
//! Source: Cognito, "userInfo endpoint", its odd headers and its textual boolean included.

use axum::Json;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use uuid::Uuid;

use super::refusal::log;
use crate::{Failure, UserPool};

#[derive(Serialize)]
pub(super) struct UserInfo {
    sub: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    username: String,
}

pub(super) enum Refused {
    NoToken,
    BadToken,
    NotOpenId,
    Failed(Failure),
}

pub(super) async fn user_info(
    State(pool): State<UserPool>,
    headers: HeaderMap,
) -> Result<Json<UserInfo>, Refused> {
    let token = bearer_token(&headers).ok_or(Refused::NoToken)?;
    let found = pool.bearer(token).await.map_err(Refused::Failed)?;
    let (user, scopes) = found.ok_or(Refused::BadToken)?;
    if !scopes.has("openid") {
        return Err(Refused::NotOpenId);
    }
    let show_email = scopes.show_email();
    Ok(Json(UserInfo {
        sub: user.sub,
        email_verified: show_email.then_some("true"),
        email: show_email.then_some(user.email),
        username: user.username,
    }))
}

fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, challenge) = match self {
            Self::NoToken => (
                StatusCode::BAD_REQUEST,
                r#"error="invalid_request", error_description="Bad OAuth2 request at UserInfo Endpoint""#,
            ),
            Self::BadToken => (
                StatusCode::UNAUTHORIZED,
                r#"error="invalid_token", error_description="Access token is expired, disabled, or deleted, or the user has globally signed out.""#,
            ),
            Self::NotOpenId => (
                StatusCode::UNAUTHORIZED,
                r#"error="invalid_token", error_description="Access token does not contain openid scope""#,
            ),
            Self::Failed(failure) => {
                log(&failure);
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            }
        };
        (status, [(WWW_AUTHENTICATE, challenge)]).into_response()
    }
}
