//! Sign-up, forgotten passwords and the outbox.

use axum::http::{Method, StatusCode};
use gazette_user_pool::UserPool;
use serde_json::{Value, json};

use crate::admin_api::call_with;
use crate::browser::Response;
use crate::json_api::{by_password, call};
use crate::test_pool::{CLI, PASSWORD, TestPool, config};

const OWN: &str = "a password of my own";

pub(crate) async fn send(pool: &TestPool, operation: &str, mut body: Value) -> Response {
    body["ClientId"] = json!(CLI);
    call(pool, operation, &body.to_string()).await
}

pub(crate) async fn administer(pool: &TestPool, operation: &str, mut body: Value) -> Response {
    body["UserPoolId"] = json!("local_gazette");
    call_with(operation, &body).at(pool.clock.clock()()).send(pool).await
}

/// Returns the messages of the outbox, newest first.
pub(crate) async fn outbox(pool: &TestPool) -> Vec<Value> {
    let headers = [("accept", "application/json")];
    let answer = pool.browser().send(Method::GET, "/_pool/outbox", &headers, String::new()).await;
    answer.json()["messages"].as_array().unwrap().clone()
}

pub(crate) async fn newest_code(pool: &TestPool) -> String {
    outbox(pool).await[0]["code"].as_str().unwrap().to_owned()
}

pub(crate) async fn sign_up(pool: &TestPool, name: &str, email: &str) -> Response {
    let attributes = json!([
        { "Name": "email", "Value": email },
        { "Name": "name", "Value": "Rhea Reader" },
        { "Name": "custom:plan", "Value": "gold" },
    ]);
    let body = json!({ "Username": name, "Password": PASSWORD, "UserAttributes": attributes });
    send(pool, "SignUp", body).await
}

pub(crate) async fn sign_up_confirmed(pool: &TestPool, name: &str, email: &str) {
    assert_eq!(sign_up(pool, name, email).await.status, StatusCode::OK);
    let code = newest_code(pool).await;
    let body = json!({ "Username": name, "ConfirmationCode": code });
    let confirmed = send(pool, "ConfirmSignUp", body).await;
    assert_eq!((confirmed.status, confirmed.body.as_str()), (StatusCode::OK, "{}"));
}

pub(crate) fn exception(response: &Response) -> String {
    assert_eq!(response.status, StatusCode::BAD_REQUEST, "{response:?}");
    response.json()["__type"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_user_signs_up_confirms_and_signs_in_by_name_or_address() {
    let pool = TestPool::new().await;
    let signed_up = sign_up(&pool, "Rhea", "rhea@example.com").await.json();
    assert_eq!(signed_up["UserConfirmed"], false);
    let delivery = json!({
        "Destination": "r***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email",
    });
    assert_eq!(signed_up["CodeDeliveryDetails"], delivery);
    let early = by_password(&pool, CLI, "rhea", PASSWORD).await;
    assert_eq!(early.json()["message"], "User is not confirmed.");
    assert_eq!(exception(&early), "UserNotConfirmedException");
    let wrong = json!({ "Username": "rhea", "ConfirmationCode": "x" });
    assert_eq!(exception(&send(&pool, "ConfirmSignUp", wrong).await), "CodeMismatchException");

    let first = newest_code(&pool).await;
    send(&pool, "ResendConfirmationCode", json!({ "Username": "rhea" })).await;
    assert_eq!(outbox(&pool).await.len(), 2);
    let second = newest_code(&pool).await;
    if first != second {
        let old = json!({ "Username": "rhea", "ConfirmationCode": first });
        assert_eq!(exception(&send(&pool, "ConfirmSignUp", old).await), "CodeMismatchException");
    }
    let right = json!({ "Username": "rhea", "ConfirmationCode": second });
    assert_eq!(send(&pool, "ConfirmSignUp", right.clone()).await.status, StatusCode::OK);
    let again = send(&pool, "ConfirmSignUp", right).await.json();
    assert_eq!(again["message"], "User cannot be confirmed. Current status is CONFIRMED");
    assert_eq!(by_password(&pool, CLI, "rhea", PASSWORD).await.status, StatusCode::OK);
    let by_address = by_password(&pool, CLI, "RHEA@example.com", PASSWORD).await;
    assert_eq!(by_address.status, StatusCode::OK, "{by_address:?}");
    let user = administer(&pool, "AdminGetUser", json!({ "Username": "rhea@example.com" })).await;
    let user = user.json();
    assert_eq!((&user["Username"], &user["UserStatus"]), (&json!("Rhea"), &json!("CONFIRMED")));
    assert!(user["UserAttributes"].as_array().unwrap().contains(&json!(
        { "Name": "custom:plan", "Value": "gold" }
    )));
}

#[tokio::test]
async fn a_sign_up_is_checked() {
    let pool = TestPool::new().await;
    assert_eq!(exception(&sign_up(&pool, "ADMIN", "a@b").await), "UsernameExistsException");
    for (body, kind, message) in [
        (
            json!({ "Username": "rhea", "Password": PASSWORD }),
            "InvalidParameterException",
            "Attributes did not conform to the schema: email: The attribute is required\n",
        ),
        (
            json!({ "Username": "rhea@example.com", "Password": "1234567" }),
            "InvalidPasswordException",
            "Password did not conform with policy: Password not long enough",
        ),
        (
            json!({ "Username": "rhea@example.com", "Password": "" }),
            "InvalidParameterException",
            "1 validation error detected: Value at 'password' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: [\\S]+",
        ),
        (
            json!({ "Username": "admin@example.com", "Password": PASSWORD }),
            "UsernameExistsException",
            "User already exists",
        ),
    ] {
        let answer = send(&pool, "SignUp", body).await;
        assert_eq!(exception(&answer), kind);
        assert_eq!(answer.json()["message"], message);
    }
    assert_eq!(sign_up(&pool, "rhea", "admin@example.com").await.status, StatusCode::OK);
    let code = newest_code(&pool).await;
    let body = json!({ "Username": "rhea", "ConfirmationCode": code });
    assert_eq!(exception(&send(&pool, "ConfirmSignUp", body).await), "AliasExistsException");
    assert_eq!(by_password(&pool, CLI, "admin@example.com", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn pool_07_codes_cannot_be_guessed_and_do_not_tell_who_exists() {
    let pool = TestPool::new().await;
    sign_up(&pool, "rhea", "rhea@example.com").await;
    let code = newest_code(&pool).await;
    let guess = if code == "123456" { "654321" } else { "123456" };
    let try_code = |code: &str| json!({ "Username": "rhea", "ConfirmationCode": code });
    for _ in 0..15 {
        let answer = send(&pool, "ConfirmSignUp", try_code(guess)).await;
        assert_eq!(exception(&answer), "CodeMismatchException");
    }
    let answer = send(&pool, "ConfirmSignUp", try_code(&code)).await;
    assert_eq!(exception(&answer), "LimitExceededException", "even the right code");
    pool.advance(60 * 60);
    assert_eq!(send(&pool, "ConfirmSignUp", try_code(&code)).await.status, StatusCode::OK);

    let unknown = send(&pool, "ForgotPassword", json!({ "Username": "nobody" })).await;
    assert_eq!(unknown.status, StatusCode::OK, "{unknown:?}");
    assert!(unknown.body.contains("***@"));
    for (name, kind) in [("nobody", "CodeMismatchException"), ("noone", "ExpiredCodeException")] {
        let body = json!({ "Username": name, "ConfirmationCode": "1", "Password": OWN });
        let answer = send(&pool, "ConfirmForgotPassword", body).await;
        assert_eq!(exception(&answer), kind, "{name}");
    }
    for _ in 0..6 {
        send(&pool, "ForgotPassword", json!({ "Username": "rhea" })).await;
    }
    let limited = send(&pool, "ForgotPassword", json!({ "Username": "rhea" })).await;
    assert_eq!(exception(&limited), "LimitExceededException");
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_and_every_sign_in_ends() {
    let pool = TestPool::new().await;
    let tokens = pool.tokens().await;
    send(&pool, "ForgotPassword", json!({ "Username": "admin" })).await;
    let code = newest_code(&pool).await;
    let answer = |password: &str| json!({ "Username": "admin", "ConfirmationCode": code, "Password": password });
    let short = send(&pool, "ConfirmForgotPassword", answer("1234567")).await;
    assert_eq!(exception(&short), "InvalidPasswordException", "the code is still good");
    assert_eq!(send(&pool, "ConfirmForgotPassword", answer(OWN)).await.status, StatusCode::OK);
    let again = send(&pool, "ConfirmForgotPassword", answer(OWN)).await;
    assert_eq!(exception(&again), "ExpiredCodeException", "used once");
    assert_eq!(by_password(&pool, CLI, "admin", OWN).await.status, StatusCode::OK);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(pool.refresh("gazetteweb", refresh).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn users_codes_and_messages_survive_a_restart() {
    let pool = TestPool::new().await;
    sign_up(&pool, "rhea", "rhea@example.com").await;
    let keys = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("keys");
    let table = std::sync::Arc::clone(&pool.table);
    let user_pool = UserPool::open(config(&pool.clock, keys), table).await.unwrap();
    let pool = TestPool { user_pool, ..pool };
    let code = newest_code(&pool).await;
    let body = json!({ "Username": "rhea", "ConfirmationCode": code });
    assert_eq!(send(&pool, "ConfirmSignUp", body).await.status, StatusCode::OK);
    let headers = [("accept", "text/html,*/*")];
    let page = pool.browser().send(Method::GET, "/_pool/outbox", &headers, String::new()).await;
    assert!(page.header("content-type").starts_with("text/html"), "{page:?}");
    assert!(page.body.contains(&code) && page.body.contains("rhea@example.com"));
}
