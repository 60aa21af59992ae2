//! Tests of every route in the route table: cross-site requests change nothing, and neither do
//! safe methods.

use axum::http::{Method, StatusCode};
use gazette_domain::ROUTES;

use crate::browser::Browser;
use crate::world::{SITE, World};

/// Returns the paths of the route table, each with its methods but HEAD.
pub(crate) fn routes() -> Vec<(String, Vec<Method>)> {
    let mut routes: Vec<(String, Vec<Method>)> = Vec::new();
    for route in ROUTES {
        let names = route.method.names().iter().filter(|name| **name != "HEAD");
        let methods = names.map(|name| name.parse().expect("a method"));
        match routes.iter_mut().find(|(path, _)| path == route.path) {
            Some((_, known)) => known.extend(methods),
            None => routes.push((route.path.to_owned(), methods.collect())),
        }
    }
    routes
}

/// Returns a path that matches the route.
pub(crate) fn address(path: &str) -> String {
    path.split('/')
        .map(|segment| match segment {
            "{name}" => "story-0",
            "{slug}" => "world",
            segment if segment.starts_with('{') => "x",
            segment => segment,
        })
        .collect::<Vec<_>>()
        .join("/")
}

#[test]
fn the_matrix_contains_the_routes_that_change_data() {
    let routes = routes();
    let takes = |path: &str, method: Method| {
        routes.iter().any(|(known, methods)| known == path && methods.contains(&method))
    };
    assert!(takes("/news", Method::DELETE) && takes("/news/{name}", Method::DELETE));
    assert!(takes("/desk/delete", Method::POST) && takes("/auth/logout", Method::POST));
    assert!(!takes("/auth/logout", Method::GET) && !takes("/healthz", Method::POST));
}

#[tokio::test]
async fn csrf_02_no_other_site_can_change_data_through_any_route() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let before = world.table.dump().await;
    let foreign: [&[(&str, &str)]; 9] = [
        &[],
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
        &[("origin", "http://localhost:3001")],
        &[("origin", "https://localhost:3000")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", SITE)],
        &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
    ];
    let mut requests = 0;
    for (path, _) in routes() {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            for headers in foreign {
                let path = address(&path);
                let answer = ada.send(method.clone(), &path, headers, "all=yes&word=delete").await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path} {headers:?}");
                requests += 1;
            }
        }
    }
    assert!(requests > 700, "{requests}");
    assert_eq!(ada.get("/auth/me").await.status, StatusCode::OK, "still signed in");
    assert_eq!(world.table.dump().await, before);
}

/// `SameSite` counts a sibling subdomain as the same site, so browsers send the cookie. The origin
/// checks alone must reject the request, from old and new browsers.
#[tokio::test]
async fn bff_03_a_sibling_origin_with_the_cookie_changes_nothing_through_any_route() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let before = world.table.dump().await;
    let siblings: [&[(&str, &str)]; 4] = [
        &[("sec-fetch-site", "same-site"), ("origin", "http://blog.localhost:3000")],
        &[("sec-fetch-site", "same-site"), ("origin", "http://localhost:4000")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "http://blog.localhost:3000")],
    ];
    for (path, methods) in routes() {
        for method in methods.into_iter().filter(|method| *method != Method::GET) {
            for headers in siblings {
                let form = "all=yes&word=delete&id=x&session=x&sub=x";
                let answer = ada.send(method.clone(), &address(&path), headers, form).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path} {headers:?}");
            }
        }
    }
    assert_eq!(world.table.dump().await, before);
    let own = [("sec-fetch-site", "same-origin"), ("origin", SITE)];
    let answer = ada.send(Method::DELETE, "/news", &own, "").await;
    assert_eq!(answer.status, StatusCode::OK, "the site itself may use the cookie");
}

#[tokio::test]
async fn csrf_01_no_safe_method_changes_data_through_any_route() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let before = world.table.dump().await;
    for (path, _) in routes() {
        // Starting a sign-in stores the pending login.
        if path == "/auth/login" {
            continue;
        }
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            for query in ["", "?all=yes&word=delete&ids=x", "?code=x&state=y"] {
                let path = format!("{}{query}", address(&path));
                ada.send(method.clone(), &path, &[("origin", SITE)], "").await;
            }
        }
    }
    assert_eq!(ada.get("/auth/me").await.status, StatusCode::OK, "still signed in");
    assert_eq!(world.table.dump().await, before);
}

#[tokio::test]
async fn csrf_03_unknown_routes_check_the_origin_and_news_accepts_only_json() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let plain = [("origin", SITE), ("content-type", "text/plain")];
    let answer = ada.send(Method::POST, "/news", &plain, r#"{"headline":"x","body":"x"}"#).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let unknown_route = ada.send(Method::POST, "/nowhere", &[], "").await;
    assert_eq!(unknown_route.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn csrf_05_no_route_sends_cors_headers() {
    let world = World::peopled().await;
    for (path, methods) in routes() {
        let headers = [
            ("origin", "https://evil.example"),
            ("access-control-request-method", methods[0].as_str()),
        ];
        let mut browser = Browser::new(&world);
        for method in [Method::OPTIONS, Method::GET] {
            let answer = browser.send(method, &address(&path), &headers, "").await;
            let is_cors_header =
                |name: &axum::http::HeaderName| name.as_str().starts_with("access-control");
            assert!(!answer.headers.keys().any(is_cors_header), "{path}");
        }
    }
}
