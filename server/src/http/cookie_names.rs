//! Names of the site's cookies.

use url::Url;

const HTTPS_SESSION: &str = "__Host-gazette";
const HTTP_PREFIX: &str = "gazette-";

/// Time for which a browser remembers the theme, in seconds.
pub(in crate::http) const THEME_SECONDS: i64 = 365 * 24 * 60 * 60;

/// Names of the site's cookies.
///
/// Browsers share cookies between the ports of a host, so the names on plain http contain the
/// port. Two sites on one computer then keep their sessions apart.
#[derive(Clone, Debug)]
pub(crate) struct CookieNames {
    /// Session cookie.
    pub(crate) session: String,
    /// Cookie that binds a saved form to the browser that sent it.
    pub(crate) saved_form: String,
    /// Cookie that remembers who signed in on the browser, sealed.
    pub(crate) person: String,
    /// Beginning of the names of the cookies with logins in progress.
    pub(crate) login_prefix: String,
    /// Cookie with the theme that the reader chose.
    pub(crate) theme: String,
    /// Cookie that notes that the browser was sent to the public origin.
    pub(crate) moved: String,
    /// Cookie that notes that a login was begun again without asking.
    pub(crate) again: String,
}

impl CookieNames {
    /// Returns the names at an origin.
    pub(crate) fn of(public_url: &str) -> Self {
        let url = Url::parse(public_url).ok().filter(|url| url.scheme() == "http");
        let session = match url.and_then(|url| url.port_or_known_default()) {
            Some(port) => format!("{HTTP_PREFIX}{port}"),
            None => HTTPS_SESSION.to_owned(),
        };
        Self {
            saved_form: format!("{session}-form"),
            person: format!("{session}-person"),
            login_prefix: format!("{session}-login-"),
            theme: format!("{session}-theme"),
            moved: format!("{session}-moved"),
            again: format!("{session}-again"),
            session,
        }
    }
}

/// Returns whether a cookie is the session's, of this site or of another on the same host.
pub(in crate::http) fn is_session_cookie(name: &[u8]) -> bool {
    let port = name.strip_prefix(HTTP_PREFIX.as_bytes());
    let is_port = |port: &[u8]| !port.is_empty() && port.iter().all(u8::is_ascii_digit);
    name == HTTPS_SESSION.as_bytes() || port.is_some_and(is_port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_on_plain_http_contain_the_port() {
        for (public_url, session) in [
            ("http://localhost:3000", "gazette-3000"),
            ("http://127.0.0.1", "gazette-80"),
            ("http://[::1]:8080", "gazette-8080"),
            ("https://news.example", "__Host-gazette"),
            ("https://localhost:3443", "__Host-gazette"),
        ] {
            let names = CookieNames::of(public_url);
            assert_eq!(names.session, session);
            assert!(is_session_cookie(session.as_bytes()));
            let CookieNames { saved_form, person, login_prefix, theme, moved, again, .. } = names;
            for name in [saved_form, person, login_prefix, theme, moved, again] {
                assert!(name.starts_with(session) && !is_session_cookie(name.as_bytes()));
            }
        }
    }
}
