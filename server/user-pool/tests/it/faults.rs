//! Faults that can be switched on.

use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gazette_table::MemoryTable;
use gazette_table::conformance::ManualClock;
use gazette_user_pool::{PoolConfig, PoolError, UserPool};
use serde_json::{Value, json};

use crate::browser::Response;
use crate::test_pool::{NOW, TestPool, authorize, config};

const PATH: &str = "/_pool/faults";
const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

async fn switch(pool: &TestPool, names: &[&str]) -> Response {
    let body = json!({ "on": names }).to_string();
    pool.browser().send(Method::POST, PATH, &JSON, body).await
}

fn decoded(token: &Value, part: usize) -> Value {
    let part = token.as_str().unwrap().split('.').nth(part).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn pool_09_a_normal_pool_has_no_faults() {
    let pool = TestPool::new().await;
    assert_eq!(pool.browser().get(PATH).await.status, StatusCode::NOT_FOUND);
    assert_eq!(switch(&pool, &["id-token-issuer"]).await.status, StatusCode::NOT_FOUND);
    let claims = decoded(&pool.tokens().await["id_token"], 1);
    assert_eq!(claims["iss"], "http://localhost:4000/local_gazette");
}

#[tokio::test]
async fn pool_09_faults_need_a_loopback_origin() {
    let folder = tempfile::tempdir().unwrap();
    let clock = ManualClock::default();
    for origin in ["https://localhost:4000", "http://pool.example", "http://192.0.2.1:4000"] {
        let config = PoolConfig {
            public_url: origin.parse().unwrap(),
            has_faults: true,
            ..config(&clock, folder.path().to_owned())
        };
        let opened = UserPool::open(config, std::sync::Arc::new(MemoryTable::new(clock.clock())));
        match opened.await {
            Err(PoolError::Setting { setting, .. }) => assert_eq!(setting, "has_faults"),
            other => panic!("{origin}: {:?}", other.err()),
        }
    }
}

#[tokio::test]
async fn pool_09_faults_are_off_until_a_program_of_this_machine_switches_them() {
    let pool = TestPool::with_faults().await;
    let listed = pool.browser().get(PATH).await.json();
    let listed = listed["faults"].as_array().unwrap().clone();
    assert!(listed.len() > 50 && listed.iter().all(|fault| fault["on"] == false), "{listed:?}");
    let text = [("content-type", "text/plain")];
    for (headers, body, status) in [
        (&text[..], r#"{"on":[]}"#, 415),
        (&[][..], r#"{"on":[]}"#, 415),
        (&JSON[..], "", 400),
        (&JSON[..], r#"{"on":["id-token"]}"#, 400),
        (&JSON[..], r#"{"on":[],"x":1}"#, 400),
        (&JSON[..], r#"{"on":["id-token-issuer"]}"#, 200),
    ] {
        let response = pool.browser().send(Method::POST, PATH, headers, body.to_owned()).await;
        assert_eq!(response.status.as_u16(), status, "{body}");
    }
    let refused = switch(&pool, &["nonsense"]).await.json()["message"].clone();
    assert_eq!(refused, "no fault has the name \"nonsense\"; GET /_pool/faults lists the faults");
    let listed = pool.browser().get(PATH).await.json();
    let is_on = |fault: &&Value| fault["on"] == true;
    let on: Vec<&Value> = listed["faults"].as_array().unwrap().iter().filter(is_on).collect();
    assert_eq!(on.len(), 1);
    assert_eq!(on[0]["name"], "id-token-issuer");
}

#[tokio::test]
async fn pool_09_tokens_have_the_faults_that_are_on() {
    let pool = TestPool::with_faults().await;
    let other = "another";
    for (name, token, part, member, value) in [
        ("id-token-client", "id_token", 1, "aud", json!(other)),
        ("access-token-client", "access_token", 1, "client_id", json!(other)),
        ("id-token-nonce-missing", "id_token", 1, "nonce", Value::Null),
        ("id-token-nonce", "id_token", 1, "nonce", json!(other)),
        ("access-token-use", "access_token", 1, "token_use", json!("id")),
        ("id-token-groups", "id_token", 1, "cognito:groups", json!("admin")),
        ("access-token-expired", "access_token", 1, "exp", json!(NOW - 3_600)),
        ("id-token-alg-none", "id_token", 0, "alg", json!("none")),
        ("access-token-kid-missing", "access_token", 0, "kid", Value::Null),
    ] {
        assert_eq!(switch(&pool, &[name]).await.status, StatusCode::OK);
        let tokens = pool.tokens().await;
        assert_eq!(decoded(&tokens[token], part)[member], value, "{name}");
        let untouched = if token == "id_token" { "access_token" } else { "id_token" };
        assert_eq!(decoded(&tokens[untouched], 0)["alg"], "RS256", "{name}");
    }
    assert_eq!(switch(&pool, &[]).await.status, StatusCode::OK);
    let tokens = pool.tokens().await;
    assert_eq!(decoded(&tokens["id_token"], 1)["nonce"], "n0nce");
}

#[tokio::test]
async fn pool_09_endpoints_have_the_faults_that_are_on() {
    let pool = TestPool::with_faults().await;
    switch(&pool, &["discovery-issuer", "keys-unparseable"]).await;
    let discovery = "/local_gazette/.well-known/openid-configuration";
    let issuer = pool.browser().get(discovery).await.json()["issuer"].clone();
    assert_eq!(issuer, "https://issuer.example/another_pool");
    let jwks = "/local_gazette/.well-known/jwks.json";
    let keys = pool.browser().get(jwks).await.json()["keys"].as_array().unwrap().len();
    assert_eq!(keys, 5);
    let statuses = [
        ("token-unavailable", 503),
        ("token-html", 200),
        ("token-redirect", 307),
        ("token-too-large", 200),
        ("token-invalid-grant", 400),
    ];
    for (name, status) in statuses {
        switch(&pool, &[name]).await;
        assert_eq!(pool.redeem("code").await.status.as_u16(), status, "{name}");
    }
    switch(&pool, &["keys-unavailable"]).await;
    assert_eq!(pool.browser().get(jwks).await.status, StatusCode::SERVICE_UNAVAILABLE);
    switch(&pool, &["token-without-id-token"]).await;
    assert_eq!(pool.tokens().await["id_token"], Value::Null);
}

#[tokio::test]
async fn pool_09_callbacks_have_the_faults_that_are_on() {
    let pool = TestPool::with_faults().await;
    let callback = async |name: &str| {
        switch(&pool, &[name]).await;
        let mut browser = pool.browser();
        let login = browser.get(&authorize(&[])).await.location();
        browser.sign_in(login.as_str(), "admin", crate::test_pool::PASSWORD).await
    };
    let state = callback("callback-state").await.redirect_parameter("state");
    assert_eq!(state, Some("A".repeat(43)));
    let issuer = callback("callback-iss").await.redirect_parameter("iss");
    assert_eq!(issuer.as_deref(), Some("https://issuer.example/another_pool"));
    let twice = callback("callback-repeated-code").await.location();
    assert_eq!(twice.query_pairs().filter(|(name, _)| name == "code").count(), 2);
    let error = callback("callback-error").await;
    assert_eq!(error.redirect_parameter("error").as_deref(), Some("server_error"));
    assert_eq!(error.redirect_parameter("code"), None);
}
