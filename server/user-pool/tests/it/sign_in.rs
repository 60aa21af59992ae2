//! The sign-in form.

use axum::http::StatusCode;

use crate::json_api::by_password;
use crate::test_pool::{CLI, PASSWORD, TestPool, authorize};

fn login() -> String {
    authorize(&[]).replace("/oauth2/authorize", "/login")
}

#[tokio::test]
async fn pool_07_a_wrong_password_and_an_unknown_user_get_the_same_response() {
    let pool = TestPool::new().await;
    let mut bodies = Vec::new();
    for (username, password) in [("admin", "wrong horse battery"), ("unknown", PASSWORD)] {
        let mut browser = pool.browser();
        let response = browser.sign_in(&login(), username, password).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST);
        assert!(response.body.contains(r#"role="alert""#));
        assert!(response.body.contains("Incorrect username or password."));
        assert!(response.body.contains(&format!(r#"value="{username}""#)), "the username is kept");
        assert!(!response.body.contains(password));
        assert!(!browser.cookies.contains_key("cognito-4000"));
        let csrf = response.field("_csrf");
        bodies.push(response.body.replace(&csrf, "").replace(username, ""));
    }
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn pool_07_a_form_without_the_csrf_token_is_refused() {
    let pool = TestPool::new().await;
    let mut browser = pool.browser();
    let right = [("username", "admin"), ("password", PASSWORD)];
    let response = browser.post_form(&login(), &right).await;
    assert_eq!(response.status, StatusCode::FORBIDDEN, "no cookie, no field");
    let response = browser.post_form(&login(), &right).await;
    assert_eq!(response.status, StatusCode::FORBIDDEN, "no field");
    let csrf = browser.cookies["XSRF-TOKEN-4000"].clone();
    let other = "A".repeat(43);
    let forged = [("_csrf", other.as_str()), right[0], right[1]];
    assert_eq!(browser.post_form(&login(), &forged).await.status, StatusCode::FORBIDDEN);
    browser.cookies.clear();
    let stolen = [("_csrf", csrf.as_str()), right[0], right[1]];
    assert_eq!(browser.post_form(&login(), &stolen).await.status, StatusCode::FORBIDDEN);
    browser.cookies.insert("XSRF-TOKEN-4000".to_owned(), csrf.clone());
    let repeated = [("_csrf", csrf.as_str()), right[0], right[1], ("username", "other")];
    assert_eq!(browser.post_form(&login(), &repeated).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.post_form(&login(), &stolen).await.status, StatusCode::FOUND);
}

#[tokio::test]
async fn forms_in_two_tabs_are_both_valid() {
    let pool = TestPool::new().await;
    let mut browser = pool.browser();
    let first = browser.get(&login()).await;
    browser.get(&login()).await;
    let csrf = first.field("_csrf");
    let fields = [("_csrf", csrf.as_str()), ("username", "admin"), ("password", PASSWORD)];
    assert_eq!(browser.post_form(&first.form_action(), &fields).await.status, StatusCode::FOUND);
}

#[tokio::test]
async fn pool_07_a_username_is_locked_after_five_failures() {
    let pool = TestPool::new().await;
    for _ in 0..5 {
        pool.browser().sign_in(&login(), "admin", "wrong horse battery").await;
    }
    let locked = pool.browser().sign_in(&login(), "ADMIN", PASSWORD).await;
    assert_eq!(locked.status, StatusCode::BAD_REQUEST);
    assert!(locked.body.contains("Too many attempts. Try again in 1 second."));
    pool.advance(1);
    let wrong = pool.browser().sign_in(&login(), "admin", "wrong horse battery").await;
    assert!(wrong.body.contains("Incorrect username or password."));
    pool.advance(1);
    let locked = pool.browser().sign_in(&login(), "admin", PASSWORD).await;
    assert!(locked.body.contains("Too many attempts. Try again in 1 second."));
    pool.advance(1);
    let right = pool.browser().sign_in(&login(), "admin", PASSWORD).await;
    assert_eq!(right.status, StatusCode::FOUND);
    let wrong = pool.browser().sign_in(&login(), "admin", "wrong horse battery").await;
    assert!(wrong.body.contains("Incorrect username or password."), "the count was reset");
}

#[tokio::test]
async fn pool_10_any_form_value_gets_a_client_error() {
    let pool = TestPool::new().await;
    let long = "x".repeat(30_000);
    for value in ["", "\0", "%", "🗞\u{202e}", "<script>\"'&", long.as_str()] {
        let mut browser = pool.browser();
        let response = browser.sign_in(&login(), value, value).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST, "{value:.20}");
        assert!(!response.body.contains("<script>"));
        let fields = [
            ("grant_type", value),
            ("code", value),
            ("client_id", value),
            ("refresh_token", value),
        ];
        let response = browser.post_form("/oauth2/token", &fields[..2]).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST);
        let response = browser.post_form("/oauth2/token", &fields[2..]).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST);
    }
    let too_long = "x".repeat(70_000);
    let response = pool.browser().post_form("/oauth2/token", &[("code", &too_long)]).await;
    assert_eq!(response.status, StatusCode::PAYLOAD_TOO_LARGE);
    let response = pool.browser().get(&format!("/login?x={}", &too_long[..8_200])).await;
    assert_eq!(response.status, StatusCode::URI_TOO_LONG);
}

#[tokio::test]
async fn a_disabled_user_is_told_whom_to_ask() {
    let pool = TestPool::new().await;
    pool.directory().set_enabled("admin", false).await.unwrap();
    let response = pool.browser().sign_in(&login(), "admin", PASSWORD).await;
    assert_eq!(response.status, StatusCode::BAD_REQUEST);
    assert!(response.body.contains("Ask an administrator to enable it."));
}

#[tokio::test]
async fn pool_07_passwords_that_no_user_can_have_lock_a_username_too() {
    let pool = TestPool::new().await;
    let long = "x".repeat(257);
    for password in ["short", "1", "1234567", long.as_str(), "\0"] {
        let wrong = pool.browser().sign_in(&login(), "admin", password).await;
        assert!(wrong.body.contains("Incorrect username or password."), "{wrong:?}");
    }
    let locked = pool.browser().sign_in(&login(), "admin", PASSWORD).await;
    assert!(locked.body.contains("Too many attempts. Try again in 1 second."), "{locked:?}");
    for name in ["nobody", "\u{202e}"] {
        for attempt in 0..6 {
            let answer = by_password(&pool, CLI, name, "1234567").await.json();
            // An invalid name is not counted.
            let is_locked = name == "nobody" && attempt == 5;
            let message = if is_locked {
                "Password attempts exceeded"
            } else {
                "Incorrect username or password."
            };
            assert_eq!(answer["message"], message, "{name:?}");
        }
    }
}
