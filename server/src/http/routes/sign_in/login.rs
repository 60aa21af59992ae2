//! Beginning a sign-in.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::extract::CookieJar;
use gazette_domain::StoryId;
use serde::Deserialize;
use time::Duration;

use crate::auth::{PendingLogin, Secret};
use crate::http::reply::{AppError, add_cookie, short_lived_cookie};
use crate::http::request::{at_public_origin, is_embedded, local_path, login_cookies, read_query};
use crate::http::state::AppState;

/// Lifetime of the cookie that notes that the browser was sent to the public origin.
const MOVED_LIFETIME: Duration = Duration::seconds(5);

const NO_COOKIES: &str = "Your browser didn't keep the cookie that signing in needs. Allow cookies for this site, then try again.";

/// Parameters of the login.
#[derive(Deserialize)]
struct Parameters {
    return_to: Option<String>,
    save: Option<String>,
    /// Set when the callback led here, not a link.
    again: Option<String>,
}

/// `GET /auth/login`: keeps the login in a cookie and redirects to the hosted UI.
pub(in crate::http) async fn login(
    State(app): State<AppState>,
    request: Request,
) -> Result<Response, AppError> {
    check_destination(request.headers())?;
    if let Some(elsewhere) = public_address(&app, &request) {
        let mut response = Redirect::to(&elsewhere).into_response();
        let moved = &app.cookies.moved;
        let cookie = short_lived_cookie(moved, "1", app.is_https(), MOVED_LIFETIME);
        add_cookie(&mut response, &cookie);
        return Ok(response);
    }
    let return_to = return_to(request.uri().query(), &app.site.public_url);
    check_cookies(&app, &request).map_err(|error| error.returning_to(&return_to))?;
    let (state, nonce) = (draw_secret()?, draw_secret()?);
    let login_request = app.oidc.begin_login(state.as_str(), nonce.as_str()).await;
    let login_request =
        login_request.map_err(|error| AppError::from(error).returning_to(&return_to))?;
    let login = PendingLogin {
        provider: app.oidc.provider(),
        nonce: nonce.as_str().to_owned(),
        pkce_verifier: login_request.pkce_verifier,
        return_to,
        save: story_to_save(&request),
    };
    let sealed = app.pending_logins.seal(&state, &login, app.clock.now().as_second());
    let sealed = sealed.ok_or_else(no_randomness)?;
    let mut response = Redirect::to(login_request.url.as_str()).into_response();
    login_cookies::add(&mut response, &app, request.headers(), &state, sealed);
    Ok(response)
}

/// Refuses requests that are not navigations: a picture on any site could begin logins.
fn check_destination(headers: &HeaderMap) -> Result<(), AppError> {
    if is_embedded(headers) {
        let message = "Sign-in must be opened as a page. Open the link in a new tab.";
        return Err(AppError::sign_in(message));
    }
    Ok(())
}

/// Refuses to begin a login again in a browser that keeps no cookies, which would go in circles.
fn check_cookies(app: &AppState, request: &Request) -> Result<(), AppError> {
    let parameters = read_query::<Parameters>(request.uri().query().unwrap_or_default()).ok();
    let is_again = parameters.is_some_and(|parameters| parameters.again.is_some());
    if is_again && !login_cookies::was_begun_again(app, request.headers()) {
        return Err(AppError::sign_in(NO_COOKIES));
    }
    Ok(())
}

fn draw_secret() -> Result<Secret, AppError> {
    Secret::generate().ok_or_else(no_randomness)
}

fn no_randomness() -> AppError {
    AppError::internal("the system has no randomness")
}

/// Returns the story to save after signing in. A link on another site saves nothing (CSRF-02).
fn story_to_save(request: &Request) -> Option<StoryId> {
    let site = request.headers().get("sec-fetch-site").map(HeaderValue::as_bytes);
    if !matches!(site, None | Some(b"same-origin")) {
        return None;
    }
    let parameters = read_query::<Parameters>(request.uri().query().unwrap_or_default()).ok()?;
    parameters.save?.parse().ok()
}

/// Returns the path to return to: one on this site as browsers parse it, else `/` (OAU-07).
fn return_to(query: Option<&str>, public_url: &str) -> String {
    let parameters = read_query::<Parameters>(query.unwrap_or_default()).ok();
    let path = parameters.and_then(|parameters| parameters.return_to);
    path.and_then(|path| local_path(&path, public_url)).unwrap_or_else(|| "/".to_owned())
}

/// Returns the URL at which the login must begin, if not here: its cookie must come back with the
/// callback, which goes to the public origin.
fn public_address(app: &AppState, request: &Request) -> Option<String> {
    let elsewhere = at_public_origin(request.headers(), request.uri(), &app.site.public_url)?;
    // A browser that was sent and is here again has a proxy before us that changes `Host`.
    let was_sent = CookieJar::from_headers(request.headers()).get(&app.cookies.moved).is_some();
    (!was_sent).then_some(elsewhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "https://news.example";

    #[test]
    fn oau_07_only_pages_of_this_site_are_returned_to() {
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
            ("/auth/login", "/"),
            ("/saved/remove", "/"),
            ("/account/sessions/end", "/"),
        ] {
            let encoded: String = url::form_urlencoded::byte_serialize(given.as_bytes()).collect();
            let query = format!("return_to={encoded}");
            assert_eq!(return_to(Some(&query), SITE), expected, "{given}");
        }
        assert_eq!(return_to(Some("return_to=/a&return_to=/b"), SITE), "/");
        assert_eq!(return_to(None, SITE), "/");
        let long =
            |text: &str| return_to(Some(&format!("return_to=/{}", text.repeat(1_000))), SITE);
        assert_eq!(long("a").len(), 1_001);
        assert_eq!(long("%C3%A9"), "/", "too long once it is encoded");
    }
}
