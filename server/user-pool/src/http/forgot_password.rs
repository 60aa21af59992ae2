//! `/forgotPassword` and `/confirmforgotPassword`: a new password by a code.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use maud::html;

use super::browser_error::BrowserError;
use super::confirmation::message;
use super::form_context::{FormContext, show, status_of};
use super::login::sign_in_with;
use super::login_page::EXPIRED;
use super::pages::{Field, FieldKind, Form};
use super::parameters::Parameters;
use super::reset_form::show_reset;
use crate::error::{AccountError, InternalError};
use crate::pool::UserPool;

pub(super) async fn form(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, BrowserError> {
    let form =
        async |context: &FormContext<'_>| show_request(context, &context.request.login_hint, None);
    show(&pool, query.as_deref(), &headers, form).await
}

pub(super) async fn submit(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, BrowserError> {
    let form = Parameters::from_form(&headers, &body).unwrap_or_default();
    show(&pool, query.as_deref(), &headers, async |context| send_code(context, &form).await).await
}

pub(super) async fn reset_form(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, BrowserError> {
    let form = async |context: &FormContext<'_>| {
        show_reset(context, &context.request.login_hint, None, None)
    };
    show(&pool, query.as_deref(), &headers, form).await
}

pub(super) async fn reset_submit(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, BrowserError> {
    let form = Parameters::from_form(&headers, &body).unwrap_or_default();
    show(&pool, query.as_deref(), &headers, async |context| reset(context, &form).await).await
}

async fn send_code(
    context: &FormContext<'_>,
    form: &Parameters,
) -> Result<Response, InternalError> {
    let username = form.get("username").unwrap_or_default();
    if !context.accepts(form) {
        return show_request(context, username, Some(EXPIRED));
    }
    match context.pool.forgot_password(username).await {
        Ok(delivery) => show_reset(context, username, Some(&delivery.destination), None),
        Err(AccountError::Internal(error)) => Err(error),
        Err(error) => show_request(context, username, Some(&message(&error))),
    }
}

async fn reset(context: &FormContext<'_>, form: &Parameters) -> Result<Response, InternalError> {
    let field = |name| form.get(name).unwrap_or_default();
    let (username, password) = (field("username"), field("password"));
    if !context.accepts(form) {
        return show_reset(context, username, None, Some(EXPIRED));
    }
    match context.pool.confirm_forgot_password(username, field("code").trim(), password).await {
        Ok(()) => sign_in_with(context, username, password).await,
        Err(AccountError::Internal(error)) => Err(error),
        Err(error) => show_reset(context, username, None, Some(&message(&error))),
    }
}

fn show_request(
    context: &FormContext<'_>,
    username: &str,
    error: Option<&str>,
) -> Result<Response, InternalError> {
    let form = Form {
        title: "Forgot your password?",
        lead: html! { p { "A code lets you choose a new one." } },
        action: &context.address("/forgotPassword"),
        csrf: context.csrf(),
        error,
        hidden: Vec::new(),
        fields: vec![Field {
            kind: FieldKind::Username,
            name: "username",
            label: "Username",
            value: username,
        }],
        submit: "Send a code",
        after: html! {
            p class="links" { a href=(context.address("/login")) { "Back to sign-in" } }
        },
        target: context.form_target(),
    };
    context.respond(form.page(status_of(error)))
}
