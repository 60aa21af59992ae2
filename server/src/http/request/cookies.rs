//! Cookies that come with a request.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum_extra::extract::CookieJar;
use gazette_app::Theme;

use crate::auth::Secret;
use crate::http::cookie_names::{CookieNames, is_session_cookie};

/// Returns whether the request carries a session cookie, valid or not.
pub(in crate::http) fn has_session_cookie(headers: &HeaderMap) -> bool {
    cookie_pairs(headers).any(|pair| is_session_cookie(cookie_name(pair)))
}

/// Returns the secret in a cookie.
pub(in crate::http) fn secret_cookie(headers: &HeaderMap, name: &str) -> Option<Secret> {
    CookieJar::from_headers(headers).get(name).and_then(|cookie| Secret::parse(cookie.value()))
}

/// Returns the value of a cookie.
pub(in crate::http) fn cookie_value(headers: &HeaderMap, name: &str) -> Option<String> {
    CookieJar::from_headers(headers).get(name).map(|cookie| cookie.value().to_owned())
}

/// Returns the theme that the reader chose.
pub(in crate::http) fn chosen_theme(headers: &HeaderMap, cookies: &CookieNames) -> Option<Theme> {
    let mut pairs = cookie_pairs(headers).map(<[u8]>::trim_ascii);
    let value = pairs.find_map(|it| it.strip_prefix(cookies.theme.as_bytes())?.strip_prefix(b"="));
    value.and_then(|value| Theme::of_name(str::from_utf8(value).ok()?))
}

/// Returns the cookies of a request as bytes, each with its name.
pub(in crate::http) fn cookie_pairs(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let cookies = headers.get_all(COOKIE).into_iter();
    cookies.flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
}

/// Returns the name of a cookie.
pub(in crate::http) fn cookie_name(pair: &[u8]) -> &[u8] {
    pair.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii()
}
