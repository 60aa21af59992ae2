//! `POST /`: the JSON API, one operation per `X-Amz-Target`.
//!
//! Source: Cognito identity provider API; messages as the service writes them.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::refusal::log;
use super::request_signature::{SignatureRefused, check_signature};
use super::{admin_api, initiate_auth};
use crate::config::{AppClient, Settings};
use crate::directory::SignInRefused;
use crate::{DirectoryError, Failure, UserPool};

const MEDIA_TYPE: &str = "application/x-amz-json-1.1";
const TARGET_PREFIX: &str = "AWSCognitoIdentityProviderService.";
const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// Why an operation was not done.
#[derive(Debug)]
pub(super) enum ApiError {
    UnknownOperation,
    Serialization,
    InvalidParameter(String),
    ResourceNotFound(String),
    NotAuthorized(String),
    UserNotFound,
    Signature(SignatureRefused),
    Failed(Failure),
}

pub(super) async fn call(
    State(pool): State<UserPool>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match run(&pool, &headers, &body).await {
        Ok(output) => json_response(StatusCode::OK, serde_json::to_string(&output)),
        Err(error) => error.into_response(),
    }
}

async fn run(pool: &UserPool, headers: &HeaderMap, body: &[u8]) -> Result<Value, ApiError> {
    let operation = operation(headers).ok_or(ApiError::UnknownOperation)?;
    match operation {
        "InitiateAuth" => initiate_auth::initiate_auth(pool, body).await,
        "RevokeToken" => initiate_auth::revoke_token(pool, body).await,
        _ => {
            let operation = admin_api::Operation::named(operation);
            let operation = operation.ok_or(ApiError::UnknownOperation)?;
            check_signature(pool.0.settings.administrator.as_ref(), headers, body, pool.now())?;
            admin_api::run(pool, operation, body).await
        }
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

/// Reads the input of an operation.
pub(super) fn input<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|_| ApiError::Serialization)
}

/// The output of an operation.
pub(super) fn output(output: &impl Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(output).map_err(|error| ApiError::Failed(error.into()))
}

/// The client of an id.
pub(super) fn client<'s>(settings: &'s Settings, id: &str) -> Result<&'s AppClient, ApiError> {
    settings
        .client(id)
        .ok_or_else(|| ApiError::ResourceNotFound(format!("User pool client {id} does not exist.")))
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
            SignInRefused::Disabled => "User is disabled.",
            SignInRefused::Failed(failure) => return Self::Failed(failure),
        };
        Self::NotAuthorized(message.to_owned())
    }
}

impl From<DirectoryError> for ApiError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::UserNotFound => Self::UserNotFound,
            DirectoryError::Failed(failure) => Self::Failed(failure),
            DirectoryError::UsernameExists
            | DirectoryError::InvalidParameter(_)
            | DirectoryError::InvalidPassword
            | DirectoryError::Busy => Self::InvalidParameter(error.to_string()),
        }
    }
}

impl From<SignatureRefused> for ApiError {
    fn from(refused: SignatureRefused) -> Self {
        Self::Signature(refused)
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
            Self::UserNotFound => (bad, "UserNotFoundException", "User does not exist.".to_owned()),
            Self::Signature(refused) => (bad, refused.kind(), refused.to_string()),
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
