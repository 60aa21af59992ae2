//! Out to the hosted UI, back with a code, and out of the session again.

use axum::Extension;
use axum::extract::{Request, State};
use axum::http::header::{COOKIE, HeaderName, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use tower_sessions::Session;
use tower_sessions::cookie::time::Duration;
use tower_sessions::cookie::{Cookie, SameSite};
use url::Url;

use crate::auth::{PendingLogin, Secret, device_name};
use crate::http::caller::RequestContext;
use crate::http::error::AppError;
use crate::http::loopback::at_public_origin;
use crate::http::session_cookie::session_cookie_name;
use crate::http::state::AppState;

/// The longest answer of the hosted UI that is read (OAU-04).
const MAX_CALLBACK_BYTES: usize = 2 * 1024;
/// The name of the cookie that a browser is sent to the public origin with.
const MOVED_COOKIE: &str = "gazette-login-moved";

/// `GET /auth/login`: remembers the login and sends the browser to the hosted UI.
pub(super) async fn login(
    State(app): State<AppState>,
    request: Request,
) -> Result<Response, AppError> {
    let https = app.is_https();
    if let Some(elsewhere) = public_address(&app, &request) {
        let mut response = Redirect::to(&elsewhere).into_response();
        set_cookie(&mut response, &moved_cookie(https));
        return Ok(response);
    }
    let (Some(state), Some(nonce)) = (Secret::generate(), Secret::generate()) else {
        return Err(AppError::internal(&"the system gives no randomness"));
    };
    // Several tabs of one browser share the secret, so each of their logins can come back.
    let browser = browser_secret(request.headers(), https).or_else(Secret::generate);
    let browser = browser.ok_or_else(|| AppError::internal(&"the system gives no randomness"))?;
    let login_request = app.oidc.begin_login(state.as_str(), nonce.as_str()).await;
    let login_request = login_request.map_err(|error| AppError::from_sign_in(&error))?;
    let login = PendingLogin {
        browser_hash: browser.hash(),
        provider: app.oidc.provider(),
        nonce: nonce.as_str().to_owned(),
        pkce_verifier: login_request.pkce_verifier,
        return_to: return_to(request.uri().query(), &app.site.public_url),
    };
    let now = app.clock.now().as_second();
    let begun = app.pending_logins.insert(&state, &login, now).await;
    begun.map_err(|error| AppError::unavailable("Please try again in a moment.", &error))?;
    let mut response = Redirect::to(login_request.url.as_str()).into_response();
    set_cookie(&mut response, &browser_cookie(browser.as_str().to_owned(), https, 10));
    Ok(response)
}

/// `GET /auth/callback`: finishes the login that this browser began, once.
pub(super) async fn callback(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    session: Session,
    request: Request,
) -> Result<Response, AppError> {
    let issuer = app.oidc.issuer().await.map_err(|error| AppError::from_sign_in(&error))?;
    let answer = Answer::parse(request.uri().query().unwrap_or_default(), issuer)?;
    // Taken out first: a login that comes back anywhere but where it was begun is burnt.
    let taken = app.pending_logins.take(&answer.state).await;
    let login =
        taken.map_err(|error| AppError::unavailable("Please try again in a moment.", &error))?;
    let Some(browser) = browser_secret(request.headers(), app.is_https()) else {
        return Err(AppError::sign_in("This browser did not begin a sign-in, or took too long."));
    };
    let login = login.filter(|login| {
        browser.matches_hash(&login.browser_hash) && login.provider == app.oidc.provider()
    });
    let Some(login) = login else {
        return Err(AppError::sign_in("This sign-in took too long, or was finished before."));
    };
    let Some(code) = answer.code else {
        tracing::info!("the hosted UI answered without a code");
        return Err(AppError::sign_in("The sign-in service ended the sign-in without success."));
    };
    let now = app.clock.now().as_second();
    let tokens = app.oidc.complete_login(code, login.pkce_verifier, &login.nonce, now).await;
    let tokens = tokens.map_err(|error| AppError::from_sign_in(&error))?;
    let user_agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    let device = device_name(user_agent.unwrap_or_default());
    let begun = app.sessions.begin(&session, context.presented.as_ref(), &tokens, device).await;
    begun.map_err(|error| AppError::session(&error))?;
    Ok(Redirect::to(&login.return_to).into_response())
}

/// `POST /auth/logout`: ends the session here, then at the hosted UI.
pub(super) async fn logout(
    State(app): State<AppState>,
    Extension(context): Extension<RequestContext>,
    session: Session,
) -> Result<Response, AppError> {
    let ended = app.sessions.end(&session, context.presented.as_ref()).await;
    ended.map_err(|error| AppError::session(&error))?;
    tracing::info!(signed_in = context.caller.identity().is_some(), "signed out");
    Ok(sign_out_response(&app).await)
}

/// Sends the browser to the hosted UI to be forgotten there too, with nothing left of here.
pub(super) async fn sign_out_response(app: &AppState) -> Response {
    let target = match app.oidc.sign_out_url().await {
        Ok(url) => url.to_string(),
        // The session is gone; that the hosted UI cannot be reached must not hide it.
        Err(error) => {
            tracing::warn!(%error, "signed out here only");
            "/".to_owned()
        }
    };
    let mut response = Redirect::to(&target).into_response();
    let https = app.is_https();
    // tower-sessions' own removal lacks Secure, with which browsers keep a __Host- cookie.
    set_cookie(&mut response, &cookie(session_cookie_name(https), String::new(), https, 0));
    set_cookie(&mut response, &browser_cookie(String::new(), https, 0));
    response.headers_mut().insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static(r#""cache", "cookies", "storage""#),
    );
    response
}

/// What the hosted UI sent the browser back with.
struct Answer {
    state: Secret,
    code: Option<String>,
}

impl Answer {
    /// Reads it strictly: nothing twice, not a code and an error at once (OAU-04).
    fn parse(query: &str, (issuer, must_be_named): (&str, bool)) -> Result<Self, AppError> {
        let unreadable = || AppError::sign_in("The answer of the sign-in service cannot be read.");
        if query.len() > MAX_CALLBACK_BYTES {
            return Err(unreadable());
        }
        let (mut code, mut state, mut error, mut iss) = (None, None, None, None);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let slot = match name.as_ref() {
                "code" => &mut code,
                "state" => &mut state,
                "error" => &mut error,
                "iss" => &mut iss,
                _ => continue,
            };
            if slot.replace(value.into_owned()).is_some() {
                return Err(unreadable());
            }
        }
        let state = state.as_deref().and_then(Secret::parse).ok_or_else(unreadable)?;
        // RFC 9207: whoever answers must be whom we asked.
        if iss.as_deref().map_or(must_be_named, |iss| iss != issuer) {
            return Err(unreadable());
        }
        if code.is_some() == error.is_some() || code.as_deref() == Some("") {
            return Err(unreadable());
        }
        Ok(Self { state, code })
    }
}

/// The path to come back to: one on this site as browsers parse it, or the front page (OAU-07).
fn return_to(query: Option<&str>, public_url: &str) -> String {
    let query = query.unwrap_or_default();
    let mut given = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name == "return_to")
        .map(|(_, value)| value.into_owned());
    let only = given.next().filter(|_| given.next().is_none());
    only.and_then(|path| local_path(&path, public_url)).unwrap_or_else(|| "/".to_owned())
}

fn local_path(path: &str, public_url: &str) -> Option<String> {
    let suspicious = |c: char| c.is_control() || c == '\\';
    if !path.starts_with('/') || path.len() > 2_048 || path.contains(suspicious) {
        return None;
    }
    let base = Url::parse(public_url).ok()?;
    let url = base.join(path).ok()?;
    if url.origin() != base.origin() || url.path().starts_with("//") {
        return None;
    }
    // Coming back to signing in or out would go round in circles.
    if url.path().starts_with("/auth/") {
        return None;
    }
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{}{query}", url.path()))
}

/// Where the login has to begin, if not here: the login's cookie must come back with the callback,
/// which goes to the public origin.
fn public_address(app: &AppState, request: &Request) -> Option<String> {
    let elsewhere = at_public_origin(request.headers(), request.uri(), &app.site.public_url)?;
    // Who was sent and is here again has a proxy before us that changes the Host.
    cookie_value(request.headers(), MOVED_COOKIE).is_none().then_some(elsewhere)
}

/// Says for a moment that this browser was sent to the public origin.
fn moved_cookie(https: bool) -> Cookie<'static> {
    let mut cookie = cookie(MOVED_COOKIE, "1".to_owned(), https, 0);
    cookie.set_max_age(Duration::seconds(5));
    cookie
}

/// The name of the cookie that binds a login to the browser that began it.
fn browser_cookie_name(https: bool) -> &'static str {
    if https { "__Host-gazette-login" } else { "gazette-login" }
}

fn browser_cookie(value: String, https: bool, minutes: i64) -> Cookie<'static> {
    cookie(browser_cookie_name(https), value, https, minutes)
}

pub(super) fn cookie(
    name: &'static str,
    value: String,
    https: bool,
    minutes: i64,
) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
        .max_age(Duration::minutes(minutes))
        .build()
}

pub(super) fn set_cookie(response: &mut Response, cookie: &Cookie<'_>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// The secret that this browser was given when it began a login.
fn browser_secret(headers: &HeaderMap, https: bool) -> Option<Secret> {
    cookie_secret(headers, browser_cookie_name(https))
}

/// The secret in a cookie.
pub(super) fn cookie_secret(headers: &HeaderMap, name: &str) -> Option<Secret> {
    cookie_value(headers, name).as_deref().and_then(Secret::parse)
}

fn cookie_value(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SITE: &str = "https://news.example";
    const ISSUER: &str = "https://issuer.example/pool";

    #[test]
    fn oau_07_only_paths_on_this_site_are_come_back_to() {
        for (given, expected) in [
            ("/desk", "/desk"),
            ("/desk?cursor=a%20b", "/desk?cursor=a%20b"),
            ("/a/../b", "/b"),
            ("/news#top", "/news"),
            ("", "/"),
            ("desk", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/\t/evil.example", "/"),
            ("/..//evil.example", "/"),
            ("https://evil.example/", "/"),
            ("javascript:alert(1)", "/"),
            ("/auth/logout", "/"),
        ] {
            let encoded: String = url::form_urlencoded::byte_serialize(given.as_bytes()).collect();
            let query = format!("return_to={encoded}");
            assert_eq!(return_to(Some(&query), SITE), expected, "{given}");
        }
        assert_eq!(return_to(Some("return_to=/a&return_to=/b"), SITE), "/");
        assert_eq!(return_to(None, SITE), "/");
    }

    proptest! {
        #[test]
        fn oau_07_no_text_leads_elsewhere(text in "[/\\\\.@:a-z\t\n?#%0-9]{0,40}") {
            if let Some(path) = local_path(&text, SITE) {
                let there = Url::parse(SITE).unwrap().join(&path).unwrap();
                prop_assert_eq!(there.origin().ascii_serialization(), SITE);
                prop_assert!(path.starts_with('/') && !path.starts_with("//"));
            }
        }

        #[test]
        fn oau_04_no_answer_panics(query in ".{0,300}") {
            let _ = Answer::parse(&query, (ISSUER, false));
        }
    }

    #[test]
    fn oau_04_doubled_or_contradicting_answers_are_refused() {
        let state = Secret::generate().expect("randomness");
        let state = state.as_str();
        for query in [
            format!("code=a&code=b&state={state}"),
            format!("code=a&state={state}&state={state}"),
            format!("code=a&error=b&state={state}"),
            format!("state={state}"),
            format!("code=&state={state}"),
            "code=a&state=short".to_owned(),
            "code=a".to_owned(),
            format!("code={}&state={state}", "a".repeat(2_048)),
        ] {
            assert!(Answer::parse(&query, (ISSUER, false)).is_err(), "{query}");
        }
        let good = |query: String| Answer::parse(&query, (ISSUER, false));
        assert!(good(format!("error=x&state={state}")).is_ok_and(|answer| answer.code.is_none()));
        assert!(good(format!("code=a&state={state}&session_state=x")).is_ok());
    }

    #[test]
    fn oau_05_an_answer_of_another_issuer_is_refused() {
        let state = Secret::generate().expect("randomness");
        let answers = |iss: &str, must_be_named| {
            let query = format!("code=a&state={}{iss}", state.as_str());
            Answer::parse(&query, (ISSUER, must_be_named)).is_ok()
        };
        let parse = |iss: &str| answers(iss, false);
        assert!(parse("") && parse(&format!("&iss={ISSUER}")));
        assert!(!parse("&iss=https://evil.example") && !parse("&iss="));
        assert!(!parse(&format!("&iss={ISSUER}&iss={ISSUER}")));
        assert!(!answers("", true), "it says that it always names itself");
        assert!(answers(&format!("&iss={ISSUER}"), true) && !answers("&iss=https://x", true));
    }
}
