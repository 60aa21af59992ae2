//! The pages of the steps after the password: a new password, a code, setting an app up.

use axum::http::StatusCode;

use super::form_context::FormContext;
use super::login_page::login_page;
use super::pages::{CodeForm, NewPasswordForm, Page, SetUpForm};
use crate::challenge::ChallengeError;
use crate::error::{InternalError, SessionError};

/// Error of a step that was left open for too long.
pub(super) const TOO_LATE: &str = "This took too long. Sign in again.";

/// Returns the form that replaces a temporary password, or that for a fresh login.
pub(super) async fn new_password_page(
    context: &FormContext<'_>,
    status: StatusCode,
    session: &str,
    username: &str,
    error: Option<&str>,
) -> Result<Page, InternalError> {
    if let Err(error) = context.pool.account_of_step(&context.step(session)).await {
        return fresh_login(context, error).await;
    }
    let form = NewPasswordForm {
        action: &context.address("/login"),
        csrf: context.csrf(),
        session,
        username,
        error,
        form_target: context.form_target(),
    };
    Ok(form.page(status))
}

/// Returns the form for a code of the app, or that for a fresh login.
pub(super) async fn code_page(
    context: &FormContext<'_>,
    status: StatusCode,
    session: &str,
    error: Option<&str>,
) -> Result<Page, InternalError> {
    if let Err(error) = context.pool.account_of_step(&context.step(session)).await {
        return fresh_login(context, error).await;
    }
    let action = &context.address("/login");
    let form_target = context.form_target();
    Ok(CodeForm { action, csrf: context.csrf(), session, error, form_target }.page(status))
}

/// Returns the form that sets an app up, or that for a fresh login.
pub(super) async fn set_up_page(
    context: &FormContext<'_>,
    status: StatusCode,
    session: &str,
    error: Option<&str>,
) -> Result<Page, InternalError> {
    let (username, secret) = match context.pool.token_to_set_up(&context.step(session)).await {
        Ok(found) => found,
        Err(error) => return fresh_login(context, error).await,
    };
    let form = SetUpForm {
        site_name: &context.pool.state.settings.site_name,
        action: &context.address("/login"),
        csrf: context.csrf(),
        session,
        username: &username,
        secret: &secret,
        error,
        form_target: context.form_target(),
    };
    Ok(form.page(status))
}

/// Returns the sign-in form in place of a step that is over.
async fn fresh_login(
    context: &FormContext<'_>,
    error: ChallengeError,
) -> Result<Page, InternalError> {
    let text = match error {
        ChallengeError::Internal(error) => return Err(error),
        // The step is done, perhaps by going back after it.
        ChallengeError::Session(SessionError::Used) => None,
        _ => Some(TOO_LATE),
    };
    login_page(context, StatusCode::OK, "", text).await
}
