//! Checks that a page of the pool sent a form. The port is not part of a cookie, so that a page of
//! another port could have set the CSRF cookie.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};

/// Checks that no page of another origin than the pool's sent a request. Programs send neither of
/// the headers; a browser sends `Origin: null` for pages without a referrer, as the pool's are.
pub(super) fn is_from_own_page(headers: &HeaderMap, own: &str) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter().peekable();
    if sites.peek().is_some() {
        return sites.all(|site| site == "same-origin" || site == "none");
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let of_host = host.map(|host| format!("http://{host}"));
    headers.get_all(ORIGIN).iter().all(|origin| {
        let Ok(origin) = origin.to_str() else { return false };
        origin == "null"
            || origin == own
            || of_host.as_ref().is_some_and(|host| host.eq_ignore_ascii_case(origin))
    })
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn is_accepted(headers: &[(&'static str, &'static str)]) -> bool {
        let header = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let mut map: HeaderMap = headers.iter().map(header).collect();
        map.insert(HOST, HeaderValue::from_static("127.0.0.1:4000"));
        is_from_own_page(&map, "http://localhost:4000")
    }

    #[test]
    fn pool_07_a_form_of_another_origin_is_told_apart() {
        let (site, origin) = ("sec-fetch-site", "origin");
        for own in [
            &[][..],
            &[(site, "same-origin")],
            &[(site, "none")],
            &[(site, "same-origin"), (origin, "null")],
            &[(origin, "null")],
            &[(origin, "http://localhost:4000")],
            &[(origin, "http://127.0.0.1:4000")],
        ] {
            assert!(is_accepted(own), "{own:?}");
        }
        for other in [
            &[(site, "cross-site")][..],
            &[(site, "same-site")],
            &[(site, "same-site"), (origin, "http://localhost:4000")],
            &[(origin, "http://localhost:3000")],
            &[(origin, "https://127.0.0.1:4000")],
            &[(origin, "https://evil.example")],
            &[(origin, "")],
        ] {
            assert!(!is_accepted(other), "{other:?}");
        }
    }
}
