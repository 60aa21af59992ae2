//! Sessions while the user pool or their table is unavailable.

use axum::http::{Method, StatusCode};
use gazette_domain::ROUTES;

use crate::browser::Browser;
use crate::route_matrix::{address, routes};
use crate::world::{SITE, World};

/// Reads pages that depend on no group.
async fn read(browser: &mut Browser<'_>) {
    for path in ["/", "/news", "/news/story-0", "/saved", "/account", "/auth/me"] {
        assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
    }
}

/// Reads the newsroom, creates a draft and changes it.
async fn write(browser: &mut Browser<'_>) {
    assert_eq!(browser.get("/desk").await.status, StatusCode::OK);
    let json = ("content-type", "application/json");
    let draft = r#"{"headline":"A draft","body":"x","status":"draft"}"#;
    let written = browser.send(Method::POST, "/news", &[("origin", SITE), json], draft).await;
    assert_eq!(written.status, StatusCode::CREATED, "{}", written.body);
    let path = format!("/news/{}", written.json()["id"].as_str().expect("an id"));
    let headers = [("origin", SITE), json, ("if-match", written.header("etag"))];
    let revised = r#"{"headline":"A better draft","body":"y"}"#;
    let written = browser.send(Method::PUT, &path, &headers, revised).await;
    assert_eq!(written.status, StatusCode::OK, "{}", written.body);
    assert_eq!(written.json()["status"], "draft");
}

/// Checks that requests whose groups are too old get a 503 with its reason, and that no other
/// request fails.
async fn assert_needs_fresh_groups(admin: &mut Browser<'_>, groups_age_seconds: i64) {
    for (path, methods) in routes() {
        for method in methods {
            let signs_out = matches!(path.as_str(), "/auth/logout" | "/account/sessions/end-all");
            if signs_out || path == "/readyz" {
                continue;
            }
            let form = "all=yes&word=delete&id=x&session=x&sub=x";
            let answer =
                admin.send(method.clone(), &address(&path), &[("origin", SITE)], form).await;
            let is_read = matches!(method, Method::GET | Method::HEAD);
            let route = ROUTES.iter().find(|route| {
                route.path == path && route.method.names().contains(&method.as_str())
            });
            let max_age = route.and_then(|route| route.action).and_then(|action| {
                if is_read {
                    action.max_groups_age_for_reading_seconds()
                } else {
                    action.max_groups_age_seconds()
                }
            });
            let must_renew = path == "/account/refresh" && !is_read;
            if !must_renew && max_age.is_none_or(|max_age| groups_age_seconds <= max_age) {
                assert!(!answer.status.is_server_error(), "{method} {path}: {}", answer.body);
                continue;
            }
            assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{method} {path}");
            assert!(answer.headers.contains_key("retry-after"), "{path}");
            if !is_read {
                assert!(answer.body.contains("sign-in service"), "{path}: {}", answer.body);
                assert!(answer.body.contains("still signed in"), "{path}: {}", answer.body);
            }
        }
    }
}

#[tokio::test]
async fn f_22_reading_works_while_the_pool_is_unavailable_for_an_hour_and_writing_for_minutes() {
    let world = World::peopled().await;
    world.publish(2).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let mut ed = Browser::signed_in(&world, "ed").await;
    world.gate.set_unavailable(true);
    let mut age = 0;
    for minutes in [2, 20, 19, 19, 1] {
        world.pass(minutes * 60);
        age += minutes * 60;
        read(&mut ed).await;
        read(&mut ada).await;
        if age == 2 * 60 {
            write(&mut ed).await;
            write(&mut ada).await;
        }
        assert_needs_fresh_groups(&mut ada, age).await;
    }
    assert_eq!(world.get("/news/story-0").await.status, StatusCode::OK, "nothing was deleted");

    for _ in 0..3 {
        world.pass(21 * 60);
        assert_eq!(ada.get("/").await.status, StatusCode::OK, "public reading works");
    }
    let answer = ada.get("/account").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "the claims are too old");
    assert!(answer.body.contains("still signed in"), "{}", answer.body);
    world.gate.set_unavailable(false);
    world.pass(6);
    assert_eq!(ada.get("/account").await.status, StatusCode::OK, "the user was not signed out");
}

#[tokio::test]
async fn f_25_ses_09_public_pages_work_while_the_session_store_is_unavailable() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pass(3);
    world.table.set_sessions_away(true);
    for path in ["/", "/news", "/news/story-0"] {
        let answer = ada.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.body.contains("You're still signed in."), "{path}: {}", answer.body);
        assert_eq!(answer.header("cache-control"), "private, no-store", "{path}");
        assert!(!world.page(path).await.body.contains("You're still signed in."), "{path}");
    }
    for path in ["/account", "/desk", "/auth/me"] {
        assert_eq!(ada.get(path).await.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
    }
    let answer = ada.send(Method::DELETE, "/news", &[("origin", SITE)], "").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    world.table.set_sessions_away(false);
    assert_eq!(ada.get("/auth/me").await.status, StatusCode::OK);
    for path in ["/", "/news", "/news/story-0"] {
        let answer = ada.get(path).await;
        assert!(answer.body.contains(">ada<"), "{path}: {}", answer.body);
        assert!(!answer.body.contains("You're still signed in."), "{path}");
    }
}
