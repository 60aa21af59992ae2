//! Kinds of URLs in a story.

use std::borrow::Cow;

use gazette_domain::{ImageName, SIGN_IN_PREFIX};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Beginning of the paths of stored pictures.
const STORED_PICTURES: &str = "/images/";

/// Checks whether a URL is a path on this site.
pub(super) fn is_local(url: &str) -> bool {
    // Browsers ignore control characters and treat a backslash as a slash.
    let is_forbidden = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
    url.starts_with('/') && !url.starts_with("//") && !url.contains(is_forbidden)
}

/// Returns a URL of this site as a path, which is what a story has of its pictures.
pub(super) fn without_origin(url: String, origin: Option<&str>) -> String {
    let path = origin.and_then(|origin| url.strip_prefix(origin));
    path.filter(|path| is_local(path)).map(str::to_owned).unwrap_or(url)
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

/// Returns a URL with the characters escaped that a valid one cannot have; `None` if it is none.
pub(super) fn valid_url(url: &str) -> Option<Cow<'_, str>> {
    let base = url::Url::parse("http://localhost").ok()?;
    base.join(url).ok()?;
    let url = url.trim();
    // The brackets of an address of IPv6 stay as they are.
    let host = url.find("//").map_or(0, |start| start + 2);
    let path = url
        .get(host..)
        .and_then(|rest| rest.find(['/', '?', '#']))
        .map_or(url.len(), |at| host + at);
    let path = if host == 0 { 0 } else { path };
    let (before, rest) = url.split_at_checked(path)?;
    let mut has_fragment = false;
    let is_valid = rest.char_indices().all(|(at, c)| {
        let is_first = c != '#' || !has_fragment;
        has_fragment |= c == '#';
        is_first && is_url_character(c, rest.get(at + 1..).unwrap_or_default())
    });
    if is_valid {
        return Some(Cow::Borrowed(url));
    }
    let mut escaped = before.to_owned();
    let mut has_fragment = false;
    for (at, c) in rest.char_indices() {
        let is_repeated = c == '#' && has_fragment;
        has_fragment |= c == '#';
        if !is_repeated && is_url_character(c, rest.get(at + 1..).unwrap_or_default()) {
            escaped.push(c);
        } else {
            escaped.extend(utf8_percent_encode(c.encode_utf8(&mut [0; 4]), NON_ALPHANUMERIC));
        }
    }
    Some(Cow::Owned(escaped))
}

/// Returns whether a URL may have a character (the URL code points of the URL standard).
fn is_url_character(c: char, after: &str) -> bool {
    match c {
        '%' => after.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2,
        '#' => true,
        _ if c.is_ascii() => c.is_ascii_alphanumeric() || "!$&'()*+,-./:;=?@_~".contains(c),
        _ => !c.is_control() && !matches!(u32::from(c) & 0xffff, 0xfffe | 0xffff),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_become_valid_ones() {
        for (url, expected) in [
            ("https://a.example/?channels=##rust", "https://a.example/?channels=#%23rust"),
            (
                "https://a.example/a b|c{d}[e]\"^`",
                "https://a.example/a%20b%7Cc%7Bd%7D%5Be%5D%22%5E%60",
            ),
            ("https://[::1]:8/x[1]", "https://[::1]:8/x%5B1%5D"),
            ("/news/橋?q=1%2", "/news/橋?q=1%252"),
            ("#a b", "#a%20b"),
            ("mailto:a b@c.example", "mailto:a%20b@c.example"),
            ("https://a.example/%E6%A9%8B#x", "https://a.example/%E6%A9%8B#x"),
        ] {
            assert_eq!(valid_url(url).as_deref(), Some(expected));
        }
        assert_eq!(valid_url("https://a b.example/"), None);
        assert_eq!(valid_url("http://"), None);
    }

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
