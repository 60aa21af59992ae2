//! Names of our cookies, and the ones besides the session's, which tower-sessions sets.

use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, SameSite};
use time::Duration;

/// Returns the name of the session cookie.
pub(in crate::http) fn session_cookie(https: bool) -> &'static str {
    if https { "__Host-gazette" } else { "gazette" }
}

/// Returns the name of the cookie that binds a saved form to the browser that sent it.
pub(in crate::http) fn saved_form_cookie(https: bool) -> &'static str {
    if https { "__Host-gazette-form" } else { "gazette-form" }
}

/// Returns the name of the cookie that binds a login to the browser that began it.
pub(in crate::http) fn login_cookie(https: bool) -> &'static str {
    if https { "__Host-gazette-login" } else { "gazette-login" }
}

/// Makes a cookie that only the server reads and that browsers forget after `lifetime`.
pub(in crate::http) fn short_lived_cookie(
    name: &'static str,
    value: impl Into<String>,
    https: bool,
    lifetime: Duration,
) -> Cookie<'static> {
    Cookie::build((name, value.into()))
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
pub(in crate::http) fn expired_cookie(name: &'static str, https: bool) -> Cookie<'static> {
    short_lived_cookie(name, "", https, Duration::ZERO)
}

/// Adds a cookie to a response.
pub(in crate::http) fn add_cookie(response: &mut Response, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}
