//! The errors of the function.

use gazette_authorizer::{ConfigError, KeyError};
use lambda_runtime::Diagnostic;

/// Error from creating an authorizer.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The settings would accept no tokens, or too many.
    #[error(transparent)]
    Settings(#[from] ConfigError),
    /// The keys cannot be fetched from the issuer's address.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The issuer is not a URL.
    #[error("the issuer is not a URL")]
    Issuer(#[from] url::ParseError),
}

/// Error returned instead of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizerError {
    /// The caller has no valid token. API Gateway maps exactly this text to 401, and any other
    /// one to 500.
    #[error("Unauthorized")]
    Unauthorized,
    /// The token cannot be verified yet, which must not look like an invalid token.
    #[error("the user pool's keys have not been fetched yet")]
    KeysUnavailable,
    /// The event is not one of an API Gateway authorizer.
    #[error("the event is not an API Gateway authorizer event")]
    InvalidEvent,
}

impl From<AuthorizerError> for Diagnostic {
    fn from(error: AuthorizerError) -> Self {
        let error_type = match error {
            AuthorizerError::Unauthorized => "Unauthorized",
            AuthorizerError::KeysUnavailable => "KeysUnavailable",
            // The published name is older than the name of the variant.
            AuthorizerError::InvalidEvent => "NoQuestion",
        };
        Self { error_type: error_type.to_owned(), error_message: error.to_string() }
    }
}
