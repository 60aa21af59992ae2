//! `GET /oauth2/authorize`: a code for a signed-in browser, else the sign-in page.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::authorization_request::{AuthorizationRequest, Prompt, ResponseType};
use super::browser_error::{BrowserError, redirect};
use super::cookies::session_cookie;
use super::parameters::Parameters;
use crate::error::InternalError;
use crate::grants::{Grant, PendingCode, SignIn};
use crate::pool::UserPool;
use crate::token_issuer::TokenEndpoint;

const MISSING_CHALLENGE: &str = "code_challenge is missing.";

pub(super) async fn authorize(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, BrowserError> {
    let parameters = Parameters::from_query(query.as_deref());
    let request = AuthorizationRequest::read(&pool, &parameters).await?;
    if request.lacks_challenge() {
        return Err(request.callback.with_error("invalid_request", MISSING_CHALLENGE));
    }
    respond(&pool, &request, &headers).await.map_err(|error| match error {
        BrowserError::Internal(error) => server_error(&request, &error),
        BrowserError::Mismatch(_) | BrowserError::Message(_) | BrowserError::Redirect(_) => error,
    })
}

/// Redirects the browser to the application with a code, or with tokens. A request that lacks the PKCE
/// challenge gets an error: `/logout` leads to the sign-in page without one.
pub(super) async fn redirect_with_code(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    sign_in: SignIn,
) -> Result<Response, InternalError> {
    let callback = &request.callback;
    if request.lacks_challenge() {
        return redirect(&callback.with_error_url("invalid_request", MISSING_CHALLENGE));
    }
    if request.response_type == ResponseType::Token {
        return redirect_with_tokens(pool, request, sign_in).await;
    }
    let pending = PendingCode {
        grant: grant(request, sign_in)?,
        redirect_uri: callback.registered_url().to_owned(),
        challenge: request.challenge.clone(),
        nonce: request.nonce.clone(),
    };
    let code = pool.state.codes.issue(pending, pool.now()).await?;
    redirect(&callback.with_code(code.as_str()))
}

/// Redirects the browser to the application with tokens in the fragment (implicit grant).
async fn redirect_with_tokens(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    sign_in: SignIn,
) -> Result<Response, InternalError> {
    let callback = &request.callback;
    let now = pool.now();
    let grant = grant(request, sign_in)?;
    let Some(user) = pool.directory().user_of(&grant.sign_in).await? else {
        return redirect(&callback.with_error_url("access_denied", "The user was signed out."));
    };
    // The family makes the access token revocable; its refresh token is not handed out.
    pool.state.refresh_tokens.issue(&grant, now).await?;
    let endpoint = TokenEndpoint::OAuth { nonce: request.nonce.as_deref() };
    let issued = pool.state.token_issuer.issue(&grant, &user, &endpoint, now)?;
    let expires_in = grant.lifetimes.access_token.seconds().to_string();
    let id_token = grant.scopes.contains("openid").then_some(("id_token", &*issued.id_token));
    let others = [
        ("access_token", issued.access_token.as_str()),
        ("token_type", "Bearer"),
        ("expires_in", expires_in.as_str()),
    ];
    redirect(&callback.with_fragment(id_token.into_iter().chain(others)))
}

fn grant(request: &AuthorizationRequest<'_>, sign_in: SignIn) -> Result<Grant, InternalError> {
    let grant = Grant::new(&request.callback.client, request.scopes.clone(), sign_in)?;
    Ok(Grant { resource: request.resource.clone(), ..grant })
}

/// Logs an internal error and reports `server_error` to the application.
pub(super) fn server_error(
    request: &AuthorizationRequest<'_>,
    error: &InternalError,
) -> BrowserError {
    error.log();
    request.callback.with_error("server_error", "The user pool could not answer.")
}

async fn respond(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    headers: &HeaderMap,
) -> Result<Response, BrowserError> {
    if matches!(request.prompt, Prompt::WhenNeeded | Prompt::Never)
        && let Some(sign_in) = current_sign_in(pool, request, headers).await?
    {
        return Ok(redirect_with_code(pool, request, sign_in).await?);
    }
    match request.prompt {
        Prompt::Never => {
            Err(request.callback.with_error("login_required", "The user is not signed in."))
        }
        Prompt::WhenNeeded | Prompt::Always | Prompt::SelectAccount => {
            let origin = &pool.state.settings.origin;
            Ok(redirect(&format!("{origin}/login?{}", request.query))?)
        }
    }
}

/// Returns the browser's sign-in, if it is still valid, and as recent as the request demands.
pub(super) async fn current_sign_in(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    headers: &HeaderMap,
) -> Result<Option<SignIn>, InternalError> {
    let Some(secret) = session_cookie(&pool.state.settings, headers) else { return Ok(None) };
    let Some(sign_in) = pool.state.sessions.find(&secret).await? else { return Ok(None) };
    let user = pool.state.directory.user_of(&sign_in).await?;
    let age = pool.now().saturating_sub(sign_in.auth_time);
    // `max_age=0` asks for the password always, even within the same second.
    let is_recent = request.max_age.is_none_or(|max_age| max_age > 0 && age <= max_age);
    Ok(user.filter(|_| is_recent).map(|_| sign_in))
}
