//! The forms of the hosted UI as pages, and as answers to the forms before them.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::browser_error::{BrowserError, RETRY_SOON};
use super::confirmation::confirmation_page;
use super::form_context::{FormContext, Restored, show};
use super::form_state::{FormError, FormState, HostedForm};
use super::login_page::{first_page, login_page};
use super::pages::Page;
use super::password_pages::{forgot_page, reset_page};
use super::sign_up_page::sign_up_page;
use super::step_pages::{code_page, new_password_page, set_up_page};
use crate::error::InternalError;
use crate::pool::UserPool;

type Answer = Result<Response, BrowserError>;

/// `GET /login`: the form, or who is signed in already.
pub(super) async fn login(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let first = async |context: &FormContext<'_>| context.respond(first_page(context).await?);
    show_page(&pool, query.as_deref(), &headers, first).await
}

/// `GET /signup`.
pub(super) async fn sign_up(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let form = |_| HostedForm::SignUp { username: String::new(), email: String::new() };
    show_first(&pool, query.as_deref(), &headers, form).await
}

/// `GET /confirmUser`.
pub(super) async fn confirm(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let form = |username| HostedForm::Confirm { username, session: String::new(), sent_to: None };
    show_first(&pool, query.as_deref(), &headers, form).await
}

/// `GET /forgotPassword`.
pub(super) async fn forgot(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let form = |username| HostedForm::Forgot { username };
    show_first(&pool, query.as_deref(), &headers, form).await
}

/// `GET /confirmforgotPassword`.
pub(super) async fn reset(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Answer {
    let form = |username| HostedForm::Reset { username, sent_to: None };
    show_first(&pool, query.as_deref(), &headers, form).await
}

/// Answers a form with the next one, or with the same again.
///
/// A program that fills forms in gets the page itself, as from Cognito.
pub(super) async fn answer(
    context: &FormContext<'_>,
    state: impl Into<FormState>,
) -> Result<Response, InternalError> {
    let state = state.into();
    if context.is_navigation() {
        return context.redirect_to(&state);
    }
    respond(context, &state, state.status()).await
}

async fn show_first(
    pool: &UserPool,
    query: Option<&str>,
    headers: &HeaderMap,
    form: fn(String) -> HostedForm,
) -> Answer {
    let first = async |context: &FormContext<'_>| {
        let state = form(context.request.login_hint.clone()).into();
        respond(context, &state, StatusCode::OK).await
    };
    show_page(pool, query, headers, first).await
}

/// Shows the page after a form if the address has its state, else the first one.
async fn show_page(
    pool: &UserPool,
    query: Option<&str>,
    headers: &HeaderMap,
    first: impl AsyncFnOnce(&FormContext<'_>) -> Result<Response, InternalError>,
) -> Answer {
    let page = async |context: &FormContext<'_>| match context.restore()? {
        Restored::First => first(context).await,
        Restored::Page(state) => respond(context, &state, state.status_after_redirect()).await,
        Restored::Over => context.redirect_to_fresh_login(),
        Restored::NoCookie => {
            let login = HostedForm::Login { username: String::new() };
            let state = login.with_error(FormError::expired());
            respond(context, &state, StatusCode::OK).await
        }
    };
    show(pool, query, headers, page).await
}

async fn respond(
    context: &FormContext<'_>,
    state: &FormState,
    status: StatusCode,
) -> Result<Response, InternalError> {
    let response = context.respond(page(context, state, status).await?)?;
    if status == StatusCode::SERVICE_UNAVAILABLE {
        return Ok((RETRY_SOON, response).into_response());
    }
    Ok(response)
}

async fn page(
    context: &FormContext<'_>,
    state: &FormState,
    status: StatusCode,
) -> Result<Page, InternalError> {
    let error = state.error.as_ref().map(|error| error.text.as_str());
    match &state.form {
        HostedForm::Login { username } => login_page(context, status, username, error).await,
        HostedForm::NewPassword { session, username } => {
            new_password_page(context, status, session, username, error).await
        }
        HostedForm::Code { session } => code_page(context, status, session, error).await,
        HostedForm::SetUp { session } => set_up_page(context, status, session, error).await,
        HostedForm::SignUp { username, email } => {
            Ok(sign_up_page(context, status, username, email, error))
        }
        HostedForm::Confirm { username, session, sent_to } => {
            Ok(confirmation_page(context, status, username, session, sent_to.as_deref(), error))
        }
        HostedForm::Forgot { username } => Ok(forgot_page(context, status, username, error)),
        HostedForm::Reset { username, sent_to } => {
            Ok(reset_page(context, status, username, sent_to.as_deref(), error))
        }
    }
}
