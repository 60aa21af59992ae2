//! `/oauth2/token`: refresh tokens, client authentication and errors.

use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::test_pool::{
    CALLBACK, CONFIDENTIAL, OTHER, PASSWORD, SECRET, TestPool, VERIFIER, WEB, authorize,
};

const TOKEN: &str = "/oauth2/token";

#[tokio::test]
async fn a_refresh_returns_new_tokens_with_the_current_groups() {
    let pool = TestPool::new().await;
    let first = pool.tokens().await;
    let token = first["refresh_token"].as_str().unwrap();
    pool.directory().set_groups("admin", vec![]).await.unwrap();
    pool.advance(30 * 24 * 3600 - 1);
    let response = pool.refresh(WEB, token).await;
    assert_eq!(response.status, StatusCode::OK, "{response:?}");
    let second = response.json();
    assert!(second.get("refresh_token").is_none());
    let (before, after) = (
        crate::token_shapes::claims(&first["id_token"]),
        crate::token_shapes::claims(&second["id_token"]),
    );
    assert_eq!(before["cognito:groups"], serde_json::json!(["admin"]));
    assert!(after.get("cognito:groups").is_none() && after.get("nonce").is_none());
    for same in ["sub", "auth_time", "origin_jti", "event_id"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert_ne!(before["jti"], after["jti"]);
    pool.advance(1);
    assert_eq!(pool.refresh(WEB, token).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn pool_06_a_refresh_token_is_bound_to_its_client() {
    let pool = TestPool::new().await;
    let tokens = pool.tokens().await;
    let token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(pool.refresh(OTHER, token).await.json()["error"], "invalid_grant");
    assert_eq!(pool.refresh("unknown", token).await.json()["error"], "invalid_client");
    assert_eq!(
        pool.refresh(WEB, token).await.status,
        StatusCode::OK,
        "still valid for its own client"
    );
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(pool.refresh(WEB, access).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn failed_client_authentication_does_not_use_up_a_code() {
    let pool = TestPool::new().await;
    let mut browser = pool.browser();
    let login = browser.get(&authorize(&[("client_id", CONFIDENTIAL)])).await.location();
    let response = browser.sign_in(login.as_str(), "admin", PASSWORD).await;
    let code = response.redirect_parameter("code").unwrap();
    let fields = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", CALLBACK),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ];
    let basic =
        |id: &str, secret: &str| format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    for (authorization, error) in [
        (basic(CONFIDENTIAL, "wrong"), "invalid_client"),
        (basic(CONFIDENTIAL, ""), "invalid_client"),
        (basic("unknown", SECRET), "invalid_client"),
        (basic(WEB, SECRET), "invalid_client"),
        ("Basic %%%".to_owned(), "invalid_client"),
        ("Bearer abc".to_owned(), "invalid_client"),
    ] {
        let response = pool.browser().post_form_as(TOKEN, &authorization, &fields).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST);
        assert_eq!(response.json()["error"], error, "{authorization}");
    }
    let in_body = [&fields[..], &[("client_id", CONFIDENTIAL)]].concat();
    let response = pool.browser().post_form(TOKEN, &in_body).await;
    assert_eq!(response.json()["error"], "invalid_client", "no secret");
    let both = [&in_body[..], &[("client_secret", SECRET)]].concat();
    let right = basic(CONFIDENTIAL, SECRET);
    let response = pool.browser().post_form_as(TOKEN, &right, &both).await;
    assert_eq!(response.json()["error"], "invalid_request", "two secrets");
    let response = pool.browser().post_form_as(TOKEN, &right, &fields).await;
    assert_eq!(response.status, StatusCode::OK, "{response:?}");
    let token = response.json()["refresh_token"].as_str().unwrap().to_owned();
    let refresh = [
        ("grant_type", "refresh_token"),
        ("client_id", CONFIDENTIAL),
        ("client_secret", SECRET),
        ("refresh_token", &token),
    ];
    assert_eq!(pool.browser().post_form(TOKEN, &refresh).await.status, StatusCode::OK);
}

#[tokio::test]
async fn invalid_requests_get_oauth_error_codes() {
    let pool = TestPool::new().await;
    let mut browser = pool.browser();
    let response = browser.get(TOKEN).await;
    assert_eq!((response.status, response.body.as_str()), (StatusCode::METHOD_NOT_ALLOWED, ""));
    let json = [("content-type", "application/json")];
    let body = r#"{"grant_type":"refresh_token"}"#.to_owned();
    let response = browser.send(Method::POST, TOKEN, &json, body).await;
    assert_eq!(response.json()["error"], "invalid_request");
    for (fields, error) in [
        (vec![], "invalid_request"),
        (vec![("grant_type", "refresh_token")], "invalid_request"),
        (vec![("grant_type", "refresh_token"), ("client_id", WEB)], "invalid_request"),
        (vec![("grant_type", "password"), ("client_id", WEB)], "unsupported_grant_type"),
        (vec![("grant_type", "client_credentials"), ("client_id", WEB)], "unauthorized_client"),
        (
            vec![("grant_type", "authorization_code"), ("client_id", "gazettecli")],
            "unauthorized_client",
        ),
        (vec![("grant_type", "a"), ("grant_type", "b"), ("client_id", WEB)], "invalid_request"),
    ] {
        let response = browser.post_form(TOKEN, &fields).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST);
        assert_eq!(response.json()["error"], error, "{fields:?}");
        assert_eq!(response.header("cache-control"), "no-store");
    }
}
