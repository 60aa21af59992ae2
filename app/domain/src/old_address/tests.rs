use proptest::prelude::*;

use super::*;

fn parsed(text: &str) -> String {
    OldAddress::parse(text).map_or_else(|error| format!("refused: {error}"), String::from)
}

#[test]
fn every_spelling_of_an_address_is_the_same() {
    for (text, expected) in [
        ("/2019/old", "/2019/old"),
        (" /2019/old/ ", "/2019/old"),
        ("/2019/old/index.html", "/2019/old"),
        ("/2019/old//", "/2019/old"),
        ("/old/?", "/old"),
        ("/Old", "/Old"),
        ("/caf%C3%A9", "/caf\u{e9}"),
        ("/cafe\u{301}", "/caf\u{e9}"),
        ("/cafe%cc%81/", "/caf\u{e9}"),
        ("/%E3%83%8B%E3%83%A5%E3%83%BC%E3%82%B9", "/\u{30cb}\u{30e5}\u{30fc}\u{30b9}"),
        ("/a%20b", "/a%20b"),
        ("/a b", "/a%20b"),
        ("/a%20/", "/a%20"),
        ("/%E3%80%80", "/%E3%80%80"),
        ("/a%2fb%3Fc%23d%25e", "/a%2Fb%3Fc%23d%25e"),
        ("/%ff%zz", "/%FF%25zz"),
        ("/?p=12", "/?p=12"),
        ("/index.html?p=12", "/?p=12"),
        ("/index.php?p=12", "/index.php?p=12"),
        ("/?cat=%D1%8F%26b", "/?cat=\u{44f}%26b"),
        ("/?q=a/index.html", "/?q=a/index.html"),
        ("/news/old-slug", "/news/old-slug"),
        ("/tag/old/", "/tag/old"),
        ("/desks", "/desks"),
    ] {
        assert_eq!(parsed(text), expected, "{text}");
    }
}

#[test]
fn refused_addresses_say_why() {
    for (text, expected) in [
        ("", "is not a path"),
        ("old", "is not a path"),
        ("https://old.example/a", "without its host"),
        ("//evil.example/a", "without its host"),
        ("/a#part", "fragment"),
        ("/a%00b", "U+0000"),
        ("/a%0d%0aSet-Cookie:x", "U+000D"),
        ("/a\tb", "U+0009"),
        ("/a\u{202e}b", "U+202E"),
        ("/", "is a page of this site"),
        ("/index.html", "is a page of this site"),
        ("/?utm_source=mail", "is the front page, whose redirects are those of the parameters p,"),
        ("/?pp=1", "is the front page"),
        ("/news", "is a page of this site"),
        ("/news/?page=2", "is a page of this site"),
        ("/desk/", "is a page of this site"),
        ("/d%65sk", "is a page of this site"),
        ("/assets/site.css", "is a page of this site"),
        ("/saved/remove", "is a page of this site"),
        ("/auth/anything/below", "is a page of this site"),
    ] {
        let answer = parsed(text);
        assert!(answer.starts_with("refused: ") && answer.contains(expected), "{text:?}: {answer}");
    }
    let long = format!("/{}", "\u{44f}".repeat(1_000));
    assert!(parsed(&long).contains("has 2001 bytes; at most 2000"), "{}", parsed(&long));
    assert!(OldAddress::parse(&format!("/x{}", "\u{44f}".repeat(999))).is_ok());
}

#[test]
fn a_request_is_looked_up_with_its_query_and_without() {
    let of = |path, query| -> Vec<String> {
        OldAddress::of_request(path, query).into_iter().map(String::from).collect()
    };
    assert_eq!(of("/a/", Some("x=1")), ["/a?x=1", "/a"]);
    assert_eq!(of("/a/index.html", None), ["/a"]);
    assert_eq!(of("/", Some("p=12")), ["/?p=12"]);
    for (path, query) in [
        ("/", None),
        ("/", Some("fbclid=1")),
        ("/index.html", Some("=p")),
        ("/", Some("")),
        ("//evil.example", None),
        ("/a%00", None),
        ("*", None),
    ] {
        assert!(of(path, query).is_empty(), "{path}");
    }
    assert!(of(&format!("/{}", "a".repeat(2_000)), None).is_empty());
}

/// Texts in which escapes, slashes and combining characters are frequent.
fn addresses() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("/".to_owned()),
        Just("%".to_owned()),
        Just("?".to_owned()),
        Just("index.html".to_owned()),
        Just("e\u{301}".to_owned()),
        "%[0-9a-fA-F]{2}",
        Just("%20".to_owned()),
        Just("\u{3000}".to_owned()),
        "[a-z0-9]{1,3}",
        "\\PC{1,3}",
        ".{1,2}",
    ];
    proptest::collection::vec(part, 0..12).prop_map(|parts| format!("/{}", parts.concat()))
}

proptest! {
    #[test]
    fn the_normal_form_is_its_own(text in addresses()) {
        let once = OldAddress::canonical(&text);
        prop_assert_eq!(OldAddress::canonical(once.as_str()), once.clone());
        if let Ok(address) = OldAddress::parse(&text) {
            prop_assert_eq!(OldAddress::try_from(address.as_str().to_owned()).ok(), Some(address.clone()));
            prop_assert!(address.as_str().starts_with('/') && !address.as_str().starts_with("//"));
        }
    }

    #[test]
    fn a_request_for_an_address_finds_it(text in addresses()) {
        if let Ok(address) = OldAddress::parse(&text) {
            let found = OldAddress::of_request(address.path(), address.query());
            prop_assert_eq!(found.first(), Some(&address));
        }
    }

    #[test]
    fn no_text_panics(text in ".*", query in ".*") {
        let _ = OldAddress::parse(&text);
        let _ = OldAddress::of_request(&text, Some(&query));
    }
}
