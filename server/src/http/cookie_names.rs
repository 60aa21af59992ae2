//! Names of the site's cookies.

/// Names of the site's cookies.
#[derive(Clone, Debug)]
pub struct CookieNames {
    /// Session cookie.
    pub session: String,
    /// Cookie that binds a saved form to the browser that sent it.
    pub saved_form: String,
    /// Beginning of the names of the cookies with logins in progress.
    pub login_prefix: String,
    /// Cookie that notes that the browser was sent to the public origin.
    pub moved: String,
}

impl CookieNames {
    /// Returns the names at an origin.
    pub fn of(public_url: &str) -> Self {
        let base = if public_url.starts_with("https://") { "__Host-gazette" } else { "gazette" };
        Self {
            session: base.to_owned(),
            saved_form: format!("{base}-form"),
            login_prefix: format!("{base}-login-"),
            moved: format!("{base}-moved"),
        }
    }
}

/// Returns whether a cookie is the session's at any origin.
pub(in crate::http) fn is_session_cookie(name: &[u8]) -> bool {
    matches!(name, b"__Host-gazette" | b"gazette")
}
