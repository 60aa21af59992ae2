//! Availability of the key source.

use std::sync::Arc;
use std::time::Duration;

use gazette_domain::TokenUse;
use serde_json::json;
use tokio::time::{advance, pause};

use super::fixtures::*;
use super::key_server::*;
use crate::{DocumentError, KeyError, KeySource, KeySourceOptions, TokenError};

#[test]
fn the_defaults_are_fixed() {
    let options = KeySourceOptions::default();
    assert_eq!(options.refresh_every, Duration::from_mins(10));
    assert_eq!(options.cool_down, Duration::from_secs(10));
    assert_eq!(options.max_stale, Duration::from_hours(24));
    assert_eq!(options.total_timeout, Duration::from_secs(3));
}

#[test]
fn keys_are_fetched_over_https_or_from_loopback() {
    for address in ["http://example.com/jwks", "ftp://localhost/", "https://user:pw@example.com/"] {
        let created = KeySource::new(address.parse().unwrap(), KeySourceOptions::default());
        assert!(matches!(created, Err(KeyError::Document(DocumentError::Address))), "{address}");
    }
    for address in ["https://example.com/jwks", "http://localhost:4000/jwks", "http://[::1]/"] {
        assert!(KeySource::new(address.parse().unwrap(), KeySourceOptions::default()).is_ok());
    }
}

#[tokio::test]
async fn f_15_the_key_server_may_start_later() {
    let key_server = KeyServer::start(pool_keys()).await;
    let (address, keys) = (key_server.address, source(&key_server, short_intervals()));
    key_server.stop().await;
    let refreshing = tokio::spawn(Arc::clone(&keys).keep_fresh());
    let authorizer = authorizer_with(&keys);
    for token_use in TOKEN_USES {
        let verified = authorizer.verify_bearer(&valid_token(token_use), NOW).await;
        assert_eq!(verified, Err(TokenError::KeysUnavailable));
    }
    assert!(!authorizer.is_ready());

    let _stub = KeyServer::start_at(address, pool_keys()).await;
    until(|| authorizer.is_ready()).await;
    assert!(authorizer.verify_bearer(&valid_token(TokenUse::Access), NOW).await.is_ok());
    refreshing.abort();
}

#[tokio::test]
async fn keys_that_were_just_fetched_are_kept_for_a_while() {
    let key_server = KeyServer::start(pool_keys()).await;
    let keys = source(&key_server, KeySourceOptions::default());
    keys.refresh().await.unwrap();
    let fetched = std::time::Instant::now();
    let refreshing = tokio::spawn(Arc::clone(&keys).keep_fresh());
    until(|| fetched.elapsed() > Duration::from_millis(200)).await;
    let elapsed = fetched.elapsed();
    assert!(keys.age().unwrap() >= elapsed, "they were fetched again");
    refreshing.abort();
}

#[tokio::test]
async fn f_15_the_first_token_fetches_the_keys() {
    let key_server = KeyServer::start(pool_keys()).await;
    let authorizer = authorizer_with(&source(&key_server, short_intervals()));
    assert!(!authorizer.is_ready());
    assert!(authorizer.verify_bearer(&valid_token(TokenUse::Access), NOW).await.is_ok());
    assert_eq!(key_server.connections(), 1);
}

#[tokio::test]
async fn f_16_cached_keys_are_used_for_a_day_without_the_key_server() {
    let key_server = KeyServer::start(pool_keys()).await;
    let keys = source(&key_server, KeySourceOptions::default());
    keys.refresh().await.unwrap();
    key_server.stop().await;
    assert!(keys.refresh().await.is_err());
    let authorizer = authorizer_with(&keys);
    pause();
    advance(Duration::from_mins(24 * 60 - 1)).await;
    assert!(authorizer.verify_bearer(&valid_token(TokenUse::Access), NOW).await.is_ok());
    advance(Duration::from_mins(2)).await;
    assert!(!authorizer.is_ready());
    let verified = authorizer.verify_bearer(&valid_token(TokenUse::Access), NOW).await;
    assert_eq!(verified, Err(TokenError::KeysUnavailable));
}

#[tokio::test]
async fn the_usual_encoded_header_finds_its_key() {
    let key_server = KeyServer::start(pool_keys()).await;
    let keys = source(&key_server, short_intervals());
    let header = base64url(format!(r#"{{"kid":"{KEY_ID}","alg":"RS256"}}"#));
    assert!(keys.cached_key_by_header(&header).is_none());
    keys.refresh().await.unwrap();
    assert!(keys.cached_key_by_header(&header).is_some());
    assert!(keys.cached_key_by_header(&base64url(r#"{"alg":"RS256"}"#)).is_none());
}

#[tokio::test]
async fn fixed_keys_never_expire() {
    let keys = crate::KeySet::parse(&jwks(&[jwk(pool_key(), KEY_ID)])).unwrap();
    let keys = KeySource::fixed(keys);
    pause();
    advance(Duration::from_secs(1_000_000)).await;
    assert!(keys.is_ready() && keys.refresh().await.is_ok());
    assert!(keys.key(KEY_ID).await.is_ok());
    assert_eq!(keys.key("unknown").await.unwrap_err(), TokenError::UnknownKey);
}

#[tokio::test]
async fn f_16_refresh_if_due_keeps_the_keys_while_the_key_server_is_down() {
    let key_server = KeyServer::start(pool_keys()).await;
    let keys = source(&key_server, KeySourceOptions::default());
    keys.refresh_if_due().await;
    key_server.respond_with(Response::Raw("HTTP/1.1 500 No\r\n\r\n".to_owned()));
    pause();
    advance(Duration::from_secs(601)).await;
    for _ in 0..3 {
        keys.refresh_if_due().await;
    }
    assert_eq!((key_server.connections(), keys.cached_key(KEY_ID).is_some()), (2, true));
}

#[tokio::test]
async fn f_15_without_keys_every_well_formed_token_is_unverifiable() {
    let key_server = KeyServer::start(Response::Raw("HTTP/1.1 500 No\r\n\r\n".to_owned())).await;
    let authorizer = authorizer_with(&source(&key_server, KeySourceOptions::default()));
    let foreign = signed(&claims_with(TokenUse::Access, "iss", json!("https://other.example")));
    let result = authorizer.verify_bearer(&foreign, NOW).await;
    assert_eq!(result, Err(TokenError::KeysUnavailable));
}
