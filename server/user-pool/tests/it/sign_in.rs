//! The sign-in form.

use axum::http::StatusCode;

use crate::world::{PASSWORD, World, authorize};

fn login() -> String {
    authorize(&[]).replace("/oauth2/authorize", "/login")
}

#[tokio::test]
async fn pool_07_a_wrong_password_and_an_unknown_user_get_the_same_answer() {
    let world = World::new().await;
    let mut bodies = Vec::new();
    for (username, password) in [("admin", "wrong horse battery"), ("nobody", PASSWORD)] {
        let mut browser = world.browser();
        let answer = browser.sign_in(&login(), username, password).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.body.contains(r#"role="alert""#));
        assert!(answer.body.contains("Incorrect username or password."));
        assert!(answer.body.contains(&format!(r#"value="{username}""#)), "the name is kept");
        assert!(!answer.body.contains(password));
        assert!(!browser.cookies.contains_key("cognito"));
        let csrf = answer.field("_csrf");
        bodies.push(answer.body.replace(&csrf, "").replace(username, ""));
    }
    assert_eq!(bodies[0], bodies[1]);
}

#[tokio::test]
async fn pool_07_a_form_that_is_not_ours_is_refused() {
    let world = World::new().await;
    let mut browser = world.browser();
    let right = [("username", "admin"), ("password", PASSWORD)];
    let answer = browser.post_form(&login(), &right).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "no cookie, no field");
    let answer = browser.post_form(&login(), &right).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "no field");
    let csrf = browser.cookies["XSRF-TOKEN"].clone();
    let other = "A".repeat(43);
    let forged = [("_csrf", other.as_str()), right[0], right[1]];
    assert_eq!(browser.post_form(&login(), &forged).await.status, StatusCode::FORBIDDEN);
    browser.cookies.clear();
    let stolen = [("_csrf", csrf.as_str()), right[0], right[1]];
    assert_eq!(browser.post_form(&login(), &stolen).await.status, StatusCode::FORBIDDEN);
    browser.cookies.insert("XSRF-TOKEN".to_owned(), csrf.clone());
    let repeated = [("_csrf", csrf.as_str()), right[0], right[1], ("username", "other")];
    assert_eq!(browser.post_form(&login(), &repeated).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.post_form(&login(), &stolen).await.status, StatusCode::FOUND);
}

#[tokio::test]
async fn forms_in_two_tabs_both_work() {
    let world = World::new().await;
    let mut browser = world.browser();
    let first = browser.get(&login()).await;
    browser.get(&login()).await;
    let csrf = first.field("_csrf");
    let fields = [("_csrf", csrf.as_str()), ("username", "admin"), ("password", PASSWORD)];
    assert_eq!(browser.post_form(&first.form_action(), &fields).await.status, StatusCode::FOUND);
}

#[tokio::test]
async fn pool_07_after_five_failures_a_name_is_locked_for_a_while() {
    let world = World::new().await;
    for _ in 0..5 {
        world.browser().sign_in(&login(), "admin", "wrong horse battery").await;
    }
    let locked = world.browser().sign_in(&login(), "ADMIN", PASSWORD).await;
    assert_eq!(locked.status, StatusCode::BAD_REQUEST);
    assert!(locked.body.contains("Password attempts exceeded"));
    world.pass(1);
    let wrong = world.browser().sign_in(&login(), "admin", "wrong horse battery").await;
    assert!(wrong.body.contains("Incorrect username or password."));
    world.pass(1);
    let locked = world.browser().sign_in(&login(), "admin", PASSWORD).await;
    assert!(locked.body.contains("Password attempts exceeded"));
    world.pass(1);
    let right = world.browser().sign_in(&login(), "admin", PASSWORD).await;
    assert_eq!(right.status, StatusCode::FOUND);
    let wrong = world.browser().sign_in(&login(), "admin", "wrong horse battery").await;
    assert!(wrong.body.contains("Incorrect username or password."), "the count began anew");
}

#[tokio::test]
async fn pool_10_nothing_a_form_holds_makes_it_fail() {
    let world = World::new().await;
    let long = "x".repeat(30_000);
    for value in ["", "\0", "%", "🗞\u{202e}", "<script>\"'&", long.as_str()] {
        let mut browser = world.browser();
        let answer = browser.sign_in(&login(), value, value).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{value:.20}");
        assert!(!answer.body.contains("<script"));
        let fields = [
            ("grant_type", value),
            ("code", value),
            ("client_id", value),
            ("refresh_token", value),
        ];
        let answer = browser.post_form("/oauth2/token", &fields[..2]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        let answer = browser.post_form("/oauth2/token", &fields[2..]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    }
    let too_long = "x".repeat(70_000);
    let answer = world.browser().post_form("/oauth2/token", &[("code", &too_long)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let answer = world.browser().get(&format!("/login?x={}", &too_long[..8_200])).await;
    assert_eq!(answer.status, StatusCode::URI_TOO_LONG);
}
