//! A pool whose users must have an authenticator app.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::browser::{Browser, Response};
use crate::hosted_ui::{page_of, submit};
use crate::json_api::{by_password, call};
use crate::mfa::code;
use crate::sign_up::{administer, exception, newest_code, send};
use crate::test_pool::{CLI, PASSWORD, TestPool};

const NEW: &str = "a new and long password";

async fn demanding() -> TestPool {
    let pool = TestPool::new().await;
    configure(&pool, "ON").await;
    pool
}

pub(crate) async fn configure(pool: &TestPool, mfa: &str) {
    let body = json!({
        "MfaConfiguration": mfa,
        "SoftwareTokenMfaConfiguration": { "Enabled": true },
    });
    let answer = administer(pool, "SetUserPoolMfaConfig", body).await.json();
    assert_eq!(answer["MfaConfiguration"], mfa, "{answer}");
    let read = administer(pool, "GetUserPoolMfaConfig", json!({})).await.json();
    assert_eq!(read["MfaConfiguration"], mfa);
}

/// Returns the key that a page shows.
pub(crate) fn key(page: &Response) -> String {
    let (_, rest) = page.body.split_once("<code>").unwrap_or_else(|| panic!("{page:?}"));
    rest.split_once('<').unwrap().0.replace(' ', "")
}

/// Sets an app up on its page, after a wrong code; returns the response and the key.
async fn set_up(pool: &TestPool, browser: &mut Browser, page: &Response) -> (Response, String) {
    assert!(page.body.contains("<h1>Set up your authenticator app</h1>"), "{page:?}");
    let key = key(page);
    assert!(page.body.contains(&format!("secret={key}&amp;issuer=Gazette")), "the link");
    let now = pool.clock.clock()();
    let wrong = submit(browser, page, &[("code", &code(&key, now + 300))]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.body.contains(&format!("secret={key}")), "the same key: {wrong:?}");
    (submit(browser, &wrong, &[("code", &code(&key, now))]).await, key)
}

#[tokio::test]
async fn pool_07_a_user_without_an_app_sets_one_up_and_needs_it_from_then_on() {
    let pool = demanding().await;
    let mut browser = pool.browser();
    let page = browser.sign_in(&page_of("/login"), "admin", PASSWORD).await;
    assert!(!browser.cookies.contains_key("cognito-4000"), "not signed in yet");
    let (done, key) = set_up(&pool, &mut browser, &page).await;
    assert!(done.redirect_parameter("code").is_some());
    assert!(browser.cookies.contains_key("cognito-4000"));
    // The session is used up.
    let next = code(&key, pool.clock.clock()() + 30);
    let again = submit(&mut browser, &page, &[("code", &next)]).await;
    assert!(again.body.contains("This took too long"), "{again:?}");

    pool.advance(60);
    configure(&pool, "OPTIONAL").await;
    let mut other = pool.browser();
    let page = other.sign_in(&page_of("/login"), "admin", PASSWORD).await;
    assert!(page.body.contains("<h1>Enter your code</h1>"), "{page:?}");
    let wrong = submit(&mut other, &page, &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let code = code(&key, pool.clock.clock()());
    assert!(
        submit(&mut other, &page, &[("code", &code)]).await.redirect_parameter("code").is_some()
    );
}

#[tokio::test]
async fn pool_07_no_way_to_sign_in_goes_round_the_second_factor() {
    let pool = demanding().await;
    // A sign-up.
    let mut browser = pool.browser();
    let page = browser.get(&page_of("/signup")).await;
    let fields = [("username", "rhea"), ("requiredAttributes[email]", "r@e.x"), ("password", NEW)];
    let page = submit(&mut browser, &page, &fields).await;
    let code = newest_code(&pool).await;
    let page = submit(&mut browser, &page, &[("code", &code)]).await;
    assert!(page.body.contains("Set up your authenticator app"), "{page:?}");
    // A temporary password, for a user with an app.
    let (done, _) = set_up(&pool, &mut browser, &page).await;
    assert!(done.redirect_parameter("code").is_some());
    let password = json!({
        "Username": "rhea", "Password": PASSWORD, "Permanent": false,
    });
    administer(&pool, "AdminSetUserPassword", password).await;
    let mut browser = pool.browser();
    let page = browser.sign_in(&page_of("/login"), "rhea", PASSWORD).await;
    let fields = [("new_password", NEW), ("confirm_password", NEW)];
    let page = submit(&mut browser, &page, &fields).await;
    assert!(page.body.contains("<h1>Enter your code</h1>"), "{page:?}");
    assert!(!browser.cookies.contains_key("cognito-4000"));
    // A forgotten password.
    let page = browser.get(&page_of("/forgotPassword")).await;
    let page = submit(&mut browser, &page, &[("username", "admin")]).await;
    let code = newest_code(&pool).await;
    let fields = [("username", "admin"), ("code", &*code), ("password", NEW)];
    let page = submit(&mut browser, &page, &fields).await;
    assert!(page.body.contains("Set up your authenticator app"), "{page:?}");
    // A sample user.
    let sample = gazette_user_pool::NewUser {
        username: "writer".to_owned(),
        email: "w@e.x".to_owned(),
        ..crate::test_pool::admin()
    };
    pool.user_pool.ensure_sample_user(sample).await.unwrap();
    let page = pool.browser().get(&page_of("/login")).await;
    let mut browser = pool.browser();
    browser.cookies.insert("XSRF-TOKEN-4000".to_owned(), page.field("_csrf"));
    let fields = [("_csrf", &*page.field("_csrf")), ("sample", "writer")];
    let page = browser.post_form(&page.form_action(), &fields).await;
    assert!(page.body.contains("Set up your authenticator app"), "{page:?}");
}

#[tokio::test]
async fn programs_set_an_app_up_with_the_session_of_the_challenge() {
    let pool = demanding().await;
    let challenge = by_password(&pool, CLI, "admin", PASSWORD).await.json();
    assert_eq!(challenge["ChallengeName"], "MFA_SETUP");
    assert_eq!(challenge["ChallengeParameters"]["MFAS_CAN_SETUP"], "[\"SOFTWARE_TOKEN_MFA\"]");
    let session = &challenge["Session"];
    let respond = async |session: &Value| {
        let body = json!({
            "ChallengeName": "MFA_SETUP", "Session": session,
            "ChallengeResponses": { "USERNAME": "admin" },
        });
        send(&pool, "RespondToAuthChallenge", body).await
    };
    assert_eq!(exception(&respond(session).await), "NotAuthorizedException", "not set up");
    let body = json!({ "Session": session }).to_string();
    let associated = call(&pool, "AssociateSoftwareToken", &body).await.json();
    let secret = associated["SecretCode"].as_str().unwrap();
    let verify = async |code: String| {
        let body = json!({ "Session": associated["Session"], "UserCode": code });
        call(&pool, "VerifySoftwareToken", &body.to_string()).await
    };
    let now = pool.clock.clock()();
    let wrong = verify(code(secret, now + 300)).await;
    assert_eq!(exception(&wrong), "EnableSoftwareTokenMFAException");
    let verified = verify(code(secret, now)).await.json();
    assert_eq!(verified["Status"], "SUCCESS", "{verified}");
    let signed_in = respond(&verified["Session"]).await.json();
    assert!(signed_in["AuthenticationResult"]["AccessToken"].is_string(), "{signed_in}");
    assert_eq!(exception(&respond(&verified["Session"]).await), "NotAuthorizedException", "once");

    pool.advance(60);
    configure(&pool, "OFF").await;
    let signed_in = by_password(&pool, CLI, "admin", PASSWORD).await.json();
    assert!(signed_in["AuthenticationResult"].is_object(), "no code: {signed_in}");
    let refused =
        administer(&pool, "SetUserPoolMfaConfig", json!({ "EmailMfaConfiguration": {} })).await;
    assert_eq!(exception(&refused), "InvalidParameterException");
}

#[tokio::test]
async fn a_page_left_open_for_an_hour_leads_to_a_fresh_login() {
    let pool = demanding().await;
    // The sign-in page itself.
    let mut browser = pool.browser();
    let page = browser.get(&page_of("/login")).await;
    pool.advance(3_600);
    let fields = [("username", "admin"), ("password", PASSWORD)];
    let set_up = submit(&mut browser, &page, &fields).await;
    assert!(set_up.body.contains("Set up your authenticator app"), "{set_up:?}");
    // A later step: the form asks for the password again, with the request of the application.
    pool.advance(3_600);
    let fresh = submit(&mut browser, &set_up, &[("code", "123456")]).await;
    assert!(fresh.body.contains("<h1>Sign in</h1>") && fresh.body.contains("type=\"password\""));
    assert_eq!(fresh.form_action(), page.form_action());
    // A browser that has lost its cookies since.
    browser.cookies.clear();
    let fields = [("username", "admin"), ("password", PASSWORD)];
    let fresh = submit(&mut browser, &page, &fields).await;
    assert!(fresh.body.contains("value=\"admin\"") && fresh.body.contains("type=\"password\""));
    let again = submit(&mut browser, &fresh, &fields).await;
    assert!(again.body.contains("Set up your authenticator app"), "{again:?}");
}

#[tokio::test]
async fn going_back_after_signing_in_continues_as_the_same_user() {
    let pool = TestPool::new().await;
    let (mut browser, _) = pool.sign_in_admin().await;
    let page = browser.get(&page_of("/login")).await;
    assert!(page.body.contains("Sign in as admin"), "{page:?}");
    let again = submit(&mut browser, &page, &[("continue", "1")]).await;
    let code = again.redirect_parameter("code").unwrap();
    assert_eq!(pool.redeem(&code).await.status, StatusCode::OK);
    // Its session has ended meanwhile.
    pool.advance(3_600);
    let fresh = submit(&mut browser, &page, &[("continue", "1")]).await;
    assert!(fresh.body.contains("type=\"password\""), "{fresh:?}");
}

#[tokio::test]
async fn a_step_waits_as_long_as_its_client_says() {
    let pool = demanding().await;
    let create = async |minutes: Value| {
        let flows = ["ALLOW_USER_PASSWORD_AUTH"];
        let client = json!({
            "ClientName": "Shop", "ExplicitAuthFlows": flows, "AuthSessionValidity": minutes,
        });
        administer(&pool, "CreateUserPoolClient", client).await
    };
    for (minutes, seconds) in [(json!(null), 3 * 60), (json!(5), 5 * 60), (json!(15), 15 * 60)] {
        let client = create(minutes).await.json()["UserPoolClient"].take();
        assert_eq!(client["AuthSessionValidity"], seconds / 60);
        let id = client["ClientId"].as_str().unwrap();
        let challenge = by_password(&pool, id, "admin", PASSWORD).await.json();
        let body = json!({ "Session": challenge["Session"] }).to_string();
        pool.advance(seconds - 1);
        let associated = call(&pool, "AssociateSoftwareToken", &body).await;
        assert_eq!(associated.status, StatusCode::OK, "{associated:?}");
        pool.advance(1);
        let expired = call(&pool, "AssociateSoftwareToken", &body).await.json();
        assert_eq!(expired["message"], "Invalid session for the user, session is expired.");
    }
    for minutes in [2, 16] {
        assert_eq!(exception(&create(json!(minutes)).await), "InvalidParameterException");
    }
}
