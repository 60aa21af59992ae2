//! Error responses of the JSON API.

use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::request_signature::SignatureError;
use super::response::json_response;
use crate::error::{DirectoryError, InternalError, NewPasswordError, SignInError};

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// Error of an operation.
#[derive(Debug)]
pub(super) enum ApiError {
    UnknownOperation,
    Serialization,
    InvalidParameter(String),
    ResourceNotFound(String),
    NotAuthorized(String),
    UserNotFound,
    UserExists,
    InvalidPassword,
    UnsupportedUserState,
    Signature(SignatureError),
    Internal(InternalError),
}

impl ApiError {
    /// Returns the name of Cognito's exception.
    fn exception(&self) -> &'static str {
        match self {
            Self::UnknownOperation => "UnknownOperationException",
            Self::Serialization => "SerializationException",
            Self::InvalidParameter(_) => "InvalidParameterException",
            Self::ResourceNotFound(_) => "ResourceNotFoundException",
            Self::NotAuthorized(_) => "NotAuthorizedException",
            Self::UserNotFound => "UserNotFoundException",
            Self::UserExists => "UsernameExistsException",
            Self::InvalidPassword => "InvalidPasswordException",
            Self::UnsupportedUserState => "UnsupportedUserStateException",
            Self::Signature(error) => error.exception(),
            Self::Internal(_) => "InternalErrorException",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::UnknownOperation => String::new(),
            Self::Serialization => "The request cannot be read.".to_owned(),
            Self::InvalidParameter(message)
            | Self::ResourceNotFound(message)
            | Self::NotAuthorized(message) => message.clone(),
            Self::UserNotFound => "User does not exist.".to_owned(),
            Self::UserExists => "User account already exists".to_owned(),
            Self::InvalidPassword => {
                "Password did not conform with policy: Password must have 8 to 256 characters"
                    .to_owned()
            }
            Self::UnsupportedUserState => {
                "Resend not possible. The user has a password of their own.".to_owned()
            }
            Self::Signature(error) => error.to_string(),
            Self::Internal(_) => "Something went wrong".to_owned(),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::UnknownOperation
            | Self::Serialization
            | Self::InvalidParameter(_)
            | Self::ResourceNotFound(_)
            | Self::NotAuthorized(_)
            | Self::UserNotFound
            | Self::UserExists
            | Self::InvalidPassword
            | Self::UnsupportedUserState
            | Self::Signature(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<InternalError> for ApiError {
    fn from(error: InternalError) -> Self {
        Self::Internal(error)
    }
}

impl From<SignInError> for ApiError {
    fn from(error: SignInError) -> Self {
        let message = match error {
            SignInError::WrongCredentials => "Incorrect username or password.",
            SignInError::Locked(_) => "Password attempts exceeded",
            SignInError::Disabled => "User is disabled.",
            SignInError::TemporaryPasswordExpired => {
                "Temporary password has expired and must be reset by an administrator."
            }
            SignInError::Internal(error) => return Self::Internal(error),
        };
        Self::NotAuthorized(message.to_owned())
    }
}

impl From<NewPasswordError> for ApiError {
    fn from(error: NewPasswordError) -> Self {
        match error {
            NewPasswordError::SessionExpired => {
                Self::NotAuthorized("Invalid session for the user, session is expired.".to_owned())
            }
            NewPasswordError::InvalidPassword => Self::InvalidPassword,
            NewPasswordError::Internal(error) => Self::Internal(error),
        }
    }
}

impl From<DirectoryError> for ApiError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::UserNotFound => Self::UserNotFound,
            DirectoryError::Internal(error) => Self::Internal(error),
            DirectoryError::UsernameExists => Self::UserExists,
            DirectoryError::InvalidPassword => Self::InvalidPassword,
            DirectoryError::UnsupportedState => Self::UnsupportedUserState,
            DirectoryError::InvalidParameter(_) | DirectoryError::Busy => {
                Self::InvalidParameter(error.to_string())
            }
        }
    }
}

impl From<SignatureError> for ApiError {
    fn from(error: SignatureError) -> Self {
        Self::Signature(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Self::Internal(error) = &self {
            error.log();
        }
        let exception = self.exception();
        let body = json!({ "__type": exception, "message": self.message() });
        let mut response = json_response(self.status(), &body);
        response.headers_mut().insert(ERROR_TYPE, HeaderValue::from_static(exception));
        response
    }
}
