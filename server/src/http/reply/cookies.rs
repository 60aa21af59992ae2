//! Cookies besides the session's, which tower-sessions sets.

use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, SameSite};
use time::Duration;

/// Makes a cookie that only the server reads and that browsers forget after `lifetime`.
pub(in crate::http) fn short_lived_cookie(
    name: &str,
    value: impl Into<String>,
    https: bool,
    lifetime: Duration,
) -> Cookie<'static> {
    Cookie::build((name.to_owned(), value.into()))
        .path("/")
        .http_only(true)
        .secure(https)
        // Lax, because the redirect back from the hosted UI is a cross-site navigation.
        .same_site(SameSite::Lax)
        .max_age(lifetime)
        .build()
}

/// Makes the cookie that removes another one.
///
/// It repeats `Secure`, without which browsers keep a `__Host-` cookie.
pub(in crate::http) fn expired_cookie(name: &str, https: bool) -> Cookie<'static> {
    short_lived_cookie(name, "", https, Duration::ZERO)
}

/// Adds a cookie to a response.
pub(in crate::http) fn add_cookie(response: &mut Response, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}
