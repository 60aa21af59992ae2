//! Changed groups take effect: removed rights are refused, new ones are granted.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::browser::Browser;
use crate::world::{SITE, World};

async fn delete(browser: &mut Browser<'_>, path: &str) -> StatusCode {
    browser.send(Method::DELETE, path, &[("origin", SITE)], "").await.status
}

#[tokio::test]
async fn az_06_a_demoted_admin_cannot_delete_after_a_minute() {
    let world = World::peopled().await;
    world.publish(3).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    let old = ada.cookies["gazette-3000"].clone();
    world.pool.directory().set_groups("ada", vec!["editor".to_owned()]).await.expect("demoted");
    world.pass(61);
    assert_eq!(ada.get("/desk/trash").await.status, StatusCode::OK, "the token is still valid");
    assert_eq!(delete(&mut ada, "/news").await, StatusCode::FORBIDDEN);
    assert_ne!(ada.cookies["gazette-3000"], old, "changed rights give a new session id");
    let me = ada.get("/auth/me").await.json();
    assert_eq!(me["roles"], json!(["writer", "editor"]));
    assert_eq!(ada.get("/desk/trash").await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.get("/news/story-0").await.status, StatusCode::OK);
    let mut thief = Browser::new(&world);
    thief.cookies.insert("gazette-3000".to_owned(), old);
    assert_eq!(
        thief.get("/auth/me").await.status,
        StatusCode::UNAUTHORIZED,
        "the old id is invalid"
    );
    for (path, form) in [
        ("/desk/delete", "all=yes&word=delete"),
        ("/desk/restore", "id=x"),
        ("/desk/people/x/sign-out", ""),
    ] {
        assert_eq!(ada.post(path, form).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn az_06_groups_are_renewed_once_a_minute_and_not_for_reading() {
    let world = World::peopled().await;
    world.publish(3).await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    assert_eq!((delete(&mut ada, "/news").await, world.gate.refreshes()), (StatusCode::OK, 0));
    world.pass(61);
    for path in ["/", "/desk", "/account", "/desk/trash", "/desk/delete?all=yes"] {
        assert_eq!(ada.get(path).await.status, StatusCode::OK);
    }
    assert_eq!(world.gate.refreshes(), 0);
    for _ in 0..5 {
        assert_eq!(delete(&mut ada, "/news").await, StatusCode::OK);
    }
    assert_eq!(world.gate.refreshes(), 1);
}

#[tokio::test]
async fn ses_02_refreshing_permissions_grants_new_rights_under_a_new_session_id() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut rhea = Browser::signed_in(&world, "rhea").await;
    world.pool.directory().set_groups("rhea", vec!["admin".to_owned()]).await.expect("promoted");
    assert_eq!(delete(&mut rhea, "/news").await, StatusCode::FORBIDDEN);
    let old = rhea.cookies["gazette-3000"].clone();
    let answer = rhea.post("/account/refresh", "").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/account"));
    assert_ne!(rhea.cookies["gazette-3000"], old);
    let page = rhea.get("/account").await;
    assert!(page.body.contains("Permissions updated."), "{}", page.body);
    assert!(!rhea.get("/account").await.body.contains("Permissions updated"), "shown once");
    assert_eq!(delete(&mut rhea, "/news").await, StatusCode::OK);
    let unchanged = rhea.cookies["gazette-3000"].clone();
    rhea.post("/account/refresh", "").await;
    assert_eq!(rhea.cookies["gazette-3000"], unchanged, "unchanged groups keep the id");
}

#[tokio::test]
async fn a_bearer_token_keeps_its_groups_until_it_expires() {
    let world = World::peopled().await;
    let token = world.access_token("ada").await;
    world.pool.directory().set_groups("ada", Vec::new()).await.expect("demoted");
    world.gate.set_unavailable(true);
    world.pass(61);
    assert_eq!(world.bearer(Method::DELETE, "/news", &token).await.status, StatusCode::OK);
    let answer = world.bearer(Method::POST, "/account/refresh", &token).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn forward_auth_rests_on_groups_as_fresh_as_the_action_needs() {
    let world = World::peopled().await;
    let mut ada = Browser::signed_in(&world, "ada").await;
    world.pool.directory().set_groups("ada", Vec::new()).await.expect("changed");
    world.pass(59);
    let destructive = "/auth/verify?action=news:delete";
    assert_eq!(ada.get(destructive).await.status, StatusCode::ACCEPTED, "within the minute");
    world.pass(2);
    assert_eq!(ada.get(destructive).await.status, StatusCode::FORBIDDEN);
    let mut ed = Browser::signed_in(&world, "ed").await;
    world.pool.directory().set_groups("ed", Vec::new()).await.expect("changed");
    world.pass(299);
    let write = "/auth/verify?action=news:write";
    assert_eq!(ed.get(write).await.status, StatusCode::ACCEPTED, "within five minutes");
    world.pass(2);
    assert_eq!(ed.get(write).await.status, StatusCode::FORBIDDEN);
}
