//! Conversions of the errors of other modules, so that handlers use `?`.

use axum::http::StatusCode;
use gazette_app::backend::ApiError;
use gazette_app::pages::ErrorPage;
use gazette_authorizer::TokenError;
use gazette_domain::{
    AccessError, CursorError, DeskError, IdempotencyKeyError, LimitError, StoryIdError,
};
use gazette_table::TableError;

use super::{AppError, Severity};
use crate::auth::{SessionError, SignInError};

const STORE_UNAVAILABLE: &str = "The store is unavailable; try again.";
const SIGN_IN_UNAVAILABLE: &str =
    "The sign-in service does not answer. Please try again in a moment.";

impl From<AccessError> for AppError {
    fn from(error: AccessError) -> Self {
        let refused = match error {
            AccessError::NotSignedIn => {
                Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", ErrorPage::NotSignedIn)
            }
            AccessError::RoleMissing(_) | AccessError::ScopeMissing => {
                Self::new(StatusCode::FORBIDDEN, "Forbidden", ErrorPage::Forbidden)
            }
        };
        Self { access: Some(error), ..refused }
    }
}

impl From<DeskError> for AppError {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Denied(error) => error.into(),
            DeskError::Unacceptable(ref errors) => Self::unprocessable(error.to_string(), errors),
            DeskError::KeyReused | DeskError::ListFull => {
                Self::unprocessable(error.to_string(), &[])
            }
            DeskError::KeyOfDeleted => Self::told(StatusCode::CONFLICT, error.to_string()),
            DeskError::Stale => Self::precondition_failed(),
            DeskError::Missing => Self::not_found(),
            DeskError::Gone => Self::gone(),
            DeskError::Table(error) => error.into(),
        }
    }
}

impl From<ApiError> for AppError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::Desk(error) => error.into(),
            ApiError::Parameter(message) => Self::bad_request(message),
            ApiError::NoContext => Self::internal(error),
        }
    }
}

impl From<TableError> for AppError {
    fn from(error: TableError) -> Self {
        if error.is_transient() {
            return Self::unavailable(STORE_UNAVAILABLE, error);
        }
        Self::internal(error)
    }
}

impl From<SessionError> for AppError {
    fn from(error: SessionError) -> Self {
        let message = match error {
            SessionError::PoolUnavailable => {
                "The sign-in service does not answer. You are still signed in. Try again."
            }
            SessionError::Table(_)
            | SessionError::Store(_)
            | SessionError::Serialize(_)
            | SessionError::Encrypt(_)
            | SessionError::Task(_) => "Sessions cannot be read right now. Try again.",
        };
        Self::unavailable(message, error)
    }
}

impl From<tower_sessions::session::Error> for AppError {
    fn from(error: tower_sessions::session::Error) -> Self {
        SessionError::from(error).into()
    }
}

/// Every refused token has the same answer, except one that is good but expired.
impl From<TokenError> for AppError {
    fn from(error: TokenError) -> Self {
        let message = match error {
            TokenError::KeysUnavailable => {
                let message = "The user pool's keys are not there yet; try again.";
                return Self::unavailable(message, error);
            }
            TokenError::Expired => "The incoming token has expired",
            _ => "Unauthorized",
        };
        Self {
            challenge: Some(r#"Bearer error="invalid_token""#),
            access: Some(AccessError::NotSignedIn),
            ..Self::new(StatusCode::UNAUTHORIZED, message, ErrorPage::NotSignedIn)
        }
    }
}

/// A failed sign-in is never a 500: the person is told how to go on.
impl From<SignInError> for AppError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Unreachable(_) | SignInError::Token(TokenError::KeysUnavailable) => {
                Self::unavailable(SIGN_IN_UNAVAILABLE, error)
            }
            SignInError::InvalidResponse(_) | SignInError::RequestRejected(_) => {
                let page = ErrorPage::Unavailable(SIGN_IN_UNAVAILABLE.to_owned());
                Self::new(StatusCode::BAD_GATEWAY, SIGN_IN_UNAVAILABLE, page)
                    .because(Severity::Warn, error)
            }
            SignInError::InvalidGrant => Self::sign_in(
                "This sign-in link has expired or was used before. Please start again.",
            )
            .because(Severity::Info, error),
            SignInError::Token(_) => {
                Self::sign_in("The sign-in service sent a reply that we cannot trust.")
                    .because(Severity::Warn, error)
            }
        }
    }
}

macro_rules! bad_request_from {
    ($($error:ty),*) => {
        $(impl From<$error> for AppError {
            fn from(error: $error) -> Self {
                Self::bad_request(error.to_string())
            }
        })*
    };
}

bad_request_from!(CursorError, LimitError, IdempotencyKeyError, StoryIdError);
