//! Errors of the OIDC client.

use std::error::Error;

use gazette_authorizer::{DiscoveryError, TokenError};
use oauth2::RequestTokenError;
use oauth2::basic::{BasicErrorResponse, BasicErrorResponseType};

use super::http_client::HttpError;

type Source = Box<dyn Error + Send + Sync>;

/// Errors of signing in, refreshing and signing out at the user pool.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The pool cannot be reached (HTTP 503).
    #[error("the user pool cannot be reached: {0}")]
    Unreachable(Source),
    /// The pool sent a response that breaks the protocol (HTTP 502).
    #[error("the user pool sent an invalid response: {0}")]
    InvalidResponse(Source),
    /// The code or the refresh token is expired, used or revoked (HTTP 400).
    #[error("the authorization grant is invalid")]
    InvalidGrant,
    /// The pool rejected this client or its request (HTTP 502).
    #[error("the user pool rejected the request: {0}")]
    RequestRejected(String),
    /// The pool rejected this client: its id, secret or grants are misconfigured (HTTP 502).
    #[error(
        "the user pool refused this app client ({0}); check COGNITO_CLIENT_ID and \
         COGNITO_CLIENT_SECRET, and that the client allows the authorization code grant"
    )]
    Misconfigured(String),
    /// The ID token failed verification (HTTP 400, or 503 without keys).
    #[error("the ID token was rejected: {0}")]
    Token(#[from] TokenError),
}

impl From<DiscoveryError> for SignInError {
    fn from(error: DiscoveryError) -> Self {
        Self::Unreachable(error.into())
    }
}

impl From<url::ParseError> for SignInError {
    fn from(error: url::ParseError) -> Self {
        Self::InvalidResponse(error.into())
    }
}

impl From<reqwest::Error> for SignInError {
    fn from(error: reqwest::Error) -> Self {
        // The URL may carry secrets in its query.
        Self::Unreachable(error.without_url().into())
    }
}

impl From<RequestTokenError<HttpError, BasicErrorResponse>> for SignInError {
    fn from(error: RequestTokenError<HttpError, BasicErrorResponse>) -> Self {
        match error {
            RequestTokenError::ServerResponse(response) => match response.error() {
                BasicErrorResponseType::InvalidGrant => Self::InvalidGrant,
                BasicErrorResponseType::InvalidClient
                | BasicErrorResponseType::UnauthorizedClient => {
                    Self::Misconfigured(response.error().to_string())
                }
                BasicErrorResponseType::Extension(name) if name == "server_error" => {
                    Self::Unreachable(name.clone().into())
                }
                other => Self::RequestRejected(other.to_string()),
            },
            RequestTokenError::Request(HttpError::Request(error)) => error.into(),
            RequestTokenError::Request(error @ HttpError::Status(_)) => {
                Self::Unreachable(error.into())
            }
            RequestTokenError::Request(error) => Self::InvalidResponse(error.into()),
            RequestTokenError::Parse(error, _) => Self::InvalidResponse(error.into_inner().into()),
            RequestTokenError::Other(reason) => Self::InvalidResponse(reason.into()),
        }
    }
}
