//! What the pool's own cookie does, and what ends it.

use axum::http::StatusCode;

use crate::world::{PASSWORD, World, authorize};

const LOGOUT: &str = "/logout?client_id=gazetteweb&logout_uri=http%3A%2F%2Flocalhost%3A3000%2F";

#[tokio::test]
async fn who_is_signed_in_goes_straight_back_for_an_hour() {
    let world = World::new().await;
    let (mut browser, _) = world.signed_in().await;
    world.pass(3599);
    for prompt in ["", "none"] {
        let answer = browser.get(&authorize(&[("prompt", prompt)])).await;
        assert_eq!(world.redeem(&answer.sent("code").unwrap()).await.status, StatusCode::OK);
    }
    world.pass(1);
    assert_eq!(browser.get(&authorize(&[])).await.location().path(), "/login");
    let answer = browser.get(&authorize(&[("prompt", "none")])).await;
    assert_eq!(answer.sent("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn prompt_login_asks_for_the_password_again() {
    let world = World::new().await;
    let (mut browser, _) = world.signed_in().await;
    let before = browser.cookies["cognito"].clone();
    let login = browser.get(&authorize(&[("prompt", "login")])).await.location();
    assert_eq!(login.path(), "/login");
    let answer = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
    assert!(answer.sent("code").is_some());
    assert_ne!(browser.cookies["cognito"], before, "a new session at every sign-in");
    browser.cookies.insert("cognito".to_owned(), before);
    assert_eq!(browser.get(&authorize(&[])).await.location().path(), "/login", "the old one ended");
}

#[tokio::test]
async fn signing_out_ends_it_here_and_not_only_in_the_browser() {
    let world = World::new().await;
    let (mut browser, _) = world.signed_in().await;
    let stolen = browser.cookies["cognito"].clone();
    let answer = browser.get(LOGOUT).await;
    assert_eq!(answer.header("location"), "http://localhost:3000/");
    assert!(!browser.cookies.contains_key("cognito"));
    browser.cookies.insert("cognito".to_owned(), stolen);
    assert_eq!(browser.get(&authorize(&[])).await.location().path(), "/login");
}

#[tokio::test]
async fn signing_out_can_lead_to_the_sign_in_page() {
    let world = World::new().await;
    let (mut browser, _) = world.signed_in().await;
    let answer = browser.get(&authorize(&[]).replace("/oauth2/authorize", "/logout")).await;
    let login = answer.location();
    assert_eq!(login.path(), "/login");
    let answer = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
    assert_eq!(answer.sent("state").as_deref(), Some("st&te ü"));
}

#[tokio::test]
async fn pool_05_signing_out_leads_to_registered_addresses_only() {
    let world = World::new().await;
    let (mut browser, _) = world.signed_in().await;
    for wrong in [
        "/logout",
        "/logout?client_id=gazetteweb",
        "/logout?client_id=gazetteweb&post_logout_redirect_uri=http://localhost:3000/",
        "/logout?client_id=gazetteweb&logout_uri=http://localhost:3000",
        "/logout?client_id=gazetteweb&logout_uri=https://evil.example/",
        "/logout?client_id=nobody&logout_uri=http://localhost:3000/",
        "/logout?logout_uri=http://localhost:3000/",
        "/logout?client_id=gazetteweb&response_type=code&redirect_uri=https://evil.example/",
        &format!("{LOGOUT}&logout_uri=https://evil.example/"),
    ] {
        let answer = browser.get(wrong).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert_eq!(answer.header("location"), "");
    }
    let answer = browser.get("/logout?client_id=gazetteweb&id_token_hint=x").await;
    assert!(answer.body.contains("Required String parameter"));
    assert!(browser.get(&authorize(&[])).await.sent("code").is_some(), "still signed in");
}

#[tokio::test]
async fn pool_06_a_new_password_ends_sessions_codes_and_refresh_tokens() {
    let world = World::new().await;
    let refresh_token = world.tokens().await["refresh_token"].as_str().unwrap().to_owned();
    let (mut browser, code) = world.signed_in().await;
    world.pool.directory().set_password("admin", "another long password").await.unwrap();
    assert_eq!(browser.get(&authorize(&[])).await.location().path(), "/login");
    assert_eq!(world.redeem(&code).await.json()["error"], "invalid_grant");
    let answer = world.refresh(crate::world::WEB, &refresh_token).await;
    assert_eq!(answer.json()["error"], "invalid_grant");
}
