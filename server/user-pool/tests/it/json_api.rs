//! The JSON API: `InitiateAuth` and unknown operations.

use aws_lc_rs::hmac;
use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::browser::Response;
use crate::sign_up::administer;
use crate::test_pool::{CLI, CONFIDENTIAL, PASSWORD, SECRET, TestPool, WEB};

const MEDIA_TYPE: &str = "application/x-amz-json-1.1";

pub(crate) async fn call(pool: &TestPool, operation: &str, body: &str) -> Response {
    let target = format!("AWSCognitoIdentityProviderService.{operation}");
    let headers = [("content-type", MEDIA_TYPE), ("x-amz-target", target.as_str())];
    pool.browser().send(Method::POST, "/", &headers, body.to_owned()).await
}

async fn initiate_auth(pool: &TestPool, client: &str, flow: &str, parameters: Value) -> Response {
    let body = json!({ "AuthFlow": flow, "ClientId": client, "AuthParameters": parameters });
    call(pool, "InitiateAuth", &body.to_string()).await
}

pub(crate) async fn by_password(
    pool: &TestPool,
    client: &str,
    name: &str,
    password: &str,
) -> Response {
    let parameters = json!({ "USERNAME": name, "PASSWORD": password });
    initiate_auth(pool, client, "USER_PASSWORD_AUTH", parameters).await
}

fn assert_error(response: &Response, kind: &str, message: &str) {
    assert_eq!(response.status, StatusCode::BAD_REQUEST, "{response:?}");
    assert_eq!(response.header("content-type"), MEDIA_TYPE);
    assert_eq!(response.header("x-amzn-errortype"), kind);
    assert_eq!(response.json(), json!({ "__type": kind, "message": message }));
}

#[tokio::test]
async fn a_password_returns_tokens_that_can_be_refreshed() {
    let pool = TestPool::new().await;
    let response = by_password(&pool, CLI, "admin", PASSWORD).await;
    assert_eq!(response.status, StatusCode::OK, "{response:?}");
    assert_eq!(response.header("content-type"), MEDIA_TYPE);
    let result = response.json();
    assert_eq!(result["ChallengeParameters"], json!({}));
    let result = &result["AuthenticationResult"];
    assert_eq!((&result["ExpiresIn"], &result["TokenType"]), (&json!(3600), &json!("Bearer")));
    let token = result["RefreshToken"].as_str().unwrap();
    for flow in ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"] {
        let response = initiate_auth(&pool, CLI, flow, json!({ "REFRESH_TOKEN": token })).await;
        assert_eq!(response.status, StatusCode::OK, "{response:?}");
        let result = response.json()["AuthenticationResult"].take();
        assert!(result["IdToken"].is_string() && result["AccessToken"].is_string());
        assert!(result.get("RefreshToken").is_none());
    }
    let response = pool.refresh(CLI, token).await;
    assert_eq!(response.status, StatusCode::OK);
    let parameters = json!({ "REFRESH_TOKEN": token });
    let response = initiate_auth(&pool, WEB, "REFRESH_TOKEN_AUTH", parameters).await;
    assert_error(&response, "NotAuthorizedException", "Invalid Refresh Token");
}

#[tokio::test]
async fn errors_are_those_of_cognito() {
    let pool = TestPool::new().await;
    let incorrect = "Incorrect username or password.";
    let response = by_password(&pool, CLI, "admin", "wrong horse battery").await;
    assert_error(&response, "NotAuthorizedException", incorrect);
    let response = by_password(&pool, CLI, "unknown", PASSWORD).await;
    assert_error(&response, "NotAuthorizedException", incorrect);
    let response = by_password(&pool, "unknown", "admin", PASSWORD).await;
    assert_error(
        &response,
        "ResourceNotFoundException",
        "User pool client unknown does not exist.",
    );
    let response = by_password(&pool, WEB, "admin", PASSWORD).await;
    let disabled = "USER_PASSWORD_AUTH flow not enabled for this client";
    assert_error(&response, "InvalidParameterException", disabled);
    let response = initiate_auth(&pool, CLI, "USER_PASSWORD_AUTH", json!({})).await;
    assert_error(&response, "InvalidParameterException", "Missing required parameter USERNAME");
    let response = initiate_auth(&pool, CLI, "GUESS", json!({})).await;
    let message = response.json()["message"].as_str().unwrap().to_owned();
    let start = "1 validation error detected: Value 'GUESS' at 'authFlow' failed to satisfy \
                 constraint: Member must satisfy enum value set: [USER_SRP_AUTH, ";
    assert!(message.starts_with(start), "{message}");
    for body in ["", "[]", "{", &"[".repeat(50_000)] {
        let response = call(&pool, "InitiateAuth", body).await;
        assert_error(&response, "SerializationException", "The request cannot be read.");
    }
    let response = call(&pool, "InitiateAuth", r#"{"AuthFlow":1}"#).await;
    let mismatch = "NUMBER_VALUE can not be converted to a String";
    assert_error(&response, "SerializationException", mismatch);
    let response = call(&pool, "InitiateAuth", r#"{"AuthFlow":"USER_SRP_AUTH"}"#).await;
    let missing = "1 validation error detected: Value null at 'clientId' failed to satisfy \
                   constraint: Member must not be null";
    assert_error(&response, "InvalidParameterException", missing);
    let unknown = "This user pool has no operation DeleteEverything.";
    let response = call(&pool, "DeleteEverything", "{}").await;
    assert_error(&response, "UnknownOperationException", unknown);
    assert!(!response.header("x-amzn-requestid").is_empty());
    let response = pool.browser().post_form("/", &[("x", "y")]).await;
    assert_eq!(response.json()["__type"], "UnknownOperationException");
}

#[tokio::test]
async fn pool_07_the_lockout_applies_to_the_json_api() {
    let pool = TestPool::new().await;
    for _ in 0..5 {
        by_password(&pool, CLI, "admin", "wrong horse battery").await;
    }
    let response = by_password(&pool, CLI, "admin", PASSWORD).await;
    assert_error(&response, "NotAuthorizedException", "Password attempts exceeded");
    pool.advance(1);
    assert_eq!(by_password(&pool, CLI, "admin", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn pool_07_concurrent_attempts_do_not_exceed_the_limit() {
    let pool = std::sync::Arc::new(TestPool::new().await);
    let attempts: Vec<_> = (0..20)
        .map(|_| {
            let pool = pool.clone();
            tokio::spawn(async move {
                by_password(&pool, CLI, "admin", "wrong horse battery").await.body
            })
        })
        .collect();
    let mut checked = 0;
    for attempt in attempts {
        checked += usize::from(attempt.await.unwrap().contains("Incorrect"));
    }
    assert_eq!(checked, 5);
}

#[tokio::test]
async fn a_client_with_a_secret_must_send_its_hash() {
    let pool = TestPool::new().await;
    let response = by_password(&pool, CONFIDENTIAL, "admin", PASSWORD).await;
    let missing = "Client confidential is configured with secret but SECRET_HASH was not received";
    assert_error(&response, "NotAuthorizedException", missing);
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let right = STANDARD.encode(hmac::sign(&key, b"adminconfidential"));
    for (hash, status) in [("AAAA", StatusCode::BAD_REQUEST), (right.as_str(), StatusCode::OK)] {
        let parameters = json!({ "USERNAME": "admin", "PASSWORD": PASSWORD, "SECRET_HASH": hash });
        let response = initiate_auth(&pool, CONFIDENTIAL, "USER_PASSWORD_AUTH", parameters).await;
        assert_eq!(response.status, status, "{response:?}");
    }
}

#[tokio::test]
async fn a_client_refreshes_by_the_flow_that_it_enables() {
    let pool = TestPool::new().await;
    for (flows, is_enabled) in [
        (json!(["ALLOW_USER_PASSWORD_AUTH"]), false),
        (json!(["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]), true),
        // The older name.
        (json!(["USER_PASSWORD_AUTH"]), true),
    ] {
        let client = json!({ "ClientName": "Shop", "ExplicitAuthFlows": flows });
        let client = administer(&pool, "CreateUserPoolClient", client).await.json();
        let id = client["UserPoolClient"]["ClientId"].as_str().unwrap();
        let tokens = by_password(&pool, id, "admin", PASSWORD).await.json();
        let parameters = json!({ "REFRESH_TOKEN": tokens["AuthenticationResult"]["RefreshToken"] });
        let response = initiate_auth(&pool, id, "REFRESH_TOKEN_AUTH", parameters).await;
        if is_enabled {
            assert_eq!(response.status, StatusCode::OK, "{flows}: {response:?}");
        } else {
            let disabled = "REFRESH_TOKEN_AUTH flow not enabled for this client";
            assert_error(&response, "InvalidParameterException", disabled);
        }
    }
}
