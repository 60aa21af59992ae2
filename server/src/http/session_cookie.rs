//! The session cookie, as it comes and as it goes.

use axum::extract::Request;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// The name of the session cookie.
pub(super) fn session_cookie_name(https: bool) -> &'static str {
    if https { "__Host-gazette" } else { "gazette" }
}

/// Whether the request carries a session cookie, good or not.
pub(super) fn has_session_cookie(headers: &HeaderMap) -> bool {
    pairs(headers).any(is_session)
}

/// Takes a session cookie at its word only if it stands once, since one beside it was put there
/// by somebody else (SES-08), and lets only signing out take it away. tower-sessions would do
/// so whenever a session is not there, and could take away the one that a request beside this
/// was just given.
pub(super) async fn guard(mut request: Request, next: Next) -> Response {
    drop_doubled(request.headers_mut());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if headers.contains_key("clear-site-data") {
        return response;
    }
    let cookies: Vec<HeaderValue> = headers.get_all(SET_COOKIE).iter().cloned().collect();
    headers.remove(SET_COOKIE);
    for cookie in cookies.into_iter().filter(|cookie| !removes_session(cookie)) {
        headers.append(SET_COOKIE, cookie);
    }
    response
}

fn removes_session(cookie: &HeaderValue) -> bool {
    let Some((name, rest)) = cookie.to_str().ok().and_then(|text| text.split_once('=')) else {
        return false;
    };
    [true, false].map(session_cookie_name).contains(&name) && rest.contains("Max-Age=0")
}

fn drop_doubled(headers: &mut HeaderMap) {
    if pairs(headers).filter(|pair| is_session(pair)).count() < 2 {
        return;
    }
    let others: Vec<&[u8]> = pairs(headers).filter(|pair| !is_session(pair)).collect();
    let others = HeaderValue::from_bytes(&others.join(&b';'));
    headers.remove(COOKIE);
    headers.extend(others.ok().map(|others| (COOKIE, others)));
}

/// The cookies of a request, each with its name.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let cookies = headers.get_all(COOKIE).into_iter();
    cookies.flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
}

fn is_session(pair: &[u8]) -> bool {
    let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
    [true, false].iter().any(|https| name.trim_ascii() == session_cookie_name(*https).as_bytes())
}
