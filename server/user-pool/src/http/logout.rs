//! `GET /logout`: ends the single sign-on session, with either set of Cognito's parameters.
//!
//! It revokes no tokens; applications revoke their own. It is not OpenID Connect's
//! RP-initiated logout. Source: Cognito, "Logout endpoint".

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::Response;

use super::browser_error::{BrowserError, redirect};
use super::callback::Callback;
use super::cookies::{clear_session, session_cookie};
use super::parameters::Parameters;
use crate::pool::UserPool;
use crate::settings::Settings;

pub(super) async fn logout(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, BrowserError> {
    let settings = &pool.state.settings;
    let location = redirect_target(settings, &Parameters::from_query(query.as_deref()))?;
    if let Some(session) = session_cookie(settings, &headers) {
        pool.state.sessions.delete(&session).await?;
    }
    let mut response = redirect(&location)?;
    response.headers_mut().append(SET_COOKIE, clear_session(settings)?);
    Ok(response)
}

/// Returns a registered sign-out URL, or the sign-in page when the request has a
/// `redirect_uri`, to sign in as another user.
fn redirect_target(settings: &Settings, parameters: &Parameters) -> Result<String, BrowserError> {
    if parameters.has_repeated() {
        return Err(BrowserError::Page("A parameter is repeated."));
    }
    let Some(logout_uri) = parameters.get("logout_uri") else {
        if parameters.get("redirect_uri").is_none() {
            let message = "Required String parameter 'redirect_uri' is not present";
            return Err(BrowserError::Page(message));
        }
        Callback::read(settings, parameters)?;
        return Ok(format!("{}/login?{}", settings.origin, parameters.to_query()));
    };
    parameters
        .get("client_id")
        .and_then(|id| settings.client(id))
        .and_then(|client| client.logout_urls.iter().find(|url| *url == logout_uri))
        .cloned()
        .ok_or(BrowserError::Page("This sign-out URL is not registered for the application."))
}
