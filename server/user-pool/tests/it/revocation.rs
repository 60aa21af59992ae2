//! `/oauth2/revoke`, and `/oauth2/userInfo`, which refuses revoked tokens.

use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use crate::browser::Response;
use crate::test_pool::{CONFIDENTIAL, ROTATING, SECRET, TestPool, WEB};

async fn revoke(pool: &TestPool, client: &str, token: &str) -> Response {
    let fields = [("client_id", client), ("token", token)];
    pool.browser().post_form("/oauth2/revoke", &fields).await
}

async fn user_info(pool: &TestPool, authorization: &str) -> Response {
    let headers = [("authorization", authorization)];
    pool.browser().send(Method::GET, "/oauth2/userInfo", &headers, String::new()).await
}

#[tokio::test]
async fn oau_13_revoking_a_token_ends_its_token_family() {
    let pool = TestPool::new().await;
    let tokens = pool.tokens_for(ROTATING).await;
    let first = tokens["refresh_token"].as_str().unwrap();
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let info = user_info(&pool, &bearer).await;
    assert_eq!(info.status, StatusCode::OK, "{info:?}");
    assert_eq!(info.json()["email_verified"], json!("true"), "a string, as in Cognito");
    assert_eq!(info.json()["username"], json!("admin"));
    let second = pool.refresh(ROTATING, first).await.json();
    let second = second["refresh_token"].as_str().unwrap();

    assert_eq!(revoke(&pool, WEB, second).await.status, StatusCode::OK, "another client");
    assert_eq!(user_info(&pool, &bearer).await.status, StatusCode::OK, "still valid");
    let response = revoke(&pool, ROTATING, second).await;
    assert_eq!((response.status, response.body.as_str()), (StatusCode::OK, ""));
    for token in [first, second] {
        assert_eq!(pool.refresh(ROTATING, token).await.json()["error"], "invalid_grant");
    }
    let response = user_info(&pool, &bearer).await;
    assert_eq!(response.status, StatusCode::UNAUTHORIZED);
    assert!(response.header("www-authenticate").contains("invalid_token"));
    assert_eq!(revoke(&pool, ROTATING, second).await.status, StatusCode::OK, "idempotent");
}

#[tokio::test]
async fn oau_13_a_client_with_a_secret_revokes_by_http_basic() {
    let pool = TestPool::new().await;
    let tokens = pool.tokens_for(CONFIDENTIAL).await;
    let token = tokens["refresh_token"].as_str().unwrap();
    let revoke = async |secret: &str| {
        let basic = format!("Basic {}", STANDARD.encode(format!("{CONFIDENTIAL}:{secret}")));
        pool.browser().post_form_as("/oauth2/revoke", &basic, &[("token", token)]).await.status
    };
    assert_eq!(revoke("wrong").await, StatusCode::UNAUTHORIZED);
    assert_eq!(revoke(SECRET).await, StatusCode::OK);
    let refresh = [
        ("grant_type", "refresh_token"),
        ("client_id", CONFIDENTIAL),
        ("client_secret", SECRET),
        ("refresh_token", token),
    ];
    let refused = pool.browser().post_form("/oauth2/token", &refresh).await;
    assert_eq!(refused.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn invalid_revocations_get_the_errors_of_cognito() {
    let pool = TestPool::new().await;
    let access = pool.tokens().await["access_token"].as_str().unwrap().to_owned();
    for (client, token, status, error) in [
        (WEB, access.as_str(), 400, "unsupported_token_type"),
        (WEB, "", 400, "invalid_request"),
        ("unknown", "x", 401, "invalid_client"),
        (CONFIDENTIAL, "x", 401, "invalid_client"),
    ] {
        let response = revoke(&pool, client, token).await;
        assert_eq!((response.status.as_u16(), &response.json()["error"]), (status, &json!(error)));
    }
    assert_eq!(revoke(&pool, WEB, "unknown").await.status, StatusCode::OK);
}

#[tokio::test]
async fn user_info_accepts_only_valid_access_tokens_with_openid() {
    let pool = TestPool::new().await;
    let tokens = pool.tokens_for(WEB).await;
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    let access = text("access_token");
    let forged = format!("{access}AAAA");
    for bad in
        [text("id_token"), text("refresh_token"), forged, "..".to_owned(), "x".repeat(40_000)]
    {
        let response = user_info(&pool, &format!("Bearer {bad}")).await;
        assert_eq!(response.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(user_info(&pool, "Basic eDp5").await.status, StatusCode::BAD_REQUEST);
    let api =
        crate::json_api::by_password(&pool, "gazettecli", "admin", crate::test_pool::PASSWORD);
    let api = api.await.json()["AuthenticationResult"]["AccessToken"].as_str().unwrap().to_owned();
    let response = user_info(&pool, &format!("Bearer {api}")).await;
    assert!(response.header("www-authenticate").contains("openid scope"), "{response:?}");
    pool.directory().sign_out_everywhere("admin").await.unwrap();
    let response = user_info(&pool, &format!("Bearer {access}")).await;
    assert_eq!(response.status, StatusCode::UNAUTHORIZED, "signed out everywhere");
    let again = pool.tokens().await["access_token"].as_str().unwrap().to_owned();
    pool.advance(3600);
    assert_eq!(user_info(&pool, &format!("Bearer {again}")).await.status, StatusCode::UNAUTHORIZED);
}
