//! `/login`: the sign-in form.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::authorization_request::Prompt;
use super::authorize::{current_sign_in, redirect_with_code};
use super::browser_error::{BrowserError, RETRY_SOON};
use super::confirmation::Confirmation;
use super::form_context::{FormContext, show};
use super::login_page::{EXPIRED, show_login};
use super::pages::ContinueForm;
use super::parameters::Parameters;
use super::reset_form::show_reset;
use super::sign_in_error::text_of;
use super::steps::{go_on, show_next, take_step};
use crate::error::{InternalError, SignInError};
use crate::pool::UserPool;

pub(super) async fn form(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, BrowserError> {
    show(&pool, query.as_deref(), &headers, async |context| show_first(context).await).await
}

pub(super) async fn submit(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, BrowserError> {
    let form = Parameters::from_form(&headers, &body).unwrap_or_default();
    show(&pool, query.as_deref(), &headers, async |context| sign_in(context, &form).await).await
}

/// Shows the form, or who is signed in already.
async fn show_first(context: &FormContext<'_>) -> Result<Response, InternalError> {
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
        return context.respond(form.page());
    }
    show_login(context, StatusCode::OK, &request.login_hint, None).await
}

async fn sign_in(context: &FormContext<'_>, form: &Parameters) -> Result<Response, InternalError> {
    let field = |name| form.get(name).unwrap_or_default();
    if !context.accepts(form) {
        return show_login(context, StatusCode::FORBIDDEN, field("username"), Some(EXPIRED)).await;
    }
    if form.get("continue").is_some() {
        return continue_session(context).await;
    }
    if let Some(name) = form.get("sample") {
        return sign_in_sample(context, name).await;
    }
    if let Some(session) = form.get("session") {
        return take_step(context, form, session).await;
    }
    sign_in_with(context, field("username"), field("password")).await
}

/// Signs a user in by a password, or shows what is missing besides.
pub(super) async fn sign_in_with(
    context: &FormContext<'_>,
    username: &str,
    password: &str,
) -> Result<Response, InternalError> {
    match context.pool.sign_in(username, password).await {
        Ok(signed_in) => show_next(context, signed_in).await,
        Err(SignInError::Internal(InternalError::Overloaded)) => {
            let text = "Many people are signing in right now. Try again in a few seconds.";
            let form = show_login(context, StatusCode::SERVICE_UNAVAILABLE, username, Some(text));
            Ok((RETRY_SOON, form.await?).into_response())
        }
        Err(SignInError::Internal(error)) => Err(error),
        Err(SignInError::NotConfirmed) => {
            let confirmation = Confirmation { username, session: "" };
            confirmation.show(context, None, Some(&text_of(&SignInError::NotConfirmed)))
        }
        Err(SignInError::ResetRequired) => {
            show_reset(context, username, None, Some(&text_of(&SignInError::ResetRequired)))
        }
        Err(error) => {
            let text = text_of(&error);
            show_login(context, StatusCode::BAD_REQUEST, username, Some(&text)).await
        }
    }
}

/// Continues with the session of the browser.
async fn continue_session(context: &FormContext<'_>) -> Result<Response, InternalError> {
    let FormContext { pool, request, headers, .. } = context;
    match current_sign_in(pool, request, headers).await? {
        Some(sign_in) if request.prompt != Prompt::Always => {
            redirect_with_code(pool, request, sign_in).await
        }
        Some(_) | None => {
            let error = "You have been signed out. Please sign in again.";
            show_login(context, StatusCode::BAD_REQUEST, "", Some(error)).await
        }
    }
}

/// Signs in as a sample user, which needs no password.
async fn sign_in_sample(context: &FormContext<'_>, name: &str) -> Result<Response, InternalError> {
    let accounts = context.pool.sample_accounts().await?;
    if let Some(account) = accounts.into_iter().find(|account| account.user.username == name) {
        return go_on(context, account).await;
    }
    let error = "This user has a password now. Sign in with it.";
    show_login(context, StatusCode::BAD_REQUEST, name, Some(error)).await
}
