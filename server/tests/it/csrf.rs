//! Cross-site request signery: other sites cannot act through a user's browser.

use axum::http::{Method, StatusCode};

use crate::browser::Browser;
use crate::world::{SITE, World};

#[tokio::test]
async fn csrf_02_an_unsafe_request_with_a_cookie_must_come_from_this_site() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let refused: [&[(&str, &str)]; 10] = [
        &[],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
        &[("origin", "http://evil.example"), ("host", "evil.example")],
        &[("origin", "http://localhost:4000")],
        &[("authorization", "Basic eDp5")],
    ];
    for headers in refused {
        for (method, path) in [
            (Method::DELETE, "/news"),
            (Method::DELETE, "/news/x"),
            (Method::POST, "/desk/delete"),
            (Method::POST, "/auth/logout"),
            (Method::POST, "/nowhere"),
        ] {
            let answer = ada.send(method.clone(), path, headers, "").await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} {path} {headers:?}");
        }
    }
    assert_eq!(ada.get("/auth/me").await.status, StatusCode::OK, "still signed in");
    assert_eq!(world.get("/news/story-0").await.status, StatusCode::OK, "nothing was deleted");
    for headers in [[("origin", SITE)], [("sec-fetch-site", "same-origin")]] {
        let answer = ada.send(Method::DELETE, "/news", &headers, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{headers:?}");
    }
}

#[tokio::test]
async fn csrf_01_safe_methods_change_nothing() {
    let world = World::peopled().await;
    world.publish(2).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let before = world.get("/news").await.json();
    for path in
        ["/desk/delete?all=yes&word=delete", "/desk/delete?all=yes", "/auth/logout", "/news"]
    {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            ada.send(method, path, &[("origin", SITE)], "").await;
        }
    }
    assert_eq!(world.get("/news").await.json(), before);
    assert_eq!(ada.get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn web_06_no_page_loads_what_is_about_one_person() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    for path in ["/auth/me", "/auth/explain"] {
        for (destination, expected) in [
            ("empty", StatusCode::OK),
            ("document", StatusCode::OK),
            ("script", StatusCode::FORBIDDEN),
            ("image", StatusCode::FORBIDDEN),
            ("iframe", StatusCode::FORBIDDEN),
        ] {
            let headers = [("sec-fetch-dest", destination)];
            let answer = ada.send(Method::GET, path, &headers, "").await;
            assert_eq!(answer.status, expected, "{path} {destination}");
        }
    }
    // A proxy asks for a request of any kind.
    let headers = [("sec-fetch-dest", "image")];
    let answer = ada.send(Method::GET, "/auth/verify", &headers, "").await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
}
