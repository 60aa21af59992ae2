//! The session cookie, as it comes and as it goes.

use axum::extract::{Request, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::state::AppState;

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
pub(super) async fn guard(
    State(app): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    keep_plain(request.headers_mut(), session_cookie_name(app.is_https()));
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

/// Keeps the cookies whose names are what they look like, and of these the session's if it
/// stands once. tower-sessions decodes names, so that a neighbour could write ours in another
/// way, past the browser's rules for `__Host-` and past our own.
fn keep_plain(headers: &mut HeaderMap, session: &str) {
    let is_session = |pair: &&[u8]| name(pair) == session.as_bytes();
    let stands_once = pairs(headers).filter(is_session).count() == 1;
    let kept: Vec<&[u8]> = pairs(headers)
        .filter(|pair| name(pair).iter().all(|byte| byte.is_ascii_graphic() && *byte != b'%'))
        .filter(|pair| stands_once || !is_session(pair))
        .collect();
    let kept = HeaderValue::from_bytes(&kept.join(&b';'));
    headers.remove(COOKIE);
    headers.extend(kept.ok().filter(|kept| !kept.is_empty()).map(|kept| (COOKIE, kept)));
}

/// The cookies of a request, each with its name.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = &[u8]> {
    let cookies = headers.get_all(COOKIE).into_iter();
    cookies.flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
}

fn is_session(pair: &[u8]) -> bool {
    [true, false].iter().any(|https| name(pair) == session_cookie_name(*https).as_bytes())
}

fn name(pair: &[u8]) -> &[u8] {
    pair.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii()
}
