//! Failed requests: the client's response and the logged cause.

mod from;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use gazette_app::pages::{ErrorPage, SignInFailure};
use gazette_domain::{AccessError, FieldError, Removed};

use crate::auth::SessionError;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Error of a request, with an outside (status, message, page) and an inside (cause, for the log).
///
/// As a response it has no body yet: the middleware `error_pages` writes it as JSON or as a page,
/// and logs the cause once, with the id of the request.
#[derive(Clone, Debug)]
pub(in crate::http) struct AppError {
    /// HTTP status.
    pub(in crate::http) status: StatusCode,
    /// Message for programs.
    pub(in crate::http) message: String,
    /// Messages for single fields of the body.
    pub(in crate::http) fields: BTreeMap<Cow<'static, str>, String>,
    /// Page for browsers.
    pub(in crate::http) page: ErrorPage,
    /// Value of `WWW-Authenticate` (RFC 6750 §3).
    pub(in crate::http) challenge: Option<&'static str>,
    /// `true` if a retry may succeed.
    pub(in crate::http) is_temporary: bool,
    /// Set if the policy refused the caller.
    pub(in crate::http) access: Option<AccessError>,
    /// `true` if the store did not respond.
    pub(in crate::http) is_store_unavailable: bool,
    cause: Option<(Severity, Arc<Cause>)>,
}

#[derive(Clone, Copy, Debug)]
enum Severity {
    /// Caused by the client.
    Info,
    /// Caused by a service behind this site.
    Warn,
    /// Caused by this site.
    Error,
}

impl AppError {
    fn new(status: StatusCode, message: impl Into<String>, page: ErrorPage) -> Self {
        Self {
            status,
            message: message.into(),
            fields: BTreeMap::new(),
            page,
            challenge: None,
            is_temporary: false,
            access: None,
            is_store_unavailable: false,
            cause: None,
        }
    }

    fn because(self, severity: Severity, cause: impl Into<Cause>) -> Self {
        Self { cause: Some((severity, Arc::new(cause.into()))), ..self }
    }

    /// An error whose page repeats the message.
    pub(in crate::http) fn with_message(status: StatusCode, message: impl Into<String>) -> Self {
        let message = message.into();
        let page = match status {
            StatusCode::BAD_REQUEST => ErrorPage::BadRequest(message.clone()),
            StatusCode::TOO_MANY_REQUESTS => ErrorPage::TooManyRequests,
            _ => ErrorPage::NotAccepted(message.clone()),
        };
        Self::new(status, message, page)
    }

    /// 400.
    pub(in crate::http) fn bad_request(message: impl Into<String>) -> Self {
        Self::with_message(StatusCode::BAD_REQUEST, message)
    }

    /// 404.
    pub(in crate::http) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found", ErrorPage::NotFound)
    }

    /// 410: what was here is gone.
    pub(in crate::http) fn gone() -> Self {
        Self::removed(Removed::default())
    }

    /// 410: the story was removed.
    pub(in crate::http) fn removed(story: Removed) -> Self {
        Self::new(StatusCode::GONE, "Gone", ErrorPage::Gone(Box::new(story)))
    }

    /// 412: the story has another version than the request is meant for.
    pub(in crate::http) fn precondition_failed() -> Self {
        let message = "The story has changed. Get it again and repeat the change.";
        Self::with_message(StatusCode::PRECONDITION_FAILED, message)
    }

    /// 422, with the rules that the fields break.
    pub(in crate::http) fn unprocessable(
        message: impl Into<String>,
        errors: &[FieldError],
    ) -> Self {
        let mut fields: BTreeMap<Cow<'static, str>, String> = BTreeMap::new();
        for error in errors {
            let text = fields.entry(error.field.into()).or_default();
            let separator = if text.is_empty() { "" } else { "; " };
            text.extend([separator, error.message.as_str()]);
        }
        Self { fields, ..Self::with_message(StatusCode::UNPROCESSABLE_ENTITY, message) }
    }

    /// 405; the router adds `Allow`.
    pub(in crate::http) fn method_not_allowed() -> Self {
        let page = ErrorPage::MethodNotAllowed;
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed", page)
    }

    /// 403: the request comes from another site (CSRF-02).
    pub(in crate::http) fn foreign_request() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", ErrorPage::ForeignRequest)
    }

    /// 400: signing in failed.
    pub(in crate::http) fn sign_in(message: &str) -> Self {
        let page = ErrorPage::SignInFailed(SignInFailure::new(message));
        Self::new(StatusCode::BAD_REQUEST, message, page)
    }

    /// 401: the session ended while a form was filled in; the form is saved.
    pub(in crate::http) fn session_ended(had_file: bool) -> Self {
        Self::signed_out(ErrorPage::SessionEnded { had_file })
    }

    /// 401: the session ended while a form was filled in; the form is not saved.
    pub(in crate::http) fn session_ended_unsaved() -> Self {
        Self::signed_out(ErrorPage::SessionEndedUnsaved)
    }

    fn signed_out(page: ErrorPage) -> Self {
        let access = Some(AccessError::NotSignedIn);
        Self { access, ..Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", page) }
    }

    /// 500.
    pub(in crate::http) fn internal(cause: impl Into<Cause>) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, "Internal Server Error", ErrorPage::Internal)
            .because(Severity::Error, cause)
    }

    /// 503: the same request may succeed in a moment.
    pub(in crate::http) fn unavailable(message: &str, cause: impl Into<Cause>) -> Self {
        let page = ErrorPage::Unavailable(message.to_owned());
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, message, page);
        Self { is_temporary: true, ..error.because(Severity::Warn, cause) }
    }

    /// 503: too many requests are in progress. Not in the log, which would fill with it.
    pub(in crate::http) fn overloaded() -> Self {
        let message = "We're very busy right now. Please try again in a moment.";
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, message, ErrorPage::Busy);
        Self { is_temporary: true, ..error }
    }

    /// 503: the sign-in could not be completed, but another one may succeed.
    pub(in crate::http) fn sign_in_unavailable(message: &str, cause: impl Into<Cause>) -> Self {
        let page = ErrorPage::SignInUnavailable(SignInFailure::new(message));
        Self { page, ..Self::unavailable(message, cause) }
    }

    /// Adds the path that the next sign-in returns to, if this one failed.
    pub(in crate::http) fn returning_to(mut self, path: &str) -> Self {
        if let ErrorPage::SignInFailed(failure) | ErrorPage::SignInUnavailable(failure) =
            &mut self.page
        {
            failure.return_to = Some(path.to_owned());
        }
        self
    }

    /// 503: the user pool cannot confirm the caller's groups, which the action needs.
    pub(in crate::http) fn groups_unconfirmed() -> Self {
        let message = "We couldn't confirm your permissions because the sign-in service isn't responding. Nothing was changed, and you're still signed in. Please try again.";
        Self::unavailable(message, SessionError::PoolUnavailable)
    }

    /// Returns the cause, for the log only.
    pub(in crate::http) fn cause(&self) -> String {
        self.cause.as_ref().map_or_else(String::new, |(_, cause)| cause.to_string())
    }

    /// Adds a challenge (RFC 6750 §3).
    pub(in crate::http) fn with_challenge(self, challenge: &'static str) -> Self {
        Self { challenge: Some(challenge), ..self }
    }

    /// Writes the cause to the log.
    pub(in crate::http) fn log(&self) {
        let Some((severity, cause)) = &self.cause else { return };
        let status = self.status.as_u16();
        match severity {
            Severity::Info => tracing::info!(status, %cause, "request failed"),
            Severity::Warn => tracing::warn!(status, %cause, "request failed"),
            Severity::Error => tracing::error!(status, %cause, "request failed"),
        }
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
