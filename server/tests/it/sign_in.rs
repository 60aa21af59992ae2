//! Signing in through the hosted UI, limits of sessions, and signing out.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::browser::Browser;
use crate::world::{PUBLIC, SITE, TestResponse, World};

#[tokio::test]
async fn a_user_signs_in_and_returns_to_the_page_before() {
    let world = World::peopled().await;
    let mut browser = Browser::new(&world);
    let callback = browser.sign_in_at_pool("ada", "/news%3Flimit%3D5").await;
    let answer = browser.get(&callback).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/news?limit=5")
    );
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let cookie = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .find_map(|value| value.to_str().ok().filter(|text| text.starts_with("gazette-3000=")));
    let cookie = cookie.expect("a session cookie").to_ascii_lowercase();
    for attribute in ["httponly", "samesite=lax", "path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let me = browser.get("/auth/me").await.json();
    assert_eq!(me["username"], "ada");
    assert_eq!(me["email"], "ada@example.com");
    assert_eq!(me["roles"], json!(["writer", "editor", "admin"]));
    assert_eq!(me["token_use"], "id");
    let front = browser.get("/").await;
    assert!(front.body.contains("Newsroom") && !front.body.contains("eyJ"));
    assert_eq!(front.header("cache-control"), "private, no-store");
}

#[tokio::test]
async fn oau_01_the_authorization_request_asks_for_a_code_with_pkce() {
    let world = World::peopled().await;
    let answer = world.get("/auth/login").await;
    let location = url::Url::parse(answer.header("location")).expect("a URL");
    let parameters: std::collections::BTreeMap<_, _> = location.query_pairs().collect();
    assert_eq!(parameters["response_type"], "code");
    assert_eq!(parameters["code_challenge_method"], "S256");
    assert_eq!(parameters["code_challenge"].len(), 43);
    assert_eq!(parameters["scope"], "openid email profile");
    assert_eq!(parameters["redirect_uri"], format!("{SITE}/auth/callback"));
    assert!(parameters["state"].len() >= 22 && parameters["nonce"].len() >= 22);
}

async fn login_at(public_url: &str, host: &str, headers: &[(&str, &str)]) -> TestResponse {
    let public_url = public_url.to_owned();
    let world = World::with(|settings| settings.set("GAZETTE_PUBLIC_URL", public_url)).await;
    let headers = [headers, &[("host", host)]].concat();
    let mut browser = Browser::new(&world);
    browser.send(Method::GET, "/auth/login?return_to=%2Fdesk", &headers, "").await
}

#[tokio::test]
async fn a_login_at_another_loopback_name_is_redirected_to_the_public_origin() {
    for (public_url, host) in [
        ("http://localhost:3000", "127.0.0.1:3000"),
        ("http://localhost:3000", "[::1]:3000"),
        ("http://127.0.0.1:3000", "localhost:3000"),
        ("http://127.0.0.1:3000", "LOCALHOST:3000"),
        ("http://[::1]:3000", "localhost:3000"),
        ("http://localhost", "127.0.0.1"),
        ("http://localhost", "127.0.0.1:80"),
        ("https://localhost", "127.0.0.1"),
    ] {
        let answer = login_at(public_url, host, &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{host}");
        let expected = format!("{public_url}/auth/login?return_to=%2Fdesk");
        assert_eq!(answer.header("location"), expected, "{host}");
        assert!(answer.header("cache-control").contains("no-store"), "{host}");
    }
}

#[tokio::test]
async fn a_login_at_any_other_host_is_not_redirected() {
    for (public_url, host) in [
        ("http://localhost:3000", "localhost:3000"),
        ("http://localhost:3000", "127.0.0.1:8080"),
        ("http://localhost:3000", "127.0.0.1"),
        ("http://localhost:3000", "127.0.0.2:3000"),
        ("http://localhost:3000", "evil.example:3000"),
        ("http://localhost:3000", "localhost.evil.example:3000"),
        ("http://localhost:3000", ""),
        ("https://news.example", "127.0.0.1"),
        ("https://news.example", "localhost:443"),
        ("https://news.example:3000", "127.0.0.1:3000"),
    ] {
        let answer = login_at(public_url, host, &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{host}");
        assert!(answer.header("location").contains("/oauth2/authorize?"), "{public_url} {host}");
    }
}

#[tokio::test]
async fn a_proxy_that_changes_the_host_causes_no_redirect_loop() {
    let (public_url, host) = ("http://localhost:3000", "127.0.0.1:3000");
    let sent = login_at(public_url, host, &[]).await;
    let cookie = sent.header("set-cookie");
    assert!(cookie.contains("Max-Age=5") && cookie.contains("HttpOnly"), "{cookie}");
    let (cookie, _) = cookie.split_once(';').expect("attributes");
    let again = login_at(public_url, host, &[("cookie", cookie)]).await;
    assert!(again.header("location").contains("/oauth2/authorize?"));
}

#[tokio::test]
async fn oau_11_an_error_from_the_hosted_ui_is_not_rendered_as_html() {
    let world = World::peopled().await;
    let mut browser = Browser::new(&world);
    let callback = browser.sign_in_at_pool("ada", "/").await;
    let state = callback.split("state=").nth(1).expect("a state");
    let path = format!("/auth/callback?error=%3Cscript%3E&error_description=%3Cb%3E&state={state}");
    let answer = browser.get(&path).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(!answer.body.contains("<script>") && !answer.body.contains("<b>"));
}

#[tokio::test]
async fn ses_02_signing_in_begins_a_new_session_and_ends_the_old_one() {
    let world = World::peopled().await;
    let mut browser = Browser::signed_in(&world, "rhea").await;
    let old = browser.cookies["gazette-3000"].clone();
    let callback = browser.sign_in_at_pool("ada", "/").await;
    browser.get(&callback).await;
    assert_ne!(browser.cookies["gazette-3000"], old);
    let mut thief = Browser::new(&world);
    thief.cookies.insert("gazette-3000".to_owned(), old);
    assert_eq!(thief.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn bff_04_a_login_whose_session_cannot_be_stored_has_its_refresh_token_revoked() {
    let world = World::peopled().await;
    let mut browser = Browser::new(&world);
    let callback = browser.sign_in_at_pool("ada", "/").await;
    world.table.set_sessions_away(true);
    assert_eq!(browser.get(&callback).await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.gate.revocations(), 1);
    assert!(!browser.cookies.contains_key("gazette-3000"));
    world.table.set_sessions_away(false);
    let callback = browser.sign_in_at_pool("ada", "/").await;
    assert_eq!(browser.get(&callback).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.gate.revocations(), 1, "the stored session keeps its token");
}

#[tokio::test]
async fn ses_03_a_session_cannot_be_used_after_signing_out() {
    let world = World::peopled().await;
    let mut browser = Browser::signed_in(&world, "ada").await;
    let cookie = browser.cookies["gazette-3000"].clone();
    let answer = browser.post("/auth/logout", "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let location = answer.header("location");
    assert!(
        location
            .starts_with(&format!("{}/logout?client_id=gazetteweb&logout_uri=", world.pool_origin))
    );
    assert!(answer.header("clear-site-data").contains("cookies"));
    assert!(!browser.cookies.contains_key("gazette-3000"));
    let mut thief = Browser::new(&world);
    thief.cookies.insert("gazette-3000".to_owned(), cookie);
    assert_eq!(thief.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn ses_04_a_session_ends_when_idle_and_after_twelve_hours() {
    let world = World::peopled().await;
    let mut idle = Browser::signed_in(&world, "ada").await;
    world.pass(29 * 60);
    assert_eq!(idle.get("/auth/me").await.status, StatusCode::OK);
    world.pass(29 * 60);
    assert_eq!(idle.get("/auth/me").await.status, StatusCode::OK, "a request extends the session");
    for _ in 0..22 {
        world.pass(29 * 60);
        assert_eq!(idle.get("/auth/me").await.status, StatusCode::OK, "tokens are renewed");
    }
    world.pass(25 * 60);
    assert_eq!(idle.get("/auth/me").await.status, StatusCode::UNAUTHORIZED, "twelve hours");
    let mut idle = Browser::signed_in(&world, "ada").await;
    world.pass(30 * 60);
    assert_eq!(idle.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn ses_08_reading_begins_no_session_and_invalid_cookies_are_ignored() {
    let world = World::peopled().await;
    world.publish(1).await;
    for path in ["/", "/news", "/news/story-0", "/section/world", "/nowhere", "/desk"] {
        assert!(!world.page(path).await.headers.contains_key("set-cookie"), "{path}");
    }
    let mut browser = Browser::new(&world);
    for value in ["", "x", "AAAAAAAAAAAAAAAAAAAAAA", "%00", "a=b"] {
        browser.cookies.insert("gazette-3000".to_owned(), value.to_owned());
        assert_eq!(browser.send(Method::GET, "/news", &[], "").await.status, StatusCode::OK);
        assert_eq!(browser.get("/auth/me").await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn ses_07_a_response_that_sets_a_cookie_is_not_cacheable() {
    let world = World::peopled().await;
    world.publish(1).await;
    let mut browser = Browser::signed_in(&world, "rhea").await;
    for path in ["/news", "/", "/news/story-0", "/favicon.ico"] {
        // After a minute the session is saved again, and any response sets the cookie.
        world.pass(61);
        let answer = browser.send(Method::GET, path, &[("accept", "application/json")], "").await;
        assert!(answer.headers.contains_key("set-cookie"), "{path}");
        assert!(answer.header("cache-control").contains("no-store"), "{path}");
        assert!(!answer.headers.contains_key("etag"), "{path}");
    }
    let answer = browser.send(Method::GET, "/healthz", &[], "").await;
    assert!(!answer.headers.contains_key("set-cookie"));
    for path in ["/news", "/news/story-0"] {
        let json = [("accept", "application/json")];
        let answer = browser.send(Method::GET, path, &json, "").await;
        assert!(!answer.headers.contains_key("set-cookie"), "{path}");
        assert_eq!(answer.header("cache-control"), "private, no-cache", "{path}");
        assert!(answer.header("vary").contains("Cookie") && !answer.header("etag").is_empty());
        assert_eq!(world.get(path).await.header("cache-control"), PUBLIC, "{path}");
    }
}
