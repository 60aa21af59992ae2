//! The sign-in form, first or again.

use axum::http::StatusCode;
use axum::response::Response;

use super::form_context::FormContext;
use super::pages::LoginForm;
use crate::error::InternalError;

/// Shown when the form was not made for this browser.
pub(super) const EXPIRED: &str = "This form has expired. Please try again.";

/// Shows the sign-in form.
pub(super) async fn show_login(
    context: &FormContext<'_>,
    status: StatusCode,
    username: &str,
    error: Option<&str>,
) -> Result<Response, InternalError> {
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
    context.respond(form.page(status))
}
