//! The form of `/login`: passwords, and what follows them.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::authorization_request::Prompt;
use super::authorize::{current_sign_in, redirect_with_code};
use super::browser_error::BrowserError;
use super::form_context::{FormContext, show};
use super::form_pages::answer;
use super::form_state::{FormError, HostedForm, shown_again};
use super::parameters::Parameters;
use super::sign_in_error::text_of;
use super::steps::{go_on, show_next, take_step};
use crate::error::{InternalError, SignInError};
use crate::pool::UserPool;

pub(super) async fn submit(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, BrowserError> {
    let form = Parameters::from_form(&headers, &body).unwrap_or_default();
    show(&pool, query.as_deref(), &headers, async |context| sign_in(context, &form).await).await
}

async fn sign_in(context: &FormContext<'_>, form: &Parameters) -> Result<Response, InternalError> {
    let field = |name| form.get(name).unwrap_or_default();
    if !context.accepts(form) {
        return show_again(context, field("username"), FormError::expired()).await;
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
    let refused = |error: &SignInError| FormError::refused(text_of(error));
    let client = &context.request.callback.client;
    match context.pool.sign_in(client, username, password).await {
        Ok(signed_in) => show_next(context, signed_in).await,
        Err(SignInError::Internal(error)) => {
            show_again(context, username, FormError::of_internal(error)?).await
        }
        Err(error @ SignInError::NotConfirmed) => {
            let (username, session) = (shown_again(username), String::new());
            let form = HostedForm::Confirm { username, session, sent_to: None };
            answer(context, form.with_error(refused(&error))).await
        }
        Err(error @ SignInError::ResetRequired) => {
            let form = HostedForm::Reset { username: shown_again(username), sent_to: None };
            answer(context, form.with_error(refused(&error))).await
        }
        Err(error) => show_again(context, username, refused(&error)).await,
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
            let error = FormError::refused("You have been signed out. Please sign in again.");
            show_again(context, "", error).await
        }
    }
}

/// Signs in as a sample user, which needs no password.
async fn sign_in_sample(context: &FormContext<'_>, name: &str) -> Result<Response, InternalError> {
    let accounts = context.pool.sample_accounts().await?;
    if let Some(account) = accounts.into_iter().find(|account| account.user.username == name) {
        return go_on(context, account).await;
    }
    let error = FormError::refused("This user has a password now. Sign in with it.");
    show_again(context, name, error).await
}

async fn show_again(
    context: &FormContext<'_>,
    username: &str,
    error: FormError,
) -> Result<Response, InternalError> {
    let form = HostedForm::Login { username: shown_again(username) };
    answer(context, form.with_error(error)).await
}
