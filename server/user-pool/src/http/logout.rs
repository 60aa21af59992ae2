//! `GET /logout`: ends single sign-on, in both of Cognito's forms.
//!
//! It ends no token; an application revokes its own. It is not OpenID Connect's
//! RP-initiated logout. Source: Cognito, "Logout endpoint".

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::Response;

use super::authorization_request::Destination;
use super::cookies::{clear_session, session_cookie};
use super::parameters::Parameters;
use super::refusal::{Refusal, redirect};
use crate::UserPool;
use crate::config::Settings;

pub(super) async fn logout(
    State(pool): State<UserPool>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let settings = &pool.0.settings;
    let location = destination(settings, &Parameters::of_query(query.as_deref()))?;
    if let Some(session) = session_cookie(&headers) {
        pool.0.sessions.end(&session).await?;
    }
    let mut response = redirect(&location)?;
    response.headers_mut().append(SET_COOKIE, clear_session(settings)?);
    Ok(response)
}

/// A registered sign-out URL, or the sign-in page for who wants to sign in as somebody else.
fn destination(settings: &Settings, parameters: &Parameters) -> Result<String, Refusal> {
    if parameters.has_repeated() {
        return Err(Refusal::Here("A parameter is repeated."));
    }
    let Some(logout_uri) = parameters.get("logout_uri") else {
        if parameters.get("redirect_uri").is_none() {
            return Err(Refusal::Here("Required String parameter 'redirect_uri' is not present"));
        }
        Destination::read(settings, parameters)?;
        return Ok(format!("{}/login?{}", settings.origin, parameters.to_query()));
    };
    parameters
        .get("client_id")
        .and_then(|id| settings.client(id))
        .and_then(|client| client.logout_urls.iter().find(|url| *url == logout_uri))
        .cloned()
        .ok_or(Refusal::Here("The sign-out address is not registered for this application."))
}
