use std::collections::HashSet;

use super::*;

#[test]
fn web_05_the_paths_of_the_sign_in_area_have_their_prefix() {
    for route in ROUTES {
        let has_prefix = route.path.starts_with(SIGN_IN_PREFIX);
        assert_eq!(has_prefix, route.area == Area::SignIn, "{}", route.path);
    }
}

#[test]
fn no_method_and_path_is_in_the_table_twice() {
    let mut seen = HashSet::new();
    for route in ROUTES {
        for method in route.method.names() {
            assert!(seen.insert((*method, route.path)), "{method} {}", route.path);
        }
    }
}

#[test]
fn unsafe_methods_need_an_action_unless_they_change_the_browser_only() {
    for route in ROUTES.iter().filter(|route| !route.method.is_safe()) {
        let changes_cookies = [Endpoint::Logout, Endpoint::ChooseTheme].contains(&route.endpoint);
        let is_public = route.action.is_none_or(Action::is_public);
        assert!(changes_cookies || !is_public, "{route:?}");
    }
}

#[test]
fn members_and_the_newsroom_are_never_public() {
    for route in ROUTES.iter().filter(|r| matches!(r.area, Area::Member | Area::Newsroom)) {
        assert!(route.action.is_some_and(|action| !action.is_public()), "{route:?}");
    }
}

#[test]
fn every_action_has_a_route() {
    for action in Action::ALL {
        assert!(ROUTES.iter().any(|route| route.action == Some(action)), "{action:?}");
    }
}

#[test]
fn a_variable_of_a_path_is_a_whole_segment() {
    // The Lambda authorizer's wildcards depend on this, and `Endpoint::path_with` on there being
    // one; `Month::path` makes the other path.
    for route in ROUTES {
        let names = route.path.split('/').filter(|segment| segment.contains(['{', '}']));
        let names: Vec<_> = names.collect();
        assert!(names.len() <= 1 || route.endpoint == Endpoint::ArchiveMonth, "{route:?}");
        assert!(names.iter().all(|name| name.starts_with('{') && name.ends_with('}')), "{route:?}");
    }
    assert_eq!(Endpoint::Section.path_with("world"), "/section/world");
    assert_eq!(Endpoint::Tag.path_with("橋"), "/tag/%E6%A9%8B");
    assert_eq!(Endpoint::TagAtom.path_with("橋"), "/tag/%E6%A9%8B/feed.atom");
    assert_eq!(Endpoint::AtomFeed.path_with("x"), "/feed.atom");
    assert_eq!(Endpoint::find(Method::Post, "/desk/delete"), Some(Endpoint::DeleteStories));
    assert_eq!(Endpoint::find(Method::Get, "/tag/a/feed.rss"), Some(Endpoint::TagRss));
    assert_eq!(Endpoint::find(Method::Get, "/nowhere"), None);
}

#[test]
fn a_path_is_matched_segment_by_segment() {
    for (path, area) in [
        ("/", Some(Area::Reader)),
        ("/news/a-story", Some(Area::Reader)),
        ("/news/", None),
        ("/news/a/b", None),
        ("/section/a/feed.json", Some(Area::Reader)),
        ("/section//feed.json", None),
        ("/section/a/feed.xml", None),
        ("/desk/trash", Some(Area::Newsroom)),
        ("/auth/login", Some(Area::SignIn)),
        ("/auth/", None),
        ("", None),
        ("news", None),
    ] {
        assert_eq!(Area::of_path(path), area, "{path}");
    }
}
