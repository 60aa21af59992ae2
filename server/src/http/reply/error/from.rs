//! Conversions of the errors of other modules, so that handlers use `?`.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use gazette_app::backend::ApiError;
use gazette_app::pages::{ErrorPage, SignInFailure};
use gazette_authorizer::TokenError;
use gazette_domain::{
    AccessError, CursorError, DeskError, FieldError, IdempotencyKeyError, PatchError,
    RemovalReasonError,
};
use gazette_table::TableError;

use super::{AppError, Severity};
use crate::auth::{SessionError, SignInError};
use crate::images::{ImageError, ImageStoreError, ImagesError};
use crate::search::SearchError;

const STORE_UNAVAILABLE: &str = "We can't load this right now. Please try again in a moment.";
const SIGN_IN_UNAVAILABLE: &str =
    "The sign-in service isn't responding. Please try again in a moment.";
const SIGN_IN_MISCONFIGURED: &str = "Sign-in is not set up correctly on this site. Contact its \
     operator and quote the reference below.";
const LOGIN_USED: &str = "This sign-in link has expired or was used before. Please start again.";

impl From<SearchError> for AppError {
    fn from(error: SearchError) -> Self {
        let message = match error {
            SearchError::Desk(error) => return error.into(),
            SearchError::Building => {
                "The search index is being built. Please try again in a moment."
            }
            SearchError::Off => "Search is not available on this site.",
            SearchError::Busy => "Too many people are searching. Please try again in a moment.",
            SearchError::Index(_) | SearchError::Stopped(_) => {
                "We can't search right now. Please try again in a moment."
            }
        };
        Self::unavailable(message, error)
    }
}

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
            DeskError::StoryDenied(error) => {
                let page = ErrorPage::StoryDenied(error.denial, error.path);
                Self { page, ..error.access.into() }
            }
            DeskError::Unacceptable(ref errors) => Self::unprocessable(error.to_string(), errors),
            DeskError::Redirect(error) => {
                let (field, message) = error.field();
                let errors = [FieldError { field, message }];
                Self::unprocessable(error.to_string(), &errors)
            }
            DeskError::KeyReused | DeskError::ListFull { .. } => {
                Self::unprocessable(error.to_string(), &[])
            }
            DeskError::KeyOfDeleted | DeskError::NotPublic | DeskError::Conflict(_) => {
                Self::with_message(StatusCode::CONFLICT, error.to_string())
            }
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
            ApiError::Cursor(error) => error.into(),
            ApiError::Reason(error) => error.into(),
            ApiError::Parameter(message) => Self::bad_request(message),
        }
    }
}

impl From<RemovalReasonError> for AppError {
    fn from(error: RemovalReasonError) -> Self {
        Self::unprocessable(error.to_string(), &[error.field_error()])
    }
}

impl From<TableError> for AppError {
    fn from(error: TableError) -> Self {
        if !error.is_transient() {
            return Self::internal(error);
        }
        Self { is_store_unavailable: true, ..Self::unavailable(STORE_UNAVAILABLE, error) }
    }
}

impl From<SessionError> for AppError {
    fn from(error: SessionError) -> Self {
        let message = match error {
            SessionError::LoginCompleted => {
                return Self::sign_in(LOGIN_USED).because(Severity::Info, error);
            }
            SessionError::PoolUnavailable => {
                "The sign-in service isn't responding. You're still signed in. Please try again."
            }
            SessionError::Table(_)
            | SessionError::Store(_)
            | SessionError::Serialize(_)
            | SessionError::Encrypt(_)
            | SessionError::Task(_) => {
                "We can't check your sign-in right now. Please try again in a moment."
            }
        };
        Self::unavailable(message, error)
    }
}

impl From<tower_sessions::session::Error> for AppError {
    fn from(error: tower_sessions::session::Error) -> Self {
        SessionError::from(error).into()
    }
}

/// All rejected tokens get the same response, except valid but expired ones.
impl From<TokenError> for AppError {
    fn from(error: TokenError) -> Self {
        let message = match error {
            TokenError::KeysUnavailable => {
                let message =
                    "The user pool's keys have not been fetched yet. Try again in a moment.";
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

/// A failed sign-in is never a 500: the page says what to do next.
impl From<SignInError> for AppError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Unreachable(_) | SignInError::Token(TokenError::KeysUnavailable) => {
                Self::sign_in_unavailable(SIGN_IN_UNAVAILABLE, error)
            }
            SignInError::InvalidResponse(_) | SignInError::RequestRejected(_) => {
                let page = ErrorPage::SignInUnavailable(SignInFailure::new(SIGN_IN_UNAVAILABLE));
                Self::new(StatusCode::BAD_GATEWAY, SIGN_IN_UNAVAILABLE, page)
                    .because(Severity::Warn, error)
            }
            SignInError::Misconfigured(_) | SignInError::InvalidDiscovery(_) => Self::new(
                StatusCode::BAD_GATEWAY,
                SIGN_IN_MISCONFIGURED,
                ErrorPage::Misconfigured(SIGN_IN_MISCONFIGURED.to_owned()),
            )
            .because(Severity::Error, error),
            SignInError::InvalidGrant => Self::sign_in(LOGIN_USED).because(Severity::Info, error),
            SignInError::Token(_) => Self::sign_in(
                "The sign-in service sent a reply that we cannot trust. Please start again.",
            )
            .because(Severity::Warn, error),
        }
    }
}

impl From<PatchError> for AppError {
    fn from(error: PatchError) -> Self {
        match &error {
            PatchError::Unknown { name, .. } => {
                let fields = BTreeMap::from([(name.clone().into(), "is unknown".to_owned())]);
                Self { fields, ..Self::unprocessable(error.to_string(), &[]) }
            }
            PatchError::Invalid(errors) => Self::unprocessable(error.to_string(), errors),
        }
    }
}

impl From<ImageError> for AppError {
    fn from(error: ImageError) -> Self {
        let status = match error {
            ImageError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            ImageError::Unsupported(_) | ImageError::UnsupportedFeature { .. } => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
            ImageError::Empty
            | ImageError::TooManyPixels { .. }
            | ImageError::TooLong { .. }
            | ImageError::Truncated
            | ImageError::Damaged(_)
            | ImageError::TooSlow => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::with_message(status, error.to_string())
    }
}

impl From<ImagesError> for AppError {
    fn from(error: ImagesError) -> Self {
        match error {
            ImagesError::Refused(error) => error.into(),
            ImagesError::Busy => {
                let message = "Too many pictures are being uploaded. Try again in a moment.";
                Self::unavailable(message, error)
            }
            ImagesError::Store(error) => error.into(),
        }
    }
}

impl From<ImageStoreError> for AppError {
    fn from(error: ImageStoreError) -> Self {
        let message = "We can't reach the pictures right now. Please try again in a moment.";
        Self::unavailable(message, error)
    }
}

impl From<CursorError> for AppError {
    fn from(error: CursorError) -> Self {
        let page = "This page link has expired. See the latest stories.";
        Self {
            page: ErrorPage::BadRequest(page.to_owned()),
            ..Self::bad_request(error.to_string())
        }
    }
}

impl From<IdempotencyKeyError> for AppError {
    fn from(error: IdempotencyKeyError) -> Self {
        Self::bad_request(error.to_string())
    }
}
