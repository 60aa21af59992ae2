//! Rotation of keys, and fetches for unknown keys.

use std::sync::Arc;
use std::time::Duration;

use gazette_domain::TokenUse;
use serde_json::json;
use tokio::time::{advance, pause, sleep, timeout};

use super::fixtures::*;
use super::key_server::*;
use crate::{KeySourceOptions, TokenError};

#[tokio::test]
async fn f_19_atk_22_a_new_key_is_fetched_at_once_and_a_removed_one_refused() {
    let key_server = KeyServer::start(pool_keys()).await;
    let keys = source(&key_server, short_intervals());
    let authorizer = authorizer_with(&keys);
    keys.refresh().await.unwrap();
    key_server.respond_with(Response::Json(jwks(&[jwk(attacker_key(), "rotated")])));
    for token_use in TOKEN_USES {
        let rotated =
            token(&header_with("kid", json!("rotated")), &claims(token_use), attacker_key());
        assert!(authorizer.verify_bearer(&rotated, NOW).await.is_ok());
        let old = authorizer.verify_bearer(&valid_token(token_use), NOW).await;
        assert_eq!(old, Err(TokenError::UnknownKey));
    }
}

#[tokio::test]
async fn f_19_the_regular_refresh_removes_old_keys() {
    let key_server = KeyServer::start(pool_keys()).await;
    let keys = source(&key_server, short_intervals());
    let refreshing = tokio::spawn(Arc::clone(&keys).keep_fresh());
    until(|| keys.cached_key(KEY_ID).is_some()).await;
    key_server.respond_with(Response::Json(jwks(&[jwk(attacker_key(), "rotated")])));
    until(|| keys.cached_key(KEY_ID).is_none() && keys.cached_key("rotated").is_some()).await;
    refreshing.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f_20_a_flood_of_unknown_keys_causes_one_fetch() {
    let key_server = KeyServer::start(pool_keys()).await;
    let keys = source(&key_server, KeySourceOptions::default());
    keys.refresh().await.unwrap();
    let authorizer = authorizer_with(&keys);
    let payload = base64url(claims(TokenUse::Access).to_string());
    let flood: Vec<_> = (0..1_000)
        .map(|number| {
            let header = header_with("kid", json!(format!("unknown{number}")));
            let token = format!("{}.{payload}.AAAA", base64url(header.to_string()));
            let authorizer = authorizer.clone();
            tokio::spawn(async move { authorizer.verify_bearer(&token, NOW).await })
        })
        .collect();
    assert!(authorizer.verify_bearer(&valid_token(TokenUse::Access), NOW).await.is_ok());
    for result in flood {
        assert_eq!(result.await.unwrap(), Err(TokenError::UnknownKey));
    }
    assert_eq!(key_server.connections(), 2);
}

#[tokio::test]
async fn f_20_an_unknown_key_is_fetched_again_after_the_cool_down() {
    let key_server = KeyServer::start(pool_keys()).await;
    let keys = source(&key_server, short_intervals());
    keys.refresh().await.unwrap();
    for _ in 0..10 {
        assert_eq!(keys.key("unknown").await.unwrap_err(), TokenError::UnknownKey);
    }
    assert_eq!(key_server.connections(), 2);
    sleep(short_intervals().cool_down).await;
    key_server.respond_with(Response::Json(jwks(&[
        jwk(pool_key(), KEY_ID),
        jwk(attacker_key(), "unknown"),
    ])));
    assert!(keys.key("unknown").await.is_ok());
    assert_eq!(key_server.connections(), 3);
}

#[tokio::test]
async fn f_20_a_client_that_disconnects_does_not_cancel_the_fetch() {
    let key_server = KeyServer::start(pool_keys()).await;
    let keys = source(&key_server, KeySourceOptions::default());
    keys.refresh().await.unwrap();
    let rotated = jwks(&[jwk(attacker_key(), "rotated")]);
    key_server.respond_with(Response::Delayed(Duration::from_millis(100), rotated));
    let timed_out = timeout(Duration::from_millis(20), keys.key("junk")).await;
    assert!(timed_out.is_err());
    assert!(keys.key("rotated").await.is_ok());
    assert_eq!(key_server.connections(), 2);
}

#[tokio::test]
async fn f_20_concurrent_callers_share_a_fetch() {
    let rotated = jwks(&[jwk(attacker_key(), "rotated")]);
    let key_server = KeyServer::start(Response::Delayed(Duration::from_millis(100), rotated)).await;
    let keys = source(&key_server, KeySourceOptions::default());
    let (refreshed, found) = tokio::join!(keys.refresh(), keys.key("rotated"));
    assert!(refreshed.is_ok() && found.is_ok());
    assert_eq!(key_server.connections(), 1);
}

#[tokio::test]
async fn a_token_of_another_issuer_causes_no_fetch() {
    let key_server = KeyServer::start(pool_keys()).await;
    let keys = source(&key_server, short_intervals());
    keys.refresh().await.unwrap();
    let authorizer = authorizer_with(&keys);
    for token_use in TOKEN_USES {
        let claims = claims_with(token_use, "iss", json!("https://evil.example"));
        let foreign = token(&header_with("kid", json!("foreign")), &claims, attacker_key());
        let verified = authorizer.verify_bearer(&foreign, NOW).await;
        assert_eq!(verified, Err(TokenError::Issuer));
    }
    assert_eq!(key_server.connections(), 1);
}

#[tokio::test]
async fn f_19_refresh_if_due_fetches_at_the_regular_interval() {
    let key_server = KeyServer::start(pool_keys()).await;
    let keys = source(&key_server, KeySourceOptions::default());
    keys.refresh_if_due().await;
    assert!(keys.is_ready());
    for _ in 0..3 {
        keys.refresh_if_due().await;
    }
    assert_eq!(key_server.connections(), 1);
    pause();
    advance(Duration::from_secs(599)).await;
    keys.refresh_if_due().await;
    assert_eq!(key_server.connections(), 1);
    key_server.respond_with(Response::Json(jwks(&[jwk(attacker_key(), "rotated")])));
    advance(Duration::from_secs(2)).await;
    keys.refresh_if_due().await;
    assert_eq!((key_server.connections(), keys.cached_key(KEY_ID).is_none()), (2, true));
}

#[tokio::test]
async fn f_19_an_unknown_key_is_no_refusal_while_the_key_set_cannot_be_fetched() {
    let key_server = KeyServer::start(pool_keys()).await;
    let keys = source(&key_server, short_intervals());
    keys.refresh().await.unwrap();
    key_server.respond_with(Response::Raw("HTTP/1.1 500 Oops\r\n\r\n".to_owned()));
    for _ in 0..3 {
        assert_eq!(keys.key("rotated").await.unwrap_err(), TokenError::KeysUnavailable);
    }
    assert!(keys.key(KEY_ID).await.is_ok(), "known keys still verify");
    key_server.respond_with(pool_keys());
    keys.refresh().await.unwrap();
    assert_eq!(keys.key("rotated").await.unwrap_err(), TokenError::UnknownKey);
}
