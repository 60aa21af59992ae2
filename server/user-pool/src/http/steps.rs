//! The steps of a sign-in after the password: a new password, a code, setting an app up.

use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};

use super::authorize::redirect_with_code;
use super::cookies::{session_cookie, set_session};
use super::form_context::{FormContext, status_of};
use super::login_page::show_login;
use super::pages::{CodeForm, NewPasswordForm, SetUpForm};
use super::parameters::Parameters;
use super::sign_in_error::text_of;
use crate::challenge::ChallengeError;
use crate::error::{InternalError, NewPasswordError, SignInError};
use crate::grants::SignIn;
use crate::pool::SignedIn;
use crate::user::Account;

const WRONG_CODE: &str = "That code isn't right. Enter the newest one.";
const TOO_LATE: &str = "This took too long. Sign in again.";

/// Goes on with a user who is identified: to the application, or to what is missing.
pub(super) async fn go_on(
    context: &FormContext<'_>,
    account: Account,
) -> Result<Response, InternalError> {
    match context.pool.after_password(account).await {
        Ok(signed_in) => show_next(context, signed_in).await,
        Err(SignInError::Internal(error)) => Err(error),
        Err(error) => {
            show_login(context, StatusCode::BAD_REQUEST, "", Some(&text_of(&error))).await
        }
    }
}

/// Shows the next step, or redirects to the application after the last one.
pub(super) async fn show_next(
    context: &FormContext<'_>,
    signed_in: SignedIn,
) -> Result<Response, InternalError> {
    match signed_in {
        SignedIn::Complete(account) => start_session(context, &account).await,
        SignedIn::NewPasswordRequired { account, session } => {
            Ok(new_password_form(context, session.as_str(), &account.user.username, None))
        }
        SignedIn::CodeRequired { session, .. } => Ok(code_form(context, session.as_str(), None)),
        SignedIn::SetUpRequired { session, .. } => {
            show_set_up(context, session.as_str(), None).await
        }
    }
}

/// Takes the step of a form.
pub(super) async fn take_step(
    context: &FormContext<'_>,
    form: &Parameters,
    session: &str,
) -> Result<Response, InternalError> {
    match (form.get("step"), form.get("code")) {
        (Some("set-up"), code) => set_up(context, session, code.unwrap_or_default().trim()).await,
        (_, Some(code)) => enter_code(context, session, code.trim()).await,
        (_, None) => choose_password(context, form, session).await,
    }
}

/// Sets an app up by its first code, which completes the sign-in.
async fn set_up(
    context: &FormContext<'_>,
    session: &str,
    code: &str,
) -> Result<Response, InternalError> {
    let set_up = async || {
        context.pool.set_token_up(session, code).await?;
        context.pool.end_setup(session).await
    };
    match set_up().await {
        Ok(account) => start_session(context, &account).await,
        Err(ChallengeError::WrongCode) => show_set_up(context, session, Some(WRONG_CODE)).await,
        Err(ChallengeError::SignIn(error)) if !matches!(error, SignInError::Internal(_)) => {
            show_set_up(context, session, Some(&text_of(&error))).await
        }
        Err(
            ChallengeError::Internal(error) | ChallengeError::SignIn(SignInError::Internal(error)),
        ) => Err(error),
        Err(_) => show_login(context, StatusCode::BAD_REQUEST, "", Some(TOO_LATE)).await,
    }
}

async fn show_set_up(
    context: &FormContext<'_>,
    session: &str,
    error: Option<&str>,
) -> Result<Response, InternalError> {
    let (username, secret) = match context.pool.token_to_set_up(session).await {
        Ok(found) => found,
        Err(ChallengeError::Internal(error)) => return Err(error),
        Err(_) => return show_login(context, StatusCode::BAD_REQUEST, "", Some(TOO_LATE)).await,
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
    Ok(form.page(status_of(error)).into_response())
}

/// Completes a sign-in by a code of the authenticator app.
async fn enter_code(
    context: &FormContext<'_>,
    session: &str,
    code: &str,
) -> Result<Response, InternalError> {
    let again = |error: &str| Ok(code_form(context, session, Some(error)));
    match context.pool.enter_code(session, code).await {
        Ok(account) => start_session(context, &account).await,
        Err(ChallengeError::WrongCode) => again(WRONG_CODE),
        Err(ChallengeError::UsedCode) => again("That code was used before. Wait for the next one."),
        Err(
            ChallengeError::Internal(error) | ChallengeError::SignIn(SignInError::Internal(error)),
        ) => Err(error),
        Err(ChallengeError::SignIn(error)) => again(&text_of(&error)),
        Err(ChallengeError::SessionExpired | ChallengeError::InvalidNumber) => {
            show_login(context, StatusCode::BAD_REQUEST, "", Some(TOO_LATE)).await
        }
    }
}

fn code_form(context: &FormContext<'_>, session: &str, error: Option<&str>) -> Response {
    let action = context.address("/login");
    let form_target = context.form_target();
    let form = CodeForm { action: &action, csrf: context.csrf(), session, error, form_target };
    form.page(status_of(error)).into_response()
}

/// Completes a sign-in with a temporary password by the chosen one.
async fn choose_password(
    context: &FormContext<'_>,
    form: &Parameters,
    session: &str,
) -> Result<Response, InternalError> {
    let field = |name| form.get(name).unwrap_or_default();
    let (username, password) = (field("username"), field("new_password"));
    let show_again = |error: &str| Ok(new_password_form(context, session, username, Some(error)));
    if password != field("confirm_password") {
        return show_again("The two passwords differ. Type the same password twice.");
    }
    match context.pool.choose_password(session, password).await {
        Ok(account) => go_on(context, account).await,
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
async fn start_session(
    context: &FormContext<'_>,
    account: &Account,
) -> Result<Response, InternalError> {
    let FormContext { pool, request, headers, .. } = context;
    let sign_in = SignIn::new(account, pool.now());
    let previous = session_cookie(&pool.state.settings, headers);
    let session = pool.state.sessions.create(&sign_in, previous.as_ref()).await?;
    let mut response = redirect_with_code(pool, request, sign_in).await?;
    response.headers_mut().append(SET_COOKIE, set_session(&pool.state.settings, &session)?);
    Ok(response)
}
