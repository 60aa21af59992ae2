//! Error responses of the token and revocation endpoints.
//!
//! Source: Cognito, "Token endpoint"; RFC 6749 §5.2; RFC 7009 §2.2.1.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::error::InternalError;

/// Error of an OAuth endpoint.
#[derive(Debug)]
pub(super) enum OAuthError {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    InvalidScope,
    UnauthorizedClient,
    UnsupportedGrantType,
    UnsupportedTokenType,
    Internal(InternalError),
}

impl OAuthError {
    /// Returns the error code of RFC 6749 or RFC 7009.
    fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidScope => "invalid_scope",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::Internal(_) => "server_error",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Internal(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::InvalidRequest
            | Self::InvalidClient
            | Self::InvalidGrant
            | Self::InvalidScope
            | Self::UnauthorizedClient
            | Self::UnsupportedGrantType
            | Self::UnsupportedTokenType => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<InternalError> for OAuthError {
    fn from(error: InternalError) -> Self {
        Self::Internal(error)
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        if let Self::Internal(error) = &self {
            error.log();
        }
        (self.status(), Json(json!({ "error": self.code() }))).into_response()
    }
}
