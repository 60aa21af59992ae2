use proptest::prelude::*;

use super::*;
use crate::percent_encoding::encoded;

#[test]
fn a_target_is_a_path_or_an_https_url() {
    let path = |text: &str| Ok(RedirectTarget::Path(text.to_owned()));
    let url = |text: &str| Ok(RedirectTarget::Url(text.to_owned()));
    for good in ["/", "/news/new", "/news/new?a=1#part", "/\u{30cb}\u{30e5}", "/a%2F%2Fb", "/a b"] {
        assert_eq!(RedirectTarget::parse(good), path(good), "{good}");
    }
    for good in
        ["https://example.com", "https://example.com:8443/a?b#c", "https://xn--bcher-kva.example/"]
    {
        assert_eq!(RedirectTarget::parse(good), url(good), "{good}");
    }
}

#[test]
fn targets_that_lead_astray_are_refused() {
    for bad in [
        "",
        "news",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil",
        "http://example.com/",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://",
        "https:///evil",
        "https://user@evil.example/",
        "https://b\u{fc}cher.example/",
        "https:/evil.example",
        "HTTPS://example.com",
        "/a/../b",
        "/a/%2e%2e/b",
        "/./a",
        "/auth/login",
        "/auth",
        "/%61uth/login",
        "/a\u{202e}b",
        "/a\0",
    ] {
        let error = RedirectTarget::parse(bad).expect_err(bad);
        assert_eq!(error.field().0, "to", "{bad}");
    }
    assert!(RedirectTarget::parse(&format!("/{}", "a".repeat(2_000))).is_err());
}

#[test]
fn a_status_decides_about_the_target() {
    let field = |to, status| Redirect::by_hand("/old", to, status).map_err(|e| e.field().0);
    assert!(field("/new", "301").is_ok() && field("", " 410 ").is_ok());
    assert_eq!(field("", "301").map(|_| ()), Err("to"));
    assert_eq!(field("/new", "410").map(|_| ()), Err("to"));
    assert_eq!(field("/new", "302").map(|_| ()), Err("status"));
}

#[test]
fn a_query_comes_before_the_fragment() {
    assert_eq!(with_query("/a", Some("x=1")), "/a?x=1");
    assert_eq!(with_query("/a#part", Some("x=1")), "/a?x=1#part");
    assert_eq!(with_query("/a?b", Some("x=1")), "/a?b");
    assert_eq!(with_query("/a#part", None), "/a#part");
    assert_eq!(with_query("/a", Some("")), "/a");
}

#[test]
fn locations_are_percent_encoded_once() {
    assert_eq!(encoded("/\u{444} b%2Fc%zz\"<"), "/%D1%84%20b%2Fc%25zz%22%3C");
    assert_eq!(encoded("/a?b=c&d#e"), "/a?b=c&d#e");
}

proptest! {
    #[test]
    fn a_location_stays_on_this_site_or_is_the_stored_url(text in "[/\\\\:@.%?#a\t\u{444}-]{0,12}|.*", query in ".{0,20}") {
        let (is_path, target) = match RedirectTarget::parse(&text) {
            Ok(RedirectTarget::Path(path)) => (true, path),
            Ok(RedirectTarget::Url(url)) => (false, url),
            _ => return Ok(()),
        };
        let location = encoded(&with_query(&target, Some(&query)));
        prop_assert!(location.bytes().all(|byte| byte.is_ascii_graphic()));
        prop_assert!(!location.contains('\\'));
        if is_path {
            prop_assert!(location.starts_with('/') && !location.starts_with("//"));
        } else {
            prop_assert!(location.starts_with("https://"));
        }
        prop_assert_eq!(encoded(&location), location.clone());
    }
}
