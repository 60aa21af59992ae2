//! Cookies with logins in progress: one for each tab that is at the hosted UI.

use axum::http::HeaderMap;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use time::Duration;

use crate::auth::{PendingLogins, Secret};
use crate::http::cookie_names::CookieNames;
use crate::http::reply::{add_cookie, expired_cookie, short_lived_cookie};
use crate::http::state::AppState;

const LIFETIME: Duration =
    Duration::seconds(PendingLogins::LIFETIME_SECONDS + PendingLogins::RETURN_SECONDS);
/// Time after an automatic attempt in which there is no second one.
const AGAIN_LIFETIME: Duration = Duration::minutes(1);
/// Logins that one browser may have in progress.
const MAX_LOGINS: usize = 8;
/// Total size of their cookies, well below the limit on the headers of a request.
const MAX_TOTAL_BYTES: usize = 8 * 1024;
/// Characters of the hash of the state in the name of a cookie.
const HASH_CHARACTERS: usize = 8;

/// Adds the cookie of a login and removes the oldest ones beyond the limits.
pub(in crate::http) fn add(
    response: &mut Response,
    app: &AppState,
    headers: &HeaderMap,
    state: &Secret,
    sealed: String,
) {
    let https = app.is_https();
    for name in superfluous(&app.cookies, headers, sealed.len()) {
        add_cookie(response, &expired_cookie(&name, https));
    }
    let name = name(&app.cookies, state);
    add_cookie(response, &short_lived_cookie(&name, sealed, https, LIFETIME));
}

/// Returns the sealed login of a state.
pub(in crate::http) fn find(app: &AppState, headers: &HeaderMap, state: &Secret) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(&name(&app.cookies, state)).map(|cookie| cookie.value().to_owned())
}

/// Replaces a login that has had its attempt by the path to return to, if that is known.
pub(in crate::http) fn spend(
    response: &mut Response,
    app: &AppState,
    state: &Secret,
    return_to: Option<&str>,
) {
    let (name, now) = (name(&app.cookies, state), app.clock.now().as_second());
    let sealed = return_to.and_then(|path| app.pending_logins.seal_return(state, path, now));
    let cookie = match sealed {
        Some(sealed) => short_lived_cookie(&name, sealed, app.is_https(), LIFETIME),
        None => expired_cookie(&name, app.is_https()),
    };
    add_cookie(response, &cookie);
}

/// Notes that a login was begun again without asking, which must not go in circles.
pub(in crate::http) fn note_again(response: &mut Response, app: &AppState) {
    let cookie = short_lived_cookie(&app.cookies.again, "1", app.is_https(), AGAIN_LIFETIME);
    add_cookie(response, &cookie);
}

/// Returns whether a login was begun again a moment ago.
pub(in crate::http) fn was_begun_again(app: &AppState, headers: &HeaderMap) -> bool {
    CookieJar::from_headers(headers).get(&app.cookies.again).is_some()
}

/// Forgets the note, after a login that was completed.
pub(in crate::http) fn forget_again(response: &mut Response, app: &AppState) {
    add_cookie(response, &expired_cookie(&app.cookies.again, app.is_https()));
}

fn name(names: &CookieNames, state: &Secret) -> String {
    let hash: String = state.hash().chars().take(HASH_CHARACTERS).collect();
    format!("{}{hash}", names.login_prefix)
}

/// Returns the names of the oldest cookies that leave no room for another one of `bytes`.
fn superfluous(names: &CookieNames, headers: &HeaderMap, bytes: usize) -> Vec<String> {
    let jar = CookieJar::from_headers(headers);
    let mut logins: Vec<_> = jar
        .iter()
        .filter(|cookie| cookie.name().starts_with(&names.login_prefix))
        .map(|cookie| {
            let size = cookie.name().len() + cookie.value().len();
            (PendingLogins::expires_at(cookie.value()), size, cookie.name().to_owned())
        })
        .collect();
    // The newest first; malformed ones are the oldest.
    logins.sort_unstable_by(|left, right| right.cmp(left));
    let (mut count, mut total) = (1, bytes);
    let has_room = |(_, size, _): &(Option<i64>, usize, String)| {
        count += 1;
        total += size;
        count <= MAX_LOGINS && total <= MAX_TOTAL_BYTES
    };
    let kept = logins.iter().map(has_room).take_while(|kept| *kept).count();
    logins.split_off(kept).into_iter().map(|(_, _, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE;

    use super::*;

    fn removed(cookies: &[(String, String)]) -> Vec<String> {
        let pairs: Vec<String> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, pairs.join("; ").parse().expect("a header"));
        superfluous(&CookieNames::of("https://news.example"), &headers, 500)
    }

    fn login(number: usize, size: usize) -> (String, String) {
        let name = format!("__Host-gazette-login-{number:08}");
        (name, format!("{}.{}", 1_000 + number, "x".repeat(size)))
    }

    #[test]
    fn oau_03_a_browser_has_at_most_eight_logins_and_the_oldest_goes_first() {
        let logins: Vec<_> = (0..7).map(|number| login(number, 100)).collect();
        assert!(removed(&logins).is_empty());
        let logins: Vec<_> = (0..10).map(|number| login(number, 100)).collect();
        let names = [2, 1, 0].map(|number| login(number, 0).0);
        assert_eq!(removed(&logins), names);
    }

    #[test]
    fn oau_03_large_and_malformed_login_cookies_make_room() {
        let logins: Vec<_> = (0..5).map(|number| login(number, 3_000)).collect();
        assert_eq!(removed(&logins).len(), 3);
        let broken = ("__Host-gazette-login-x".to_owned(), "x".repeat(8_000));
        let other = ("__Host-gazette-form".to_owned(), "x".repeat(8_000));
        let logins = [broken.clone(), login(1, 100), other];
        assert_eq!(removed(&logins), [broken.0]);
    }
}
