//! A request that fails: what the outside sees, and what only the log is told.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use gazette_app::pages::ErrorPage;
use gazette_app::wire::WireError;
use gazette_authorizer::TokenError;
use gazette_domain::{AccessError, DeskError, FieldError};
use serde::Serialize;

use crate::auth::{SessionError, SignInError};
use crate::http::caller::RequestContext;

/// A error as it leaves: JSON for programs; browsers get the page of the same problem.
#[derive(Debug)]
pub(super) struct AppError {
    status: StatusCode,
    message: String,
    fields: BTreeMap<&'static str, String>,
    problem: ErrorPage,
    challenge: Option<&'static str>,
    retry_after: bool,
}

impl AppError {
    fn new(status: StatusCode, message: impl Into<String>, problem: ErrorPage) -> Self {
        Self {
            status,
            message: message.into(),
            fields: BTreeMap::new(),
            problem,
            challenge: None,
            retry_after: false,
        }
    }

    /// 400, with what was wrong.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        let message = message.into();
        Self::new(StatusCode::BAD_REQUEST, message.clone(), ErrorPage::BadRequest(message))
    }

    /// 404.
    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found", ErrorPage::NotFound)
    }

    /// 410: it was deleted.
    pub(super) fn gone() -> Self {
        Self::new(StatusCode::GONE, "Gone", ErrorPage::Gone)
    }

    /// 412: the story is not the one that was meant.
    pub(super) fn precondition_failed() -> Self {
        let message = "The story has changed since; look at it again.";
        let problem = ErrorPage::BadRequest(message.to_owned());
        Self::new(StatusCode::PRECONDITION_FAILED, message, problem)
    }

    /// 428: a change must say which version of the story it is meant for (RFC 6585 §3).
    pub(super) fn precondition_required() -> Self {
        let message = "If-Match is missing; give the ETag of the version that is to be replaced";
        let problem = ErrorPage::BadRequest(message.to_owned());
        Self::new(StatusCode::PRECONDITION_REQUIRED, message, problem)
    }

    /// 415.
    pub(super) fn unsupported_media_type() -> Self {
        let message = "the body must be application/json";
        let problem = ErrorPage::BadRequest(message.to_owned());
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message, problem)
    }

    /// 422, with the rules that the story's fields break.
    pub(super) fn unprocessable(message: impl Into<String>, faults: &[FieldError]) -> Self {
        let message = message.into();
        let problem = ErrorPage::BadRequest(message.clone());
        let mut fields: BTreeMap<&'static str, String> = BTreeMap::new();
        for fault in faults {
            let said = fields.entry(fault.field).or_default();
            let separator = if said.is_empty() { "" } else { "; " };
            said.extend([separator, fault.message.as_str()]);
        }
        Self { fields, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, message, problem) }
    }

    /// 405; the router adds `Allow`.
    pub(super) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed", ErrorPage::MethodNotAllowed)
    }

    /// 403: the request comes from elsewhere (CSRF-02).
    pub(super) fn foreign_request() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", ErrorPage::ForeignRequest)
    }

    /// 413, 414 or 431: a part of the request is larger than anything here needs.
    pub(super) fn too_large(status: StatusCode, message: &str) -> Self {
        Self::new(status, message, ErrorPage::BadRequest(message.to_owned()))
    }

    /// 400: signing in did not work out.
    pub(super) fn sign_in(message: &str) -> Self {
        let problem = ErrorPage::SignInFailed(message.to_owned());
        Self::new(StatusCode::BAD_REQUEST, message, problem)
    }

    /// 500; the reason goes to the log.
    pub(super) fn internal(reason: &dyn std::fmt::Display) -> Self {
        tracing::error!(%reason, "a request failed inside");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error", ErrorPage::Internal)
    }

    /// 503, try again; the reason goes to the log.
    pub(super) fn unavailable(message: &str, reason: &dyn std::fmt::Display) -> Self {
        tracing::warn!(%reason, "a request failed for now");
        let problem = ErrorPage::Unavailable(message.to_owned());
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, message, problem);
        Self { retry_after: true, ..error }
    }

    /// 401: the session ended while a form was being filled in, which is kept.
    pub(super) fn session_ended() -> Self {
        Self {
            challenge: Some("Bearer"),
            ..Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", ErrorPage::SessionEnded)
        }
    }

    /// 503: nobody can say now whether a session still holds; it is not ended for that.
    pub(super) fn session(error: &SessionError) -> Self {
        let message = match error {
            SessionError::Table(_)
            | SessionError::Store(_)
            | SessionError::Serialize(_)
            | SessionError::Encrypt(_)
            | SessionError::Task(_) => "Sessions cannot be read right now; try again.",
            SessionError::PoolUnavailable => {
                "The sign-in service does not answer, so nobody can be vouched for. You are still signed in; try again."
            }
        };
        Self::unavailable(message, error)
    }

    /// 503: whether somebody still may do what cannot be undone easily is not known now.
    pub(super) fn rights_unknown() -> Self {
        let message = "This needs to be confirmed by the sign-in service, which does not answer. Nothing was changed, and you are still signed in; try again.";
        Self::unavailable(message, &SessionError::PoolUnavailable)
    }

    /// What a error of the desk is to this context.
    pub(super) fn desk(error: &DeskError, context: &RequestContext) -> Self {
        match error {
            DeskError::Denied(denial) => Self::denied(*denial, context),
            DeskError::Unacceptable(faults) => Self::unprocessable(error.to_string(), faults),
            DeskError::KeyReused | DeskError::ListFull => {
                Self::unprocessable(error.to_string(), &[])
            }
            DeskError::Stale => Self::precondition_failed(),
            DeskError::Missing => Self::not_found(),
            DeskError::Gone => Self::gone(),
            DeskError::Table(fault) if fault.is_transient() => {
                Self::unavailable("The store is unavailable; try again.", fault)
            }
            DeskError::Table(fault) => Self::internal(fault),
        }
    }

    /// 401 or 403, with the reason code in the log (RFC 6750 §3).
    pub(super) fn denied(denial: AccessError, context: &RequestContext) -> Self {
        match (denial, context.token_error) {
            (AccessError::NotSignedIn, Some(token_error)) => Self::refused(token_error),
            (AccessError::NotSignedIn, None) => Self {
                challenge: Some("Bearer"),
                ..Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", ErrorPage::NotSignedIn)
            },
            (AccessError::RoleMissing(_) | AccessError::ScopeMissing, _) => Self {
                challenge: Some(r#"Bearer error="insufficient_scope""#),
                ..Self::new(StatusCode::FORBIDDEN, "Forbidden", ErrorPage::Forbidden)
            },
        }
    }

    /// What a token that was not accepted is answered with: one body for all, but for an
    /// expired one that is otherwise good.
    fn refused(token_error: TokenError) -> Self {
        let message = match token_error {
            TokenError::KeysUnavailable => {
                return Self::unavailable(
                    "The user pool's keys are not there yet; try again.",
                    &token_error,
                );
            }
            TokenError::Expired => "The incoming token has expired",
            _ => "Unauthorized",
        };
        Self {
            challenge: Some(r#"Bearer error="invalid_token""#),
            ..Self::new(StatusCode::UNAUTHORIZED, message, ErrorPage::NotSignedIn)
        }
    }

    /// What a failed sign-in is answered with (`interface.md` §4: never a 500).
    pub(super) fn from_sign_in(error: &SignInError) -> Self {
        let again = "The sign-in service does not answer. Please try again in a moment.";
        match error {
            SignInError::Unreachable(_) | SignInError::Token(TokenError::KeysUnavailable) => {
                Self::unavailable(again, error)
            }
            SignInError::InvalidResponse(_) | SignInError::RequestRejected(_) => {
                tracing::warn!(reason = %error, "the user pool answers wrongly");
                let problem = ErrorPage::Unavailable(again.to_owned());
                Self::new(StatusCode::BAD_GATEWAY, again, problem)
            }
            SignInError::InvalidGrant => {
                tracing::info!(reason = %error, "a sign-in was refused");
                Self::sign_in("The sign-in was not completed in time, or was completed before.")
            }
            SignInError::Token(token_error) => {
                tracing::warn!(reason = token_error.code(), "an ID token was refused");
                Self::sign_in("The sign-in service sent something that cannot be trusted.")
            }
        }
    }

    /// What a error of a server function is to this context.
    pub(super) fn wire(error: &WireError, context: &RequestContext) -> Self {
        match error.status {
            401 => Self::denied(AccessError::NotSignedIn, context),
            403 => Self::denied(AccessError::RoleMissing(gazette_domain::Role::Admin), context),
            503 => Self::unavailable(&error.message, &"reported by a server function"),
            500 => Self::internal(&"reported by a server function"),
            _ => Self::bad_request(error.message.clone()),
        }
    }
}

/// The body of a error, for programs.
#[derive(Serialize)]
struct Said {
    message: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<&'static str, String>,
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let body = Json(Said { message: self.message, fields: self.fields });
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        if let Some(challenge) = self.challenge {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response.extensions_mut().insert(self.problem);
        response
    }
}
