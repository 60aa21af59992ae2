//! The two cookies: the single sign-on session, and the CSRF token of the sign-in form.
//!
//! Both hold 256 random bits; any other value is ignored.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::error::InternalError;
use crate::grants::Sessions;
use crate::secret::Secret;
use crate::settings::Settings;

const SESSION: &str = "cognito";
const CSRF: &str = "XSRF-TOKEN";

pub(super) fn session_cookie(settings: &Settings, headers: &HeaderMap) -> Option<Secret> {
    read(headers, &name(settings, SESSION))
}

pub(super) fn csrf_cookie(settings: &Settings, headers: &HeaderMap) -> Option<Secret> {
    read(headers, &name(settings, CSRF))
}

pub(super) fn set_session(
    settings: &Settings,
    secret: &Secret,
) -> Result<HeaderValue, InternalError> {
    let max_age = format!("; Max-Age={}", Sessions::LIFETIME);
    write(settings, SESSION, secret.as_str(), &max_age)
}

pub(super) fn clear_session(settings: &Settings) -> Result<HeaderValue, InternalError> {
    write(settings, SESSION, "", "; Max-Age=0")
}

pub(super) fn set_csrf(settings: &Settings, secret: &Secret) -> Result<HeaderValue, InternalError> {
    write(settings, CSRF, secret.as_str(), "")
}

/// Returns the name of a cookie: Cognito's, and the port on plain http, because browsers share
/// cookies between the ports of a host.
fn name(settings: &Settings, base: &str) -> String {
    match settings.http_port {
        Some(port) => format!("{base}-{port}"),
        None => base.to_owned(),
    }
}

fn read(headers: &HeaderMap, name: &str) -> Option<Secret> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name)
        .find_map(|(_, value)| Secret::parse(value))
}

fn write(
    settings: &Settings,
    base: &str,
    value: &str,
    max_age: &str,
) -> Result<HeaderValue, InternalError> {
    let name = name(settings, base);
    let secure = if settings.http_port.is_none() { "; Secure" } else { "" };
    // Lax, because the redirect from the application to this pool is a cross-site navigation.
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{max_age}{secure}");
    Ok(HeaderValue::from_str(&cookie)?)
}
