//! Authentication of clients at the token and revocation endpoints.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::oauth_error::OAuthError;
use super::parameters::Parameters;
use crate::client::AppClient;
use crate::pool::UserPool;

/// Parses the form of a request; repeated parameters are refused (RFC 6749 §3.2).
pub(super) fn read_form(headers: &HeaderMap, body: &[u8]) -> Result<Parameters, OAuthError> {
    let form = Parameters::from_form(headers, body);
    form.filter(|form| !form.has_repeated()).ok_or(OAuthError::InvalidRequest)
}

/// Returns a parameter that must be present.
pub(super) fn required<'a>(form: &'a Parameters, name: &str) -> Result<&'a str, OAuthError> {
    form.get(name).ok_or(OAuthError::InvalidRequest)
}

/// Finds the client, and checks its secret if it has one.
pub(super) async fn authenticate_client(
    pool: &UserPool,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<AppClient, OAuthError> {
    let (id, secret) = match (basic_credentials(headers)?, form.get("client_secret")) {
        (Some(_), Some(_)) => return Err(OAuthError::InvalidRequest),
        (Some((id, _)), None) if form.get("client_id").is_some_and(|other| other != id) => {
            return Err(OAuthError::InvalidRequest);
        }
        (Some((id, secret)), None) => (id, Some(secret).filter(|secret| !secret.is_empty())),
        (None, secret) => (required(form, "client_id")?.to_owned(), secret.map(ToOwned::to_owned)),
    };
    let client = pool.state.clients.find(&id).await?.ok_or(OAuthError::InvalidClient)?;
    let is_authenticated = client.accepts_secret(secret.as_deref());
    is_authenticated.then_some(client).ok_or(OAuthError::InvalidClient)
}

/// Reads id and secret from HTTP Basic; like Cognito, without form-decoding them.
fn basic_credentials(headers: &HeaderMap) -> Result<Option<(String, String)>, OAuthError> {
    let Some(header) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let credentials = header
        .to_str()
        .ok()
        .and_then(|header| header.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))
        .and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| text.split_once(':').map(|(id, secret)| (id.into(), secret.into())));
    credentials.map(Some).ok_or(OAuthError::InvalidClient)
}
