//! Logins in progress: sealed in cookies of their browser and completed once.

use axum::http::{Method, StatusCode};

use crate::browser::Browser;
use crate::world::World;

#[tokio::test]
async fn oau_03_only_the_browser_that_began_a_login_completes_it_once() {
    let world = World::peopled().await;
    let mut mine = Browser::new(&world);
    let callback = mine.sign_in_at_pool("ada", "/").await;
    let mut theirs = Browser::new(&world);
    let refused = theirs.get(&callback).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.body.contains("Try again"));
    assert_eq!(mine.get(&callback).await.status, StatusCode::SEE_OTHER);
    assert_eq!(mine.get(&callback).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(mine.get("/auth/me").await.status, StatusCode::OK);
    let callback = mine.sign_in_at_pool("ada", "/").await;
    theirs.get("/auth/login").await;
    assert_eq!(theirs.get(&callback).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(mine.get("/auth/callback?error=x&state=y").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        mine.get(&callback).await.status,
        StatusCode::SEE_OTHER,
        "its own login is untouched"
    );
}

#[tokio::test]
async fn oau_03_a_callback_that_is_sent_again_keeps_the_session_it_began() {
    let world = World::peopled().await;
    let mut mine = Browser::new(&world);
    let callback = mine.sign_in_at_pool("ada", "/").await;
    let login = mine.cookies.clone();
    assert_eq!(mine.get(&callback).await.status, StatusCode::SEE_OTHER);
    mine.cookies.extend(login);
    let refreshes = world.gate.revocations();
    assert_eq!(mine.get(&callback).await.status, StatusCode::BAD_REQUEST, "the state is spent");
    assert_eq!(mine.get("/auth/me").await.status, StatusCode::OK);
    assert_eq!(world.gate.revocations(), refreshes);
}

#[tokio::test]
async fn beginning_a_login_writes_nothing() {
    let world = World::peopled().await;
    let before = world.table.everything().await;
    for _ in 0..20 {
        assert_eq!(world.get("/auth/login?return_to=/news").await.status, StatusCode::SEE_OTHER);
        world.get("/auth/callback?code=x&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await;
    }
    let mut browser = Browser::new(&world);
    browser.get("/auth/login").await;
    let state = browser.login_state();
    browser.get(&format!("/auth/callback?error=access_denied&state={state}")).await;
    assert_eq!(world.table.everything().await, before);
}

#[tokio::test]
async fn a_login_begins_only_for_navigations() {
    let world = World::peopled().await;
    for (destination, status) in [
        ("document", StatusCode::SEE_OTHER),
        ("empty", StatusCode::SEE_OTHER),
        ("", StatusCode::SEE_OTHER),
        ("image", StatusCode::BAD_REQUEST),
        ("script", StatusCode::BAD_REQUEST),
        ("iframe", StatusCode::BAD_REQUEST),
        ("DOCUMENT", StatusCode::BAD_REQUEST),
    ] {
        let mut browser = Browser::new(&world);
        let headers = [("sec-fetch-dest", destination)];
        let answer = browser.send(Method::GET, "/auth/login", &headers, "").await;
        assert_eq!(answer.status, status, "{destination}");
        let sets_cookie = answer.headers.contains_key("set-cookie");
        assert_eq!(sets_cookie, status == StatusCode::SEE_OTHER, "{destination}");
    }
}

#[tokio::test]
async fn oau_03_a_browser_keeps_its_eight_newest_logins() {
    let world = World::peopled().await;
    let mut browser = Browser::new(&world);
    let oldest = browser.sign_in_at_pool("ada", "/").await;
    world.pass(1);
    let kept = browser.sign_in_at_pool("ada", "/news").await;
    world.pass(1);
    for _ in 0..7 {
        browser.get("/auth/login").await;
    }
    assert_eq!(browser.cookies.len(), 8);
    assert_eq!(browser.get(&oldest).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get(&kept).await.header("location"), "/news");
}

#[tokio::test]
async fn oau_03_only_the_provider_of_a_login_completes_it() {
    // Both sites have the same keys, but the pool of the other one has another issuer.
    let (world, other) = (World::peopled().await, World::peopled().await);
    let mut browser = Browser::new(&world);
    let callback = browser.sign_in_at_pool("ada", "/").await;
    let mut elsewhere = Browser::new(&other);
    elsewhere.cookies.clone_from(&browser.cookies);
    let answer = elsewhere.get(callback.split("&iss=").next().expect("a path")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get(&callback).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn oau_03_two_tabs_can_sign_in_concurrently() {
    let world = World::peopled().await;
    let mut browser = Browser::new(&world);
    let first = browser.sign_in_at_pool("ada", "/news").await;
    let second = browser.sign_in_at_pool("ada", "/account").await;
    assert_eq!(browser.get(&first).await.header("location"), "/news");
    assert_eq!(browser.get(&second).await.header("location"), "/account");
}

#[tokio::test]
async fn oau_03_a_login_expires_after_ten_minutes() {
    let world = World::peopled().await;
    let mut browser = Browser::new(&world);
    let callback = browser.sign_in_at_pool("ada", "/").await;
    world.pass(601);
    assert_eq!(browser.get(&callback).await.status, StatusCode::BAD_REQUEST);
}
