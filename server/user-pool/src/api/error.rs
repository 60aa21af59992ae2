//! Errors of the JSON API, with Cognito's names.

use super::request_signature::SignatureError;
use crate::challenge::ChallengeError;
use crate::clients::ClientError;
use crate::error::AttributeError;
use crate::error::{AccountError, DirectoryError, InternalError, NewPasswordError, SignInError};

/// Error of an operation.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// The request is refused: the name of the exception and the message.
    Refused(&'static str, String),
    /// The pool cannot answer; the cause is only logged.
    Internal(InternalError),
}

impl ApiError {
    pub(super) fn invalid_parameter(message: impl Into<String>) -> Self {
        Self::Refused("InvalidParameterException", message.into())
    }

    pub(super) fn not_authorized(message: impl Into<String>) -> Self {
        Self::Refused("NotAuthorizedException", message.into())
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::Refused("ResourceNotFoundException", message.into())
    }

    pub(super) fn serialization(message: impl Into<String>) -> Self {
        Self::Refused("SerializationException", message.into())
    }

    pub(super) fn user_not_found() -> Self {
        AccountError::UserNotFound.into()
    }

    /// Refuses a request whose operation is not known.
    pub(crate) fn unknown_operation(name: Option<&str>) -> Self {
        let message = match name {
            Some(name) => format!("This user pool has no operation {name}."),
            None => "X-Amz-Target must name an operation, such as \
                     AWSCognitoIdentityProviderService.InitiateAuth, and Content-Type must be \
                     application/x-amz-json-1.1."
                .to_owned(),
        };
        Self::Refused("UnknownOperationException", message)
    }

    /// Returns the name of Cognito's exception, and the message.
    pub(crate) fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Refused(exception, message) => (exception, message),
            Self::Internal(InternalError::Overloaded) => {
                ("TooManyRequestsException", "Too many requests. Please try again.")
            }
            Self::Internal(_) => ("InternalErrorException", "Something went wrong"),
        }
    }
}

impl From<InternalError> for ApiError {
    fn from(error: InternalError) -> Self {
        Self::Internal(error)
    }
}

impl From<AttributeError> for ApiError {
    fn from(error: AttributeError) -> Self {
        let exception = match error {
            AttributeError::Unauthorized => "NotAuthorizedException",
            AttributeError::Unknown(_)
            | AttributeError::Missing(_)
            | AttributeError::Immutable(_)
            | AttributeError::Email
            | AttributeError::PhoneNumber
            | AttributeError::TooLong(_)
            | AttributeError::TooMany => "InvalidParameterException",
        };
        Self::Refused(exception, error.to_string())
    }
}

impl From<AccountError> for ApiError {
    fn from(error: AccountError) -> Self {
        let exception = match error {
            AccountError::Internal(error) => return Self::Internal(error),
            AccountError::Attribute(error) => return error.into(),
            AccountError::UsernameExists => "UsernameExistsException",
            AccountError::AliasExists => "AliasExistsException",
            AccountError::UserNotFound => "UserNotFoundException",
            AccountError::GroupExists => "GroupExistsException",
            AccountError::GroupNotFound => "ResourceNotFoundException",
            AccountError::TooManyGroups
            | AccountError::TooManyUsers
            | AccountError::LimitExceeded => "LimitExceededException",
            AccountError::PasswordTooShort => "InvalidPasswordException",
            AccountError::PasswordTooLong
            | AccountError::InvalidParameter(_)
            | AccountError::AlreadyConfirmed
            | AccountError::NoVerifiedEmail => "InvalidParameterException",
            AccountError::CodeMismatch => "CodeMismatchException",
            AccountError::CodeExpired => "ExpiredCodeException",
            AccountError::CannotConfirm(_)
            | AccountError::CannotReset
            | AccountError::Disabled
            | AccountError::WrongPassword => "NotAuthorizedException",
            AccountError::CannotInviteAgain => "UnsupportedUserStateException",
            AccountError::Busy => "ConcurrentModificationException",
        };
        Self::Refused(exception, error.to_string())
    }
}

impl From<ClientError> for ApiError {
    fn from(error: ClientError) -> Self {
        let exception = match error {
            ClientError::Internal(error) => return Self::Internal(error),
            ClientError::NotFound => "ResourceNotFoundException",
            ClientError::Configured | ClientError::Invalid(_) => "InvalidParameterException",
            ClientError::TooMany => "LimitExceededException",
            ClientError::Busy => "ConcurrentModificationException",
        };
        Self::Refused(exception, error.to_string())
    }
}

impl From<DirectoryError> for ApiError {
    fn from(error: DirectoryError) -> Self {
        AccountError::from(error).into()
    }
}

impl From<SignInError> for ApiError {
    fn from(error: SignInError) -> Self {
        let (exception, message) = match error {
            SignInError::NotConfirmed => ("UserNotConfirmedException", "User is not confirmed."),
            SignInError::ResetRequired => {
                ("PasswordResetRequiredException", "Password reset required for the user")
            }
            SignInError::WrongCredentials => {
                ("NotAuthorizedException", "Incorrect username or password.")
            }
            SignInError::Locked(_) => ("NotAuthorizedException", "Password attempts exceeded"),
            SignInError::Disabled => ("NotAuthorizedException", "User is disabled."),
            SignInError::TemporaryPasswordExpired => (
                "NotAuthorizedException",
                "Temporary password has expired and must be reset by an administrator.",
            ),
            SignInError::Internal(error) => return Self::Internal(error),
        };
        Self::Refused(exception, message.to_owned())
    }
}

impl From<NewPasswordError> for ApiError {
    fn from(error: NewPasswordError) -> Self {
        match error {
            NewPasswordError::Session(error) => Self::not_authorized(error.to_string()),
            NewPasswordError::InvalidPassword => AccountError::PasswordTooShort.into(),
            NewPasswordError::Internal(error) => Self::Internal(error),
        }
    }
}

impl From<SignatureError> for ApiError {
    fn from(error: SignatureError) -> Self {
        Self::Refused(error.exception(), error.to_string())
    }
}

impl From<ChallengeError> for ApiError {
    fn from(error: ChallengeError) -> Self {
        match error {
            ChallengeError::Session(error) => Self::not_authorized(error.to_string()),
            ChallengeError::WrongCode => {
                let message = "Invalid code received for user".to_owned();
                Self::Refused("CodeMismatchException", message)
            }
            ChallengeError::UsedCode => {
                let message = "Your software token has already been used once.".to_owned();
                Self::Refused("ExpiredCodeException", message)
            }
            ChallengeError::InvalidNumber => Self::invalid_parameter("SRP_A is invalid."),
            ChallengeError::SignIn(error) => error.into(),
            ChallengeError::Internal(error) => Self::Internal(error),
        }
    }
}
