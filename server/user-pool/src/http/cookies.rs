//! The two cookies: who is signed in, and that a form came from our page.
//!
//! Both hold 256 random bits; anything else that a browser sends is ignored.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::Failure;
use crate::config::Settings;
use crate::grant::Sessions;
use crate::secret::Secret;

const SESSION: &str = "cognito";
const CSRF: &str = "XSRF-TOKEN";

pub(super) fn session_cookie(headers: &HeaderMap) -> Option<Secret> {
    read(headers, SESSION)
}

pub(super) fn csrf_cookie(headers: &HeaderMap) -> Option<Secret> {
    read(headers, CSRF)
}

pub(super) fn set_session(settings: &Settings, secret: &Secret) -> Result<HeaderValue, Failure> {
    let lifetime = format!("; Max-Age={}", Sessions::LIFETIME);
    write(settings, SESSION, secret.as_str(), &lifetime)
}

pub(super) fn clear_session(settings: &Settings) -> Result<HeaderValue, Failure> {
    write(settings, SESSION, "", "; Max-Age=0")
}

pub(super) fn set_csrf(settings: &Settings, secret: &Secret) -> Result<HeaderValue, Failure> {
    write(settings, CSRF, secret.as_str(), "")
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
    name: &str,
    value: &str,
    lifetime: &str,
) -> Result<HeaderValue, Failure> {
    let secure = if settings.https { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{lifetime}{secure}");
    HeaderValue::from_str(&cookie).map_err(|error| Failure::Encoding(error.to_string()))
}
