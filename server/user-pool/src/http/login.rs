//! `/login`: the sign-in form.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::authorization_request::AuthorizationRequest;
use super::authorize::{redirect_with_code, server_error};
use super::browser_error::BrowserError;
use super::cookies::{csrf_cookie, session_cookie, set_csrf, set_session};
use super::pages::{CodeForm, LoginForm, NewPasswordForm};
use super::parameters::Parameters;
use crate::challenge::ChallengeError;
use crate::error::{InternalError, NewPasswordError, SignInError};
use crate::grants::SignIn;
use crate::pool::{SignedIn, UserPool};
use crate::secret::Secret;
use crate::user::Account;

pub(super) async fn form(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, BrowserError> {
    let parameters = Parameters::from_query(query.as_deref());
    let request = AuthorizationRequest::read(&pool, &parameters).await?;
    show_form(&pool, &request, &headers, StatusCode::OK, &request.login_hint, None)
        .map_err(|error| server_error(&request, &error))
}

pub(super) async fn submit(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, BrowserError> {
    let parameters = Parameters::from_query(query.as_deref());
    let request = AuthorizationRequest::read(&pool, &parameters).await?;
    let form = Parameters::from_form(&headers, &body).unwrap_or_default();
    let response = sign_in(&pool, &request, &headers, &form).await;
    response.map_err(|error| server_error(&request, &error))
}

async fn sign_in(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<Response, InternalError> {
    let username = form.get("username").unwrap_or_default();
    let password = form.get("password").unwrap_or_default();
    let show_error =
        |status, error: &str| show_form(pool, request, headers, status, username, Some(error));
    let csrf = form.get("_csrf").unwrap_or_default();
    if !csrf_cookie(&pool.state.settings, headers).is_some_and(|cookie| cookie.equals(csrf)) {
        return show_error(StatusCode::FORBIDDEN, "This form has expired. Please try again.");
    }
    if let (Some(session), Some(code)) = (form.get("session"), form.get("code")) {
        return enter_code(pool, request, headers, session, code.trim()).await;
    }
    if let Some(session) = form.get("session") {
        return choose_password(pool, request, headers, form, session).await;
    }
    match pool.sign_in(username, password).await {
        Ok(SignedIn::Complete(account)) => start_session(pool, request, headers, &account).await,
        Ok(SignedIn::NewPasswordRequired { account, session }) => {
            Ok(new_password_form(request, csrf, session.as_str(), &account.user.username, None))
        }
        Ok(SignedIn::CodeRequired { session, .. }) => {
            Ok(code_form(request, csrf, session.as_str(), None))
        }
        Err(error) => show_error(StatusCode::BAD_REQUEST, &error_text(error)?),
    }
}

/// Completes a sign-in by a code of the authenticator app.
async fn enter_code(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    headers: &HeaderMap,
    session: &str,
    code: &str,
) -> Result<Response, InternalError> {
    let csrf = csrf_cookie(&pool.state.settings, headers);
    let csrf = csrf.as_ref().map(Secret::as_str).unwrap_or_default();
    let again = |error: &str| Ok(code_form(request, csrf, session, Some(error)));
    match pool.enter_code(session, code).await {
        Ok(account) => start_session(pool, request, headers, &account).await,
        Err(ChallengeError::WrongCode) => again("That code isn't right. Enter the newest one."),
        Err(ChallengeError::UsedCode) => again("That code was used before. Wait for the next one."),
        Err(ChallengeError::SignIn(error)) => again(&error_text(error)?),
        Err(ChallengeError::SessionExpired | ChallengeError::InvalidNumber) => {
            let error = "This took too long. Sign in again.";
            show_form(pool, request, headers, StatusCode::BAD_REQUEST, "", Some(error))
        }
        Err(ChallengeError::Internal(error)) => Err(error),
    }
}

fn code_form(
    request: &AuthorizationRequest<'_>,
    csrf: &str,
    session: &str,
    error: Option<&str>,
) -> Response {
    let status = if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let action = format!("/login?{}", request.query);
    let form_target = request.callback.csp_source();
    let form = CodeForm { action: &action, csrf, session, error, form_target };
    form.page(status).into_response()
}

/// Returns the text for the user; an internal error has none.
fn error_text(error: SignInError) -> Result<String, InternalError> {
    match error {
        SignInError::WrongCredentials => Ok("Incorrect username or password.".to_owned()),
        SignInError::Locked(locked) => {
            let pause = duration_text(locked.retry_after);
            Ok(format!("Too many attempts. Try again in {pause}."))
        }
        SignInError::Disabled => {
            Ok("This account is disabled. Ask an administrator to enable it.".to_owned())
        }
        SignInError::TemporaryPasswordExpired => {
            Ok("Your temporary password has expired. Ask an administrator for a new one."
                .to_owned())
        }
        SignInError::NotConfirmed => {
            Ok("Confirm your account first, with the code that was sent to you.".to_owned())
        }
        SignInError::ResetRequired => {
            Ok("Your password was reset. Choose a new one with the code that was sent to you."
                .to_owned())
        }
        SignInError::Internal(error) => Err(error),
    }
}

/// Writes a duration in seconds, or in minutes rounded up.
fn duration_text(seconds: i64) -> String {
    match seconds {
        ..=1 => "1 second".to_owned(),
        2..=59 => format!("{seconds} seconds"),
        60 => "1 minute".to_owned(),
        61.. => format!("{} minutes", seconds.saturating_add(59) / 60),
    }
}

/// Completes a sign-in with a temporary password by the chosen one.
async fn choose_password(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    headers: &HeaderMap,
    form: &Parameters,
    session: &str,
) -> Result<Response, InternalError> {
    let field = |name| form.get(name).unwrap_or_default();
    let (username, password) = (field("username"), field("new_password"));
    let csrf = field("_csrf");
    let show_again =
        |error: &str| Ok(new_password_form(request, csrf, session, username, Some(error)));
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
            show_form(pool, request, headers, StatusCode::BAD_REQUEST, username, Some(error))
        }
        Err(NewPasswordError::Internal(error)) => Err(error),
    }
}

fn new_password_form(
    request: &AuthorizationRequest<'_>,
    csrf: &str,
    session: &str,
    username: &str,
    error: Option<&str>,
) -> Response {
    let status = if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let form = NewPasswordForm {
        action: &format!("/login?{}", request.query),
        csrf,
        session,
        username,
        error,
        form_target: request.callback.csp_source(),
    };
    form.page(status).into_response()
}

/// Creates a new session, to prevent session fixation, and redirects with a code.
async fn start_session(
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

fn show_form(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    headers: &HeaderMap,
    status: StatusCode,
    username: &str,
    error: Option<&str>,
) -> Result<Response, InternalError> {
    // An existing cookie is kept, so that forms in other tabs remain valid.
    let csrf = csrf_cookie(&pool.state.settings, headers).map_or_else(Secret::random, Ok)?;
    let form = LoginForm {
        client_name: &request.callback.client.name,
        action: &format!("/login?{}", request.query),
        csrf: csrf.as_str(),
        username,
        error,
        form_target: request.callback.csp_source(),
    };
    let mut response = form.page(status).into_response();
    response.headers_mut().append(SET_COOKIE, set_csrf(&pool.state.settings, &csrf)?);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_rounded_up_to_minutes() {
        for (seconds, text) in [
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (61, "2 minutes"),
            (900, "15 minutes"),
        ] {
            assert_eq!(duration_text(seconds), text);
        }
    }
}
