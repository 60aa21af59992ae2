//! The session cookie of requests and responses.

use axum::extract::{Request, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::http::cookie_names::is_session_cookie;
use crate::http::request::{cookie_name, cookie_pairs};
use crate::http::state::AppState;

/// Ignores the session cookie if it appears twice, because a second one may have been injected
/// (SES-08), and lets only signing out remove it.
///
/// tower-sessions would remove the cookie whenever its session does not exist, and could so
/// remove a new one that a parallel request has just set.
pub(in crate::http) async fn guard(
    State(app): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    if request.headers().contains_key(COOKIE) {
        retain_plain(request.headers_mut(), &app.cookies.session);
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if !headers.contains_key(SET_COOKIE) || headers.contains_key("clear-site-data") {
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
    is_session_cookie(name.as_bytes()) && rest.contains("Max-Age=0")
}

/// Retains cookies that are text with a plain name, and the session's only if it appears once.
///
/// tower-sessions decodes names, so a neighbour could spell ours in another way, past the rules
/// of browsers for `__Host-` and past our own. A cookie that is not text would hide all others.
fn retain_plain(headers: &mut HeaderMap, session: &str) {
    let is_session = |pair: &&[u8]| cookie_name(pair) == session.as_bytes();
    let is_alone = cookie_pairs(headers).filter(is_session).count() == 1;
    let kept: Vec<&[u8]> = cookie_pairs(headers)
        .filter(|pair| pair.iter().all(|byte| matches!(byte, b' '..=b'~')))
        .filter(|pair| {
            cookie_name(pair).iter().all(|byte| byte.is_ascii_graphic() && *byte != b'%')
        })
        .filter(|pair| is_alone || !is_session(pair))
        .collect();
    let kept = HeaderValue::from_bytes(&kept.join(&b';'));
    headers.remove(COOKIE);
    headers.extend(kept.ok().filter(|kept| !kept.is_empty()).map(|kept| (COOKIE, kept)));
}
