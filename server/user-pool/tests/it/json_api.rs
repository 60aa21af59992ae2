//! The JSON API: `InitiateAuth`, and what is not there.

use aws_lc_rs::hmac;
use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::browser::Answer;
use crate::world::{CLI, CONFIDENTIAL, PASSWORD, SECRET, WEB, World};

const MEDIA_TYPE: &str = "application/x-amz-json-1.1";

async fn call(world: &World, operation: &str, body: &str) -> Answer {
    let target = format!("AWSCognitoIdentityProviderService.{operation}");
    let headers = [("content-type", MEDIA_TYPE), ("x-amz-target", target.as_str())];
    world.browser().send(Method::POST, "/", &headers, body.to_owned()).await
}

async fn initiate_auth(world: &World, client: &str, flow: &str, parameters: Value) -> Answer {
    let body = json!({ "AuthFlow": flow, "ClientId": client, "AuthParameters": parameters });
    call(world, "InitiateAuth", &body.to_string()).await
}

pub(crate) async fn by_password(world: &World, client: &str, name: &str, password: &str) -> Answer {
    let parameters = json!({ "USERNAME": name, "PASSWORD": password });
    initiate_auth(world, client, "USER_PASSWORD_AUTH", parameters).await
}

fn is_error(answer: &Answer, kind: &str, message: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
    assert_eq!(answer.header("content-type"), MEDIA_TYPE);
    assert_eq!(answer.header("x-amzn-errortype"), kind);
    assert_eq!(answer.json(), json!({ "__type": kind, "message": message }));
}

#[tokio::test]
async fn a_password_gives_tokens_and_they_can_be_refreshed() {
    let world = World::new().await;
    let answer = by_password(&world, CLI, "admin", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.header("content-type"), MEDIA_TYPE);
    let result = answer.json();
    assert_eq!(result["ChallengeParameters"], json!({}));
    let result = &result["AuthenticationResult"];
    assert_eq!((&result["ExpiresIn"], &result["TokenType"]), (&json!(3600), &json!("Bearer")));
    let token = result["RefreshToken"].as_str().unwrap();
    for flow in ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"] {
        let answer = initiate_auth(&world, CLI, flow, json!({ "REFRESH_TOKEN": token })).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        let result = answer.json()["AuthenticationResult"].take();
        assert!(result["IdToken"].is_string() && result["AccessToken"].is_string());
        assert!(result.get("RefreshToken").is_none());
    }
    let answer = world.refresh(CLI, token).await;
    assert_eq!(answer.status, StatusCode::OK);
    let parameters = json!({ "REFRESH_TOKEN": token });
    let answer = initiate_auth(&world, WEB, "REFRESH_TOKEN_AUTH", parameters).await;
    is_error(&answer, "NotAuthorizedException", "Invalid Refresh Token");
}

#[tokio::test]
async fn refusals_are_cognitos() {
    let world = World::new().await;
    let wrong = "Incorrect username or password.";
    let answer = by_password(&world, CLI, "admin", "wrong horse battery").await;
    is_error(&answer, "NotAuthorizedException", wrong);
    let answer = by_password(&world, CLI, "nobody", PASSWORD).await;
    is_error(&answer, "NotAuthorizedException", wrong);
    let answer = by_password(&world, "nobody", "admin", PASSWORD).await;
    is_error(&answer, "ResourceNotFoundException", "User pool client nobody does not exist.");
    let answer = by_password(&world, WEB, "admin", PASSWORD).await;
    let off = "USER_PASSWORD_AUTH flow not enabled for this client";
    is_error(&answer, "InvalidParameterException", off);
    let answer = initiate_auth(&world, CLI, "USER_PASSWORD_AUTH", json!({})).await;
    is_error(&answer, "InvalidParameterException", "Missing required parameter USERNAME");
    let answer = initiate_auth(&world, CLI, "GUESS", json!({})).await;
    is_error(&answer, "InvalidParameterException", "AuthFlow is unknown.");
    for body in ["", "[]", "{", r#"{"AuthFlow":1}"#, &"[".repeat(50_000)] {
        let answer = call(&world, "InitiateAuth", body).await;
        is_error(&answer, "SerializationException", "The request cannot be read.");
    }
    is_error(&call(&world, "DeleteEverything", "{}").await, "UnknownOperationException", "");
    let answer = world.browser().post_form("/", &[("x", "y")]).await;
    is_error(&answer, "UnknownOperationException", "");
}

#[tokio::test]
async fn pool_07_the_lockout_holds_here_too() {
    let world = World::new().await;
    for _ in 0..5 {
        by_password(&world, CLI, "admin", "wrong horse battery").await;
    }
    let answer = by_password(&world, CLI, "admin", PASSWORD).await;
    is_error(&answer, "NotAuthorizedException", "Password attempts exceeded");
    world.pass(1);
    assert_eq!(by_password(&world, CLI, "admin", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn pool_07_many_attempts_at_once_do_not_outrun_the_count() {
    let world = std::sync::Arc::new(World::new().await);
    let attempts: Vec<_> = (0..20)
        .map(|_| {
            let world = world.clone();
            tokio::spawn(async move {
                by_password(&world, CLI, "admin", "wrong horse battery").await.body
            })
        })
        .collect();
    let mut compared = 0;
    for attempt in attempts {
        compared += usize::from(attempt.await.unwrap().contains("Incorrect"));
    }
    assert_eq!(compared, 5);
}

#[tokio::test]
async fn a_client_with_a_secret_shows_its_hash() {
    let world = World::new().await;
    let answer = by_password(&world, CONFIDENTIAL, "admin", PASSWORD).await;
    let missing = "Client confidential is configured with secret but SECRET_HASH was not received";
    is_error(&answer, "NotAuthorizedException", missing);
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let right = STANDARD.encode(hmac::sign(&key, b"adminconfidential"));
    for (hash, status) in [("AAAA", StatusCode::BAD_REQUEST), (right.as_str(), StatusCode::OK)] {
        let parameters = json!({ "USERNAME": "admin", "PASSWORD": PASSWORD, "SECRET_HASH": hash });
        let answer = initiate_auth(&world, CONFIDENTIAL, "USER_PASSWORD_AUTH", parameters).await;
        assert_eq!(answer.status, status, "{answer:?}");
    }
}
