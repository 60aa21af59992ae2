//! Kinds of URLs in a story.

use gazette_domain::{ImageName, SIGN_IN_PREFIX};

/// Beginning of the paths of stored pictures.
const STORED_PICTURES: &str = "/images/";

/// Checks whether a URL is a path on this site.
pub(super) fn is_local(url: &str) -> bool {
    // Browsers ignore control characters and treat a backslash as a slash.
    let is_forbidden = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
    url.starts_with('/') && !url.starts_with("//") && !url.contains(is_forbidden)
}

/// Checks whether a local path is below that of the stored pictures, but not the name of one: it
/// came from another site, and shows nothing here.
pub(super) fn is_unstored(path: &str) -> bool {
    path.starts_with(STORED_PICTURES) && ImageName::of_path(path).is_none()
}

/// Checks whether a URL is a path on this site or the URL of another site.
pub(super) fn is_web(url: &str) -> bool {
    let has_scheme = |scheme: &str| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    is_local(url) || has_scheme("https://") || has_scheme("http://")
}

/// Checks whether a URL is relative to the URL of the page.
pub(super) fn is_relative(url: &str) -> bool {
    let has_scheme = url.split(['/', '?', '#']).next().is_some_and(|start| start.contains(':'));
    !has_scheme && !url.starts_with('/') && !url.starts_with('#')
}

/// Checks whether a local path is one of the sign-in, which no picture of a story may request.
pub(super) fn is_sign_in(path: &str) -> bool {
    let base = url::Url::parse("http://localhost").and_then(|base| base.join(path));
    base.is_ok_and(|url| url.path().starts_with(SIGN_IN_PREFIX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_sign_in_are_found_in_any_spelling() {
        for path in ["/auth/login", "/auth/", "/a/../auth/login", "/./auth/login?return_to=/"] {
            assert!(is_sign_in(path), "{path}");
        }
        for path in ["/auth.png", "/a/auth/x.png", "/authors/a.png", "/x?/auth/"] {
            assert!(!is_sign_in(path), "{path}");
        }
    }
}
