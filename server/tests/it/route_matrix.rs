//! Every route of the route table, as its source lists them: what other sites may do by it,
//! and that reading changes nothing.

use axum::http::{Method, StatusCode};

use crate::browser::Browser;
use crate::world::{SITE, World};

const ROUTE_TABLE: &str = include_str!("../../src/http/router.rs");

/// The addresses of the route table with the methods that each takes.
pub(crate) fn routes() -> Vec<(String, Vec<Method>)> {
    let lines = ROUTE_TABLE.split(".route(\"").skip(1);
    let routes: Vec<(String, Vec<Method>)> = lines
        .map(|line| {
            let (path, rest) = line.split_once('"').expect("a path");
            // What follows the last route of a chain is not a part of it.
            let handlers = rest.split(".fallback(").next().unwrap_or(rest);
            let handlers = handlers.split(".layer(").next().unwrap_or(handlers);
            let methods = [
                ("get(", Method::GET),
                ("post(", Method::POST),
                ("put(", Method::PUT),
                ("patch(", Method::PATCH),
                ("delete(", Method::DELETE),
            ];
            let taken = |call: &str| {
                handlers.match_indices(call).any(|(at, _)| {
                    let before = handlers[..at].chars().next_back().unwrap_or(' ');
                    !before.is_alphanumeric() && before != '_'
                })
            };
            let methods = methods.into_iter().filter(|(call, _)| taken(call));
            (path.to_owned(), methods.map(|(_, method)| method).collect())
        })
        .collect();
    assert!(routes.len() > 20, "the route table is written in another way: {routes:?}");
    assert!(routes.iter().all(|(_, methods)| !methods.is_empty()), "{routes:?}");
    routes
}

/// An address that the route answers to.
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
fn the_matrix_knows_the_routes_that_change_something() {
    let routes = routes();
    let takes = |path: &str, method: Method| {
        routes.iter().any(|(known, methods)| known == path && methods.contains(&method))
    };
    assert!(takes("/news", Method::DELETE) && takes("/news/{name}", Method::DELETE));
    assert!(takes("/desk/delete", Method::POST) && takes("/auth/logout", Method::POST));
    assert!(!takes("/auth/logout", Method::GET) && !takes("/healthz", Method::POST));
}

#[tokio::test]
async fn csrf_02_no_other_site_changes_anything_by_any_route() {
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
    let mut tried = 0;
    for (path, _) in routes() {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            for headers in foreign {
                let path = address(&path);
                let answer = ada.send(method.clone(), &path, headers, "all=yes&word=delete").await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path} {headers:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 700, "{tried}");
    assert_eq!(ada.get("/auth/me").await.status, StatusCode::OK, "still signed in");
    assert_eq!(world.table.dump().await, before);
}

/// To `SameSite` a sibling is the same site, so browsers send it the cookie; the rest of the
/// defence must refuse it by itself, from browsers of every age.
#[tokio::test]
async fn bff_03_a_sibling_that_is_sent_the_cookie_changes_nothing_by_any_route() {
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
    assert_eq!(answer.status, StatusCode::OK, "the cookie is good for the site itself");
}

#[tokio::test]
async fn csrf_01_no_safe_method_changes_anything_by_any_route() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let before = world.table.dump().await;
    for (path, _) in routes() {
        // Signing in begins with a link, and keeps what it must for the way back.
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
async fn csrf_03_a_route_that_is_not_there_refuses_like_the_others_and_takes_no_other_body() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let plain = [("origin", SITE), ("content-type", "text/plain")];
    let answer = ada.send(Method::POST, "/news", &plain, r#"{"headline":"x","body":"x"}"#).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let nowhere = ada.send(Method::POST, "/nowhere", &[], "").await;
    assert_eq!(nowhere.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn csrf_05_no_route_invites_other_origins() {
    let world = World::peopled().await;
    for (path, methods) in routes() {
        let headers = [
            ("origin", "https://evil.example"),
            ("access-control-request-method", methods[0].as_str()),
        ];
        let mut anybody = Browser::new(&world);
        for method in [Method::OPTIONS, Method::GET] {
            let answer = anybody.send(method, &address(&path), &headers, "").await;
            let invites =
                |name: &axum::http::HeaderName| name.as_str().starts_with("access-control");
            assert!(!answer.headers.keys().any(invites), "{path}");
        }
    }
}
