//! `/login`: the sign-in form.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::authorization_request::{AuthorizationRequest, Prompt};
use super::authorize::{current_sign_in, redirect_with_code};
use super::browser_error::{BrowserError, RETRY_SOON};
use super::confirmation::Confirmation;
use super::cookies::{session_cookie, set_session};
use super::form_context::{FormContext, show, status_of};
use super::pages::{CodeForm, ContinueForm, LoginForm, NewPasswordForm};
use super::parameters::Parameters;
use super::reset_form::show_reset;
use super::sign_in_error::text_of;
use crate::challenge::ChallengeError;
use crate::error::{InternalError, NewPasswordError, SignInError};
use crate::grants::SignIn;
use crate::pool::{SignedIn, UserPool};
use crate::user::Account;

/// Shown when the form was not made for this browser.
pub(super) const EXPIRED: &str = "This form has expired. Please try again.";

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
    if let (Some(session), Some(code)) = (form.get("session"), form.get("code")) {
        return enter_code(context, session, code.trim()).await;
    }
    if let Some(session) = form.get("session") {
        return choose_password(context, form, session).await;
    }
    sign_in_with(context, field("username"), field("password")).await
}

/// Signs a user in by a password, or shows what is missing besides.
pub(super) async fn sign_in_with(
    context: &FormContext<'_>,
    username: &str,
    password: &str,
) -> Result<Response, InternalError> {
    let FormContext { pool, request, headers, .. } = context;
    match pool.sign_in(username, password).await {
        Ok(SignedIn::Complete(account)) => start_session(pool, request, headers, &account).await,
        Ok(SignedIn::NewPasswordRequired { account, session }) => {
            Ok(new_password_form(context, session.as_str(), &account.user.username, None))
        }
        Ok(SignedIn::CodeRequired { session, .. }) => {
            Ok(code_form(context, session.as_str(), None))
        }
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

/// Completes a sign-in by a code of the authenticator app.
async fn enter_code(
    context: &FormContext<'_>,
    session: &str,
    code: &str,
) -> Result<Response, InternalError> {
    let FormContext { pool, request, headers, .. } = context;
    let again = |error: &str| Ok(code_form(context, session, Some(error)));
    match pool.enter_code(session, code).await {
        Ok(account) => start_session(pool, request, headers, &account).await,
        Err(ChallengeError::WrongCode) => again("That code isn't right. Enter the newest one."),
        Err(ChallengeError::UsedCode) => again("That code was used before. Wait for the next one."),
        Err(
            ChallengeError::Internal(error) | ChallengeError::SignIn(SignInError::Internal(error)),
        ) => Err(error),
        Err(ChallengeError::SignIn(error)) => again(&text_of(&error)),
        Err(ChallengeError::SessionExpired | ChallengeError::InvalidNumber) => {
            let error = "This took too long. Sign in again.";
            show_login(context, StatusCode::BAD_REQUEST, "", Some(error)).await
        }
    }
}

fn code_form(context: &FormContext<'_>, session: &str, error: Option<&str>) -> Response {
    let action = context.address("/login");
    let form_target = context.form_target();
    let form = CodeForm { action: &action, csrf: context.csrf(), session, error, form_target };
    form.page(status_of(error)).into_response()
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
    if let Some(account) = accounts.iter().find(|account| account.user.username == name) {
        return start_session(context.pool, context.request, context.headers, account).await;
    }
    let error = "This user has a password now. Sign in with it.";
    show_login(context, StatusCode::BAD_REQUEST, name, Some(error)).await
}

/// Completes a sign-in with a temporary password by the chosen one.
async fn choose_password(
    context: &FormContext<'_>,
    form: &Parameters,
    session: &str,
) -> Result<Response, InternalError> {
    let FormContext { pool, request, headers, .. } = context;
    let field = |name| form.get(name).unwrap_or_default();
    let (username, password) = (field("username"), field("new_password"));
    let show_again = |error: &str| Ok(new_password_form(context, session, username, Some(error)));
    if password != field("confirm_password") {
        return show_again("The two passwords differ. Type the same password twice.");
    }
    match pool.choose_password(session, password).await {
        Ok(account) => start_session(pool, request, headers, &account).await,
        Err(NewPasswordError::InvalidPassword) => {
            show_again("The password must have 8 to 256 characters.")
        }
        Err(NewPasswordError::SessionExpired) => {
            let error = "This took too long. Sign in with your temporary password again.";
            show_login(context, StatusCode::BAD_REQUEST, username, Some(error)).await
        }
        Err(NewPasswordError::Internal(error)) => Err(error),
    }
}

fn new_password_form(
    context: &FormContext<'_>,
    session: &str,
    username: &str,
    error: Option<&str>,
) -> Response {
    let form = NewPasswordForm {
        action: &context.address("/login"),
        csrf: context.csrf(),
        session,
        username,
        error,
        form_target: context.form_target(),
    };
    form.page(status_of(error)).into_response()
}

/// Creates a new session, to prevent session fixation, and redirects with a code.
pub(super) async fn start_session(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    headers: &HeaderMap,
    account: &Account,
) -> Result<Response, InternalError> {
    let sign_in = SignIn::new(account, pool.now());
    let previous = session_cookie(&pool.state.settings, headers);
    let session = pool.state.sessions.create(&sign_in, previous.as_ref()).await?;
    let mut response = redirect_with_code(pool, request, sign_in).await?;
    response.headers_mut().append(SET_COOKIE, set_session(&pool.state.settings, &session)?);
    Ok(response)
}

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
