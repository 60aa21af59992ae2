//! `GET /oauth2/authorize`: a code at once for who is signed in, else the sign-in page.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::authorization_request::{AuthorizationRequest, Prompt};
use super::cookies::session_cookie;
use super::parameters::Parameters;
use super::refusal::{Refusal, log, redirect};
use crate::grant::{Grant, PendingCode, SignIn};
use crate::{Failure, UserPool};

pub(super) async fn authorize(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let parameters = Parameters::of_query(query.as_deref());
    let request = AuthorizationRequest::read(&pool.0.settings, &parameters)?;
    answer(&pool, &request, &headers).await.map_err(|refusal| match refusal {
        Refusal::Failed(failure) => server_error(&request, &failure),
        Refusal::Here(_) | Refusal::There(_) => refusal,
    })
}

/// Gives out a code and sends the browser back with it.
pub(super) async fn finish(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    sign_in: SignIn,
) -> Result<Response, Failure> {
    let destination = &request.destination;
    let pending = PendingCode {
        grant: Grant::new(&destination.client.id, request.scopes.clone(), sign_in)?,
        redirect_uri: destination.registered_uri().to_owned(),
        challenge: request.challenge.clone(),
        nonce: request.nonce.clone(),
    };
    let code = pool.0.codes.issue(pending, pool.now()).await?;
    redirect(&destination.with_code(code.as_str()))
}

/// Logs a fault and tells the application that there was one.
pub(super) fn server_error(request: &AuthorizationRequest<'_>, failure: &Failure) -> Refusal {
    log(failure);
    request.destination.refuse("server_error", "The user pool could not answer.")
}

async fn answer(
    pool: &UserPool,
    request: &AuthorizationRequest<'_>,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    if request.prompt != Prompt::Always
        && let Some(sign_in) = signed_in(pool, headers).await?
    {
        return Ok(finish(pool, request, sign_in).await?);
    }
    match request.prompt {
        Prompt::Never => Err(request.destination.refuse("login_required", "Nobody is signed in.")),
        Prompt::WhenNeeded | Prompt::Always => {
            let origin = &pool.0.settings.origin;
            Ok(redirect(&format!("{origin}/login?{}", request.query))?)
        }
    }
}

/// Who the browser belongs to, if their sign-in still counts.
async fn signed_in(pool: &UserPool, headers: &HeaderMap) -> Result<Option<SignIn>, Failure> {
    let Some(secret) = session_cookie(headers) else { return Ok(None) };
    let Some(sign_in) = pool.0.sessions.find(&secret).await? else { return Ok(None) };
    let user = pool.0.directory.user_of(&sign_in).await?;
    Ok(user.map(|_| sign_in))
}
