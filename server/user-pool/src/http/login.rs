//! `/login`: the sign-in form, and what becomes of it.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::authorization_request::AuthorizationRequest;
use super::authorize::{finish, server_error};
use super::cookies::{csrf_cookie, session_cookie, set_csrf, set_session};
use super::pages::LoginForm;
use super::parameters::Parameters;
use super::refusal::Refusal;
use crate::directory::SignInRefused;
use crate::grant::SignIn;
use crate::secret::Secret;
use crate::{Failure, UserPool};

pub(super) async fn form(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let parameters = Parameters::of_query(query.as_deref());
    let request = AuthorizationRequest::read(&pool.0.settings, &parameters)?;
    show(&pool, &request, &headers, StatusCode::OK, &request.login_hint, None)
        .map_err(|failure| server_error(&request, &failure))
}

pub(super) async fn submit(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    let parameters = Parameters::of_query(query.as_deref());
    let request = AuthorizationRequest::read(&pool.0.settings, &parameters)?;
    let form = Parameters::of_form(&headers, &body).unwrap_or_default();
    let answer = answer(&pool, &request, &headers, &form).await;
    answer.map_err(|failure| server_error(&request, &failure))
}

async fn answer(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<Response, Failure> {
    let username = form.get("username").unwrap_or_default();
    let password = form.get("password").unwrap_or_default();
    let again = |status, error| show(pool, request, headers, status, username, Some(error));
    let csrf = form.get("_csrf").unwrap_or_default();
    if !csrf_cookie(headers).is_some_and(|cookie| cookie.equals(csrf)) {
        return again(StatusCode::FORBIDDEN, "The form has expired. Please try again.");
    }
    match pool.sign_in(username, password).await {
        Ok(account) => {
            let sign_in = SignIn::new(&account, pool.now());
            welcome(pool, request, headers, sign_in).await
        }
        Err(SignInRefused::Wrong) => {
            again(StatusCode::BAD_REQUEST, "Incorrect username or password.")
        }
        Err(SignInRefused::TooManyAttempts) => {
            again(StatusCode::BAD_REQUEST, "Password attempts exceeded.")
        }
        Err(SignInRefused::Disabled) => again(StatusCode::BAD_REQUEST, "User is disabled."),
        Err(SignInRefused::Failed(failure)) => Err(failure),
    }
}

/// Begins a new session, never the one the browser came with, and goes back with a code.
async fn welcome(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    headers: &HeaderMap,
    sign_in: SignIn,
) -> Result<Response, Failure> {
    let previous = session_cookie(headers);
    let session = pool.0.sessions.begin(&sign_in, previous.as_ref()).await?;
    let mut response = finish(pool, request, sign_in).await?;
    response.headers_mut().append(SET_COOKIE, set_session(&pool.0.settings, &session)?);
    Ok(response)
}

fn show(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    headers: &HeaderMap,
    status: StatusCode,
    username: &str,
    error: Option<&str>,
) -> Result<Response, Failure> {
    // A cookie that is there stays, so that forms open in other tabs go on working.
    let csrf = csrf_cookie(headers).map_or_else(Secret::random, Ok)?;
    let form = LoginForm {
        destination: &request.destination,
        action: &format!("/login?{}", request.query),
        csrf: csrf.as_str(),
        username,
        error,
    };
    let mut response = form.page(status).into_response();
    response.headers_mut().append(SET_COOKIE, set_csrf(&pool.0.settings, &csrf)?);
    Ok(response)
}
