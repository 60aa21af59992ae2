//! Errors of the OIDC client.

use gazette_authorizer::{DiscoveryError, DocumentError, TokenError};
use oauth2::RequestTokenError;
use oauth2::basic::{BasicErrorResponse, BasicErrorResponseType};

use super::http_client::HttpError;
use crate::error_causes::with_causes;

/// Errors of signing in, refreshing and signing out at the user pool. Their texts contain the
/// causes, for the log.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SignInError {
    /// The pool cannot be reached (HTTP 503).
    #[error("the user pool cannot be reached: {0}")]
    Unreachable(String),
    /// The pool sent a response that breaks the protocol (HTTP 502).
    #[error("the user pool sent an invalid response: {0}")]
    InvalidResponse(String),
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
    /// The discovery document is not one of the configured issuer, or cannot be used (HTTP 502).
    #[error("the user pool's endpoints cannot be discovered ({0}); check COGNITO_ISSUER")]
    InvalidDiscovery(String),
    /// The ID token failed verification (HTTP 400, or 503 without keys).
    #[error("the ID token was rejected: {0}")]
    Token(#[from] TokenError),
}

impl From<DiscoveryError> for SignInError {
    fn from(error: DiscoveryError) -> Self {
        let causes = with_causes(&error);
        if is_permanent(&error) {
            Self::InvalidDiscovery(causes)
        } else {
            Self::Unreachable(causes)
        }
    }
}

impl From<url::ParseError> for SignInError {
    fn from(error: url::ParseError) -> Self {
        Self::InvalidResponse(error.to_string())
    }
}

impl From<reqwest::Error> for SignInError {
    fn from(error: reqwest::Error) -> Self {
        // The URL may carry secrets in its query.
        Self::Unreachable(with_causes(&error.without_url()))
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
                    Self::Unreachable(name.clone())
                }
                other => Self::RequestRejected(other.to_string()),
            },
            RequestTokenError::Request(HttpError::Request(error)) => error.into(),
            RequestTokenError::Request(error @ HttpError::Status(_)) => {
                Self::Unreachable(error.to_string())
            }
            RequestTokenError::Request(error) => Self::InvalidResponse(with_causes(&error)),
            RequestTokenError::Parse(error, _) => Self::InvalidResponse(with_causes(&error)),
            RequestTokenError::Other(reason) => Self::InvalidResponse(reason),
        }
    }
}

/// Checks whether fetching the discovery document again cannot succeed until the configuration, or
/// the issuer's, is corrected.
pub(super) fn is_permanent(error: &DiscoveryError) -> bool {
    match error {
        DiscoveryError::Issuer
        | DiscoveryError::OtherIssuer
        | DiscoveryError::Malformed
        | DiscoveryError::Endpoint(_) => true,
        DiscoveryError::Document(error) => match error {
            DocumentError::Status(status) => (400..500).contains(status) && *status != 429,
            DocumentError::Address | DocumentError::ContentType | DocumentError::TooLarge => true,
            DocumentError::Client(_) | DocumentError::Unreachable(_) | DocumentError::File(_) => {
                false
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f_41_a_discovery_document_of_another_issuer_is_an_error_of_the_configuration() {
        let text = SignInError::from(DiscoveryError::OtherIssuer).to_string();
        assert!(text.contains("another issuer") && text.contains("COGNITO_ISSUER"), "{text}");
        let text = SignInError::from(DiscoveryError::from(DocumentError::Status(404))).to_string();
        assert!(text.contains("status 404") && text.contains("COGNITO_ISSUER"), "{text}");
        let text = SignInError::from(DiscoveryError::from(DocumentError::Status(503))).to_string();
        assert!(text.contains("cannot be reached") && text.contains("status 503"), "{text}");
    }
}
