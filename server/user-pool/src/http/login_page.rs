//! The sign-in form, and the page for a browser that is signed in already.

use axum::http::StatusCode;

use super::authorization_request::Prompt;
use super::authorize::current_sign_in;
use super::form_context::FormContext;
use super::pages::{ContinueForm, LoginForm, Page};
use crate::error::InternalError;

/// Returns the form, or the page of who is signed in already.
pub(super) async fn first_page(context: &FormContext<'_>) -> Result<Page, InternalError> {
    let FormContext { pool, request, headers, .. } = context;
    if request.prompt != Prompt::Always
        && let Some(sign_in) = current_sign_in(pool, request, headers).await?
    {
        let form = ContinueForm {
            client_name: &request.callback.client.name,
            action: &context.address("/login"),
            other: &format!("/login?{}", request.query_for_another_user),
            csrf: context.csrf(),
            username: &sign_in.username,
            form_target: context.form_target(),
        };
        return Ok(form.page());
    }
    login_page(context, StatusCode::OK, &request.login_hint, None).await
}

/// Returns the sign-in form.
pub(super) async fn login_page(
    context: &FormContext<'_>,
    status: StatusCode,
    username: &str,
    error: Option<&str>,
) -> Result<Page, InternalError> {
    // The form is useful without them.
    let samples = context.pool.sample_accounts().await;
    let samples = samples.inspect_err(InternalError::log).unwrap_or_default();
    let form = LoginForm {
        client_name: &context.request.callback.client.name,
        action: &context.address("/login"),
        sign_up: &context.address("/signup"),
        forgot: &context.address("/forgotPassword"),
        csrf: context.csrf(),
        username,
        error,
        samples: samples.iter().map(|account| account.user.username.as_str()).collect(),
        form_target: context.form_target(),
    };
    Ok(form.page(status))
}
