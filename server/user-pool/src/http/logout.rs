//! `GET /logout`: ends the single sign-on session, with either set of Cognito's parameters.
//!
//! It revokes no tokens; applications revoke their own. It is not OpenID Connect's
//! RP-initiated logout. Source: Cognito, "Logout endpoint".

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::Response;

use super::browser_error::{BrowserError, redirect};
use super::callback::{Callback, find_client};
use super::cookies::{clear_session, session_cookie};
use super::pages::Mismatch;
use super::parameters::Parameters;
use crate::pool::UserPool;

pub(super) async fn logout(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, BrowserError> {
    let settings = &pool.state.settings;
    let location = redirect_target(&pool, &Parameters::from_query(query.as_deref())).await?;
    if let Some(session) = session_cookie(settings, &headers) {
        pool.state.sessions.delete(&session).await?;
    }
    let mut response = redirect(&location)?;
    response.headers_mut().append(SET_COOKIE, clear_session(settings)?);
    Ok(response)
}

/// Returns a registered sign-out URL, or the sign-in page when the request has a
/// `redirect_uri`, to sign in as another user.
async fn redirect_target(pool: &UserPool, parameters: &Parameters) -> Result<String, BrowserError> {
    if parameters.has_repeated() {
        return Err(BrowserError::Message("A parameter is repeated."));
    }
    let Some(logout_uri) = parameters.get("logout_uri") else {
        if parameters.get("redirect_uri").is_none() {
            return Err(Mismatch::Missing("redirect_uri").into());
        }
        Callback::read(pool, parameters).await?;
        let origin = &pool.state.settings.origin;
        return Ok(format!("{origin}/login?{}", parameters.to_query()));
    };
    let client = find_client(pool, parameters).await?;
    let registered = client.logout_urls.iter().find(|url| *url == logout_uri).cloned();
    registered.ok_or_else(|| Mismatch::sign_out(&client, logout_uri).into())
}
