//! `POST /`: the JSON API, one operation per `X-Amz-Target`.
//!
//! Source: Cognito identity provider API; messages as the service writes them.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::refusal::log;
use crate::config::AppClient;
use crate::directory::SignInRefused;
use crate::grant::{Grant, SignIn};
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::token::{Door, TOKEN_LIFETIME};
use crate::user::User;
use crate::{Failure, UserPool};

const MEDIA_TYPE: &str = "application/x-amz-json-1.1";
const TARGET_PREFIX: &str = "AWSCognitoIdentityProviderService.";
const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct InitiateAuth {
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

#[derive(Debug)]
enum ApiError {
    UnknownOperation,
    Serialization,
    InvalidParameter(String),
    ResourceNotFound(String),
    NotAuthorized(String),
    Failed(Failure),
}

pub(super) async fn call(
    State(pool): State<UserPool>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = match operation(&headers) {
        Some("InitiateAuth") => initiate_auth(&pool, &body).await,
        Some(_) | None => Err(ApiError::UnknownOperation),
    };
    match answer {
        Ok(output) => json_response(StatusCode::OK, serde_json::to_string(&output)),
        Err(error) => error.into_response(),
    }
}

/// A page of another site cannot send either header without being asked first,
/// so the type of the body is insisted on as well.
fn operation(headers: &HeaderMap) -> Option<&str> {
    let media_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let target = headers.get(TARGET)?.to_str().ok()?.strip_prefix(TARGET_PREFIX)?;
    essence.eq_ignore_ascii_case(MEDIA_TYPE).then_some(target)
}

async fn initiate_auth(pool: &UserPool, body: &[u8]) -> Result<InitiateAuthOutput, ApiError> {
    let input: InitiateAuth = serde_json::from_slice(body).map_err(|_| ApiError::Serialization)?;
    let client = pool.0.settings.client(&input.client_id).ok_or_else(|| {
        ApiError::ResourceNotFound(format!("User pool client {} does not exist.", input.client_id))
    })?;
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
    Ok(InitiateAuthOutput { authentication_result, challenge_parameters: BTreeMap::new() })
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
    let refreshed = pool.refreshed(token, client).await?;
    let (grant, user) =
        refreshed.ok_or_else(|| ApiError::NotAuthorized("Invalid Refresh Token".to_owned()))?;
    check_secret_hash(client, &user.username, input)?;
    result(pool, &grant, &user, None)
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

fn json_response(status: StatusCode, body: serde_json::Result<String>) -> Response {
    match body {
        Ok(body) => (status, [(CONTENT_TYPE, MEDIA_TYPE)], body).into_response(),
        Err(error) => {
            log(&error.into());
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

impl InitiateAuth {
    fn required(&self, name: &str) -> Result<&str, ApiError> {
        let value = self.auth_parameters.get(name).filter(|value| !value.is_empty());
        value
            .map(String::as_str)
            .ok_or_else(|| ApiError::InvalidParameter(format!("Missing required parameter {name}")))
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<SignInRefused> for ApiError {
    fn from(refused: SignInRefused) -> Self {
        let message = match refused {
            SignInRefused::Wrong => "Incorrect username or password.",
            SignInRefused::TooManyAttempts => "Password attempts exceeded",
            SignInRefused::Failed(failure) => return Self::Failed(failure),
        };
        Self::NotAuthorized(message.to_owned())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let bad = StatusCode::BAD_REQUEST;
        let (status, kind, message) = match self {
            Self::UnknownOperation => (bad, "UnknownOperationException", String::new()),
            Self::Serialization => {
                (bad, "SerializationException", "The request cannot be read.".to_owned())
            }
            Self::InvalidParameter(message) => (bad, "InvalidParameterException", message),
            Self::ResourceNotFound(message) => (bad, "ResourceNotFoundException", message),
            Self::NotAuthorized(message) => (bad, "NotAuthorizedException", message),
            Self::Failed(failure) => {
                log(&failure);
                let message = "Something went wrong".to_owned();
                (StatusCode::INTERNAL_SERVER_ERROR, "InternalErrorException", message)
            }
        };
        let body = json!({ "__type": kind, "message": message }).to_string();
        let mut response = json_response(status, Ok(body));
        response.headers_mut().insert(ERROR_TYPE, axum::http::HeaderValue::from_static(kind));
        response
    }
}
