//! The errors of the function.

use gazette_authorizer::{ConfigError, KeyError};
use lambda_runtime::Diagnostic;

use crate::settings::SettingsError;

/// Error of the configuration. Its text begins with the name of the variable.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A variable is missing or invalid.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The settings would accept no tokens, or too many.
    #[error("{variable}: {0}", variable = variable(*.0))]
    Config(#[from] ConfigError),
    /// The keys cannot be fetched from the issuer's address.
    #[error("COGNITO_ISSUER: its keys cannot be fetched")]
    Keys(#[from] KeyError),
    /// The issuer is not a URL.
    #[error("COGNITO_ISSUER: is not a URL")]
    Issuer(#[from] url::ParseError),
}

/// Returns the variable that an error is about.
fn variable(error: ConfigError) -> &'static str {
    match error {
        ConfigError::Issuer => "COGNITO_ISSUER",
        ConfigError::ClientIds => "COGNITO_CLIENT_ID",
        ConfigError::ClientRoles => "GAZETTE_CLIENT_ROLES",
        ConfigError::TokenUses => "GAZETTE_TOKEN_USE",
        ConfigError::ClockSkew => "GAZETTE_CLOCK_SKEW",
    }
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
            AuthorizerError::InvalidEvent => "InvalidEvent",
        };
        Self { error_type: error_type.to_owned(), error_message: error.to_string() }
    }
}
