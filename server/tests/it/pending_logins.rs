//! Logins in progress: sealed in cookies of their browser and completed once.

use axum::http::{Method, StatusCode};

use crate::browser::Browser;
use crate::world::{SITE, TestResponse, World};

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
async fn oau_03_a_reply_that_cannot_be_read_ends_its_login() {
    let world = World::peopled().await;
    for spoil in [
        |callback: &str| callback.replace("&iss=", "&iss=https%3A%2F%2Fevil.example%2F"),
        |callback: &str| format!("{callback}&error=access_denied"),
        |callback: &str| format!("{callback}&code=another"),
        |callback: &str| callback.replace("code=", "code=&x="),
    ] {
        let mut browser = Browser::new(&world);
        let callback = browser.sign_in_at_pool("ada", "/").await;
        let spoiled = spoil(&callback);
        assert_ne!(spoiled, callback);
        assert_eq!(browser.get(&spoiled).await.status, StatusCode::BAD_REQUEST, "{spoiled}");
        assert_eq!(browser.get(&callback).await.status, StatusCode::BAD_REQUEST, "{spoiled}");
    }
    // Another browser cannot end it.
    let mut browser = Browser::new(&world);
    let callback = browser.sign_in_at_pool("ada", "/").await;
    let spoiled = format!("{callback}&error=x");
    assert_eq!(Browser::new(&world).get(&spoiled).await.status, StatusCode::BAD_REQUEST);
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

/// Sends a callback as a browser does that a page has led there.
async fn navigate(browser: &mut Browser<'_>, path: &str) -> TestResponse {
    let headers = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    browser.send(Method::GET, path, &headers, "").await
}

/// Follows a callback that begins another login, to its end, without the password.
async fn expect_fresh_login(browser: &mut Browser<'_>, callback: &str, return_to: &str) {
    let before = browser.get("/auth/me").await.body;
    let again = navigate(browser, callback).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
    let login = again.header("location").to_owned();
    assert!(login.starts_with("/auth/login?return_to="), "{login}");
    assert_eq!(browser.get("/auth/me").await.body, before, "the old login begins no session");
    let to_pool = navigate(browser, &login).await;
    let callback = browser.follow_to_pool(to_pool.header("location")).await;
    let callback = callback.headers()["location"].to_str().expect("text").to_owned();
    let callback = callback.strip_prefix(SITE).expect("the callback: the pool knows the browser");
    let done = navigate(browser, callback).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, return_to));
    assert_eq!(browser.get("/auth/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn oau_03_a_page_left_open_for_an_hour_leads_to_a_fresh_login() {
    let world = World::peopled().await;
    let mut browser = Browser::new(&world);
    let callback = browser.sign_in_at_pool("ada", "/account?x=1").await;
    // The pool knows the browser for an hour, of which the test has used some.
    world.pass(3_540);
    expect_fresh_login(&mut browser, &callback, "/account?x=1").await;
}

#[tokio::test]
async fn oau_03_going_back_and_signing_in_again_leads_to_a_fresh_login_each_time() {
    let world = World::peopled().await;
    let mut browser = Browser::new(&world);
    let callback = browser.sign_in_at_pool("ada", "/news?limit=5").await;
    assert_eq!(navigate(&mut browser, &callback).await.header("location"), "/news?limit=5");
    for _ in 0..3 {
        expect_fresh_login(&mut browser, &callback, "/news?limit=5").await;
    }
}

#[tokio::test]
async fn oau_03_the_login_of_another_browser_is_refused_and_none_goes_in_circles() {
    let world = World::peopled().await;
    let mut mine = Browser::new(&world);
    let callback = mine.sign_in_at_pool("ada", "/desk").await;
    let mut theirs = Browser::new(&world);
    let refused = navigate(&mut theirs, &callback).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.body.contains("Try again"), "{}", refused.body);
    assert_eq!(navigate(&mut mine, &callback).await.header("location"), "/desk", "untouched");
    let again = navigate(&mut mine, &callback).await;
    assert_eq!(again.header("location"), "/auth/login?return_to=%2Fdesk&again=1");
    let circle = navigate(&mut mine, &callback).await;
    assert_eq!(circle.status, StatusCode::BAD_REQUEST, "one attempt a minute");
    mine.cookies.clear();
    let refused = navigate(&mut mine, again.header("location")).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.body.contains("Allow cookies"), "{}", refused.body);
}

#[tokio::test]
async fn oau_07_trying_again_keeps_the_path_of_the_login_only() {
    let world = World::peopled().await;
    let link = r#"href="/auth/login?return_to=/desk%3Fq%3Da""#;
    let begin = async || {
        let mut browser = Browser::new(&world);
        let callback = browser.sign_in_at_pool("ada", "/desk%3Fq%3Da").await;
        (browser, callback)
    };
    let (mut browser, callback) = begin().await;
    browser.get(&callback).await;
    let used = browser.get(&callback).await;
    assert!(used.status == StatusCode::BAD_REQUEST && used.body.contains(link), "{}", used.body);

    let (mut browser, _) = begin().await;
    let denied = format!("/auth/callback?error=access_denied&state={}", browser.login_state());
    for answer in [browser.get(&denied).await, browser.get(&denied).await] {
        assert!(answer.status == StatusCode::BAD_REQUEST && answer.body.contains(link));
    }

    let (mut browser, callback) = begin().await;
    world.gate.set_unavailable(true);
    let unavailable = browser.get(&callback).await;
    assert!(unavailable.status.is_server_error() && unavailable.body.contains(link));
    world.gate.set_unavailable(false);

    // Neither the query of the callback nor another login says where to return to.
    let forged = format!("{callback}&return_to=//evil.example");
    let answer = Browser::new(&world).get(&forged).await;
    assert!(answer.body.contains(r#"href="/auth/login?return_to=/" "#), "{}", answer.body);
}
