//! The pool's own session cookie.

use axum::http::StatusCode;

use crate::test_pool::{PASSWORD, TestPool, authorize};

const LOGOUT: &str = "/logout?client_id=gazetteweb&logout_uri=http%3A%2F%2Flocalhost%3A3000%2F";

#[tokio::test]
async fn a_signed_in_browser_needs_no_password_for_an_hour() {
    let pool = TestPool::new().await;
    let (mut browser, _) = pool.sign_in_admin().await;
    pool.advance(3599);
    for prompt in ["", "none"] {
        let response = browser.get(&authorize(&[("prompt", prompt)])).await;
        assert_eq!(
            pool.redeem(&response.redirect_parameter("code").unwrap()).await.status,
            StatusCode::OK
        );
    }
    pool.advance(1);
    assert_eq!(browser.get(&authorize(&[])).await.location().path(), "/login");
    let response = browser.get(&authorize(&[("prompt", "none")])).await;
    assert_eq!(response.redirect_parameter("error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn prompt_login_requires_the_password_again() {
    let pool = TestPool::new().await;
    let (mut browser, _) = pool.sign_in_admin().await;
    let before = browser.cookies["cognito-4000"].clone();
    let login = browser.get(&authorize(&[("prompt", "login")])).await.location();
    assert_eq!(login.path(), "/login");
    let response = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
    assert!(response.redirect_parameter("code").is_some());
    assert_ne!(browser.cookies["cognito-4000"], before, "each sign-in creates a session");
    browser.cookies.insert("cognito-4000".to_owned(), before);
    assert_eq!(
        browser.get(&authorize(&[])).await.location().path(),
        "/login",
        "the previous session has ended"
    );
}

#[tokio::test]
async fn signing_out_deletes_the_session_on_the_server() {
    let pool = TestPool::new().await;
    let (mut browser, _) = pool.sign_in_admin().await;
    let stolen = browser.cookies["cognito-4000"].clone();
    let response = browser.get(LOGOUT).await;
    assert_eq!(response.header("location"), "http://localhost:3000/");
    assert!(!browser.cookies.contains_key("cognito-4000"));
    browser.cookies.insert("cognito-4000".to_owned(), stolen);
    assert_eq!(browser.get(&authorize(&[])).await.location().path(), "/login");
}

#[tokio::test]
async fn signing_out_can_redirect_to_the_sign_in_page() {
    let pool = TestPool::new().await;
    let (mut browser, _) = pool.sign_in_admin().await;
    let response = browser.get(&authorize(&[]).replace("/oauth2/authorize", "/logout")).await;
    let login = response.location();
    assert_eq!(login.path(), "/login");
    let response = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
    assert_eq!(response.redirect_parameter("state").as_deref(), Some("st&te ü"));
}

#[tokio::test]
async fn pool_05_signing_out_redirects_to_registered_urls_only() {
    let pool = TestPool::new().await;
    let (mut browser, _) = pool.sign_in_admin().await;
    for wrong in [
        "/logout",
        "/logout?client_id=gazetteweb",
        "/logout?client_id=gazetteweb&post_logout_redirect_uri=http://localhost:3000/",
        "/logout?client_id=gazetteweb&logout_uri=http://localhost:3000",
        "/logout?client_id=gazetteweb&logout_uri=https://evil.example/",
        "/logout?client_id=unknown&logout_uri=http://localhost:3000/",
        "/logout?logout_uri=http://localhost:3000/",
        "/logout?client_id=gazetteweb&response_type=code&redirect_uri=https://evil.example/",
        &format!("{LOGOUT}&logout_uri=https://evil.example/"),
    ] {
        let response = browser.get(wrong).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST, "{wrong}");
        assert_eq!(response.header("location"), "");
    }
    let response = browser.get("/logout?client_id=gazetteweb&id_token_hint=x").await;
    assert!(response.body.contains("Required String parameter"));
    assert!(
        browser.get(&authorize(&[])).await.redirect_parameter("code").is_some(),
        "still signed in"
    );
}

#[tokio::test]
async fn pool_06_a_new_password_ends_sessions_codes_and_refresh_tokens() {
    let pool = TestPool::new().await;
    let refresh_token = pool.tokens().await["refresh_token"].as_str().unwrap().to_owned();
    let (mut browser, code) = pool.sign_in_admin().await;
    pool.directory().set_password("admin", "another long password").await.unwrap();
    assert_eq!(browser.get(&authorize(&[])).await.location().path(), "/login");
    assert_eq!(pool.redeem(&code).await.json()["error"], "invalid_grant");
    let response = pool.refresh(crate::test_pool::WEB, &refresh_token).await;
    assert_eq!(response.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn signing_out_leads_to_the_sign_in_page_without_pkce() {
    let pool = TestPool::new().await;
    let (mut browser, _) = pool.sign_in_admin().await;
    let query = authorize(&[("code_challenge", ""), ("code_challenge_method", "")]);
    let logout = query.replace("/oauth2/authorize", "/logout");
    let login = browser.get(&logout).await.location();
    assert!(!browser.cookies.contains_key("cognito-4000"));
    let response = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
    assert!(browser.cookies.contains_key("cognito-4000"), "signed in");
    assert_eq!(response.redirect_parameter("code"), None, "POOL-04");
    assert_eq!(response.redirect_parameter("error").as_deref(), Some("invalid_request"));
}
