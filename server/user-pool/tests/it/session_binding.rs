//! Sessions of a sign-in in several steps are of use only to the client and the user that began it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::browser::{Browser, Response};
use crate::hosted_ui::{page_of, submit};
use crate::json_api::{by_password, call};
use crate::mfa::code;
use crate::mfa_setup::configure;
use crate::sign_up::{administer, exception};
use crate::test_pool::{CLI, OTHER, PASSWORD, TestPool, WEB};

const TEMPORARY: &str = "temporary-1";
const INVALID: &str = "Invalid session for the user.";

/// Creates another client with the flows of the first one.
async fn other_client(pool: &TestPool) -> String {
    let client = json!({ "ClientName": "Shop", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"] });
    let created = administer(pool, "CreateUserPoolClient", client).await.json();
    created["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned()
}

async fn set_temporary(pool: &TestPool) {
    let body = json!({ "Username": "admin", "Password": TEMPORARY, "Permanent": false });
    assert_eq!(administer(pool, "AdminSetUserPassword", body).await.status, StatusCode::OK);
}

/// Answers a challenge as someone else, and then as the client and the user that began it.
async fn expect_bound(pool: &TestPool, challenge: &Value, answers: &Value) {
    let name = &challenge["ChallengeName"];
    let other = other_client(pool).await;
    let body = |client: &str, user: &str| {
        let mut responses = answers.clone();
        responses["USERNAME"] = user.into();
        json!({
            "ClientId": client, "ChallengeName": name, "Session": challenge["Session"],
            "ChallengeResponses": responses,
        })
    };
    for (client, user) in [(other.as_str(), "admin"), (CLI, "nobody"), (CLI, "rhea")] {
        let body = body(client, user);
        let answer = call(pool, "RespondToAuthChallenge", &body.to_string()).await;
        assert_eq!(exception(&answer), "NotAuthorizedException", "{name} {client} {user}");
        assert_eq!(answer.json()["message"], INVALID, "{name} {client} {user}");
        let answer = administer(pool, "AdminRespondToAuthChallenge", body).await;
        assert_eq!(answer.json()["message"], INVALID, "{name} {client} {user}");
    }
    // The address names the same user.
    let body = body(CLI, "Admin@example.com").to_string();
    let answer = call(pool, "RespondToAuthChallenge", &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{name}: {answer:?}");
}

#[tokio::test]
async fn pool_07_the_session_of_a_challenge_is_bound_to_client_and_user() {
    let pool = TestPool::new().await;
    pool.directory()
        .add_user(gazette_user_pool::NewUser {
            username: "rhea".to_owned(),
            email: "rhea@example.com".to_owned(),
            ..crate::test_pool::admin()
        })
        .await
        .unwrap();
    set_temporary(&pool).await;
    let challenge = by_password(&pool, CLI, "admin", TEMPORARY).await.json();
    expect_bound(&pool, &challenge, &json!({ "NEW_PASSWORD": PASSWORD })).await;

    configure(&pool, "ON").await;
    let challenge = by_password(&pool, CLI, "admin", PASSWORD).await.json();
    let body = json!({ "Session": challenge["Session"] }).to_string();
    let secret = call(&pool, "AssociateSoftwareToken", &body).await.json();
    let secret = secret["SecretCode"].as_str().unwrap();
    let now = pool.clock.clock()();
    let body = json!({ "Session": challenge["Session"], "UserCode": code(secret, now) });
    assert_eq!(call(&pool, "VerifySoftwareToken", &body.to_string()).await.status, 200);
    expect_bound(&pool, &challenge, &json!({})).await;

    pool.advance(60);
    let challenge = by_password(&pool, CLI, "admin", PASSWORD).await.json();
    let code = code(secret, pool.clock.clock()());
    expect_bound(&pool, &challenge, &json!({ "SOFTWARE_TOKEN_MFA_CODE": code })).await;
}

/// Sends a form of one application's page through the page of another application.
async fn through_another(
    browser: &mut Browser,
    page: &Response,
    fields: &[(&str, &str)],
) -> Response {
    let own = format!("client_id={WEB}");
    let address = page.form_action().replace(&own, &format!("client_id={OTHER}"));
    let address = address.replace("localhost%3A3000", "localhost%3A3001");
    let (csrf, session) = (page.field("_csrf"), page.field("session"));
    let hidden = [("_csrf", csrf.as_str()), ("session", session.as_str())];
    let fields: Vec<_> = hidden.iter().chain(fields).copied().collect();
    browser.post_form(&address, &fields).await
}

#[tokio::test]
async fn pool_07_a_step_of_the_hosted_ui_is_bound_to_its_application() {
    let pool = TestPool::new().await;
    configure(&pool, "ON").await;
    set_temporary(&pool).await;
    let mut browser = pool.browser();
    let page = browser.sign_in(&page_of("/login"), "admin", TEMPORARY).await;
    let fields = [("new_password", PASSWORD), ("confirm_password", PASSWORD)];
    let refused = through_another(&mut browser, &page, &fields).await;
    assert!(refused.body.contains("This took too long. Sign in again."), "{refused:?}");
    let page = submit(&mut browser, &page, &fields).await;
    assert!(page.body.contains("Set up your authenticator app"), "{page:?}");

    let key = crate::mfa_setup::key(&page);
    let set_up = code(&key, pool.clock.clock()());
    let fields = [("step", "set-up"), ("code", set_up.as_str())];
    let refused = through_another(&mut browser, &page, &fields).await;
    assert!(refused.body.contains("This took too long. Sign in again."), "{refused:?}");
    let done = submit(&mut browser, &page, &[("code", &set_up)]).await;
    assert!(done.redirect_parameter("code").is_some(), "{done:?}");

    pool.advance(60);
    let mut browser = pool.browser();
    let page = browser.sign_in(&page_of("/login"), "admin", PASSWORD).await;
    let next = code(&key, pool.clock.clock()());
    let refused = through_another(&mut browser, &page, &[("code", &next)]).await;
    assert!(refused.body.contains("This took too long. Sign in again."), "{refused:?}");
    let done = submit(&mut browser, &page, &[("code", &next)]).await;
    assert!(done.redirect_parameter("code").is_some(), "{done:?}");
}
