//! The cache of verified tokens.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gazette_domain::{TokenUse, VerifiedClaims};
use serde_json::json;
use tokio::time::{advance, pause};

use super::fixtures::*;
use super::key_server::{KeyServer, Response};
use crate::compact::MAX_TOKEN_BYTES;
use crate::identity::VerifiedToken;
use crate::key_set::Key;
use crate::rules::UnverifiedClaims;
use crate::signature;
use crate::verified_tokens::{MAX_AGE, MAX_BYTES, MAX_TOKENS, VerifiedTokens};
use crate::{Authorizer, IdTokenExpectations, KeySet, KeySource, KeySourceOptions, TokenError};

fn key() -> Arc<Key> {
    Arc::clone(KeySet::parse(&jwks(&[jwk(pool_key(), KEY_ID)])).unwrap().get(KEY_ID).unwrap())
}

/// A text that ends like no other.
fn numbered(number: usize) -> String {
    format!("token {number:016}")
}

fn verified() -> VerifiedToken {
    let signature = sign(&RSA_PKCS1_SHA256, "text", pool_key());
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let proof = signature::verify(b"text", &signature, &key()).unwrap();
    let claims = VerifiedClaims {
        sub: "sub".to_owned(),
        username: "ada".to_owned(),
        email: None,
        email_verified: false,
        groups: Vec::new(),
        client_role: None,
        scope: String::new(),
        token_use: TokenUse::Access,
        expires_at: NOW + 60,
    };
    VerifiedToken::new(UnverifiedClaims { claims, starts_at: NOW }, proof)
}

/// Starts a key server, whose keys can change, and an authorizer.
async fn pool() -> (KeyServer, Arc<KeySource>, Authorizer) {
    let key_server = KeyServer::start(Response::Json(jwks(&[jwk(pool_key(), KEY_ID)]))).await;
    let keys = Arc::new(KeySource::new(key_server.url("/"), KeySourceOptions::default()).unwrap());
    keys.refresh().await.unwrap();
    let authorizer = Authorizer::new(config(), Arc::clone(&keys)).unwrap();
    (key_server, keys, authorizer)
}

#[tokio::test]
async fn atk_22_a_cached_token_is_refused_after_its_key_is_removed() {
    for successor in [jwk(pool_key(), "renamed"), jwk(attacker_key(), "rotated")] {
        let (key_server, keys, authorizer) = pool().await;
        let valid = valid_token(TokenUse::Access);
        for _ in 0..3 {
            assert!(authorizer.verify_bearer(&valid, NOW).await.is_ok());
        }
        key_server.respond_with(Response::Json(jwks(&[successor])));
        keys.refresh().await.unwrap();
        assert_eq!(authorizer.verify_bearer(&valid, NOW).await, Err(TokenError::UnknownKey));
    }
}

#[tokio::test]
async fn atk_22_a_cached_token_is_refused_after_its_key_is_replaced() {
    let (key_server, keys, authorizer) = pool().await;
    let valid = valid_token(TokenUse::Access);
    assert!(authorizer.verify_bearer(&valid, NOW).await.is_ok());
    key_server.respond_with(Response::Json(jwks(&[jwk(attacker_key(), KEY_ID)])));
    keys.refresh().await.unwrap();
    assert_eq!(authorizer.verify_bearer(&valid, NOW).await, Err(TokenError::Signature));
}

#[tokio::test]
async fn f_16_a_cached_token_is_not_accepted_without_keys() {
    let (key_server, _keys, authorizer) = pool().await;
    let valid = valid_token(TokenUse::Access);
    key_server.stop().await;
    pause();
    advance(Duration::from_secs(24 * 60 * 60 - 30)).await;
    assert!(authorizer.verify_bearer(&valid, NOW).await.is_ok());
    advance(Duration::from_secs(31)).await;
    assert_eq!(authorizer.verify_bearer(&valid, NOW).await, Err(TokenError::KeysUnavailable));
}

#[tokio::test]
async fn jwt_13_the_times_of_a_cached_token_are_checked_each_time() {
    let (_key_server, _keys, authorizer) = pool().await;
    for token_use in TOKEN_USES {
        let valid = valid_token(token_use);
        let (end, skew) = (NOW + 3_540, 30);
        for (now, expected) in [
            (NOW, None),
            (end + skew - 1, None),
            (end + skew, Some(TokenError::Expired)),
            (i64::MAX, Some(TokenError::Expired)),
            (NOW - 60 - skew - 1, Some(TokenError::Future)),
            (NOW, None),
        ] {
            assert_eq!(authorizer.verify_bearer(&valid, now).await.err(), expected, "{now}");
        }
    }
}

#[tokio::test]
async fn a_cached_expired_token_stays_expired() {
    let (_key_server, _keys, authorizer) = pool().await;
    let mut expired = claims_with(TokenUse::Access, "exp", json!(NOW - 60));
    expired["iat"] = json!(NOW - 3_660);
    let (expired, forged) = (signed(&expired), token(&header(), &expired, attacker_key()));
    for _ in 0..3 {
        assert_eq!(authorizer.verify_bearer(&expired, NOW).await, Err(TokenError::Expired));
        assert_eq!(authorizer.verify_bearer(&forged, NOW).await, Err(TokenError::Signature));
    }
}

#[tokio::test]
async fn jwt_12_the_rules_for_sign_in_and_bearer_apply_to_cached_tokens() {
    let (_key_server, _keys, authorizer) = pool().await;
    let (id, access) = (valid_token(TokenUse::Id), valid_token(TokenUse::Access));
    let expect = |nonce| IdTokenExpectations { client_id: CLIENT, nonce, access_token: None };
    assert!(authorizer.verify_bearer(&id, NOW).await.is_ok());
    assert!(authorizer.verify_bearer(&access, NOW).await.is_ok());
    let wrong_nonce = authorizer.verify_id_token(&id, &expect(Some("another")), NOW).await;
    assert_eq!(wrong_nonce, Err(TokenError::Nonce));
    let access_token = authorizer.verify_id_token(&access, &expect(None), NOW).await;
    assert_eq!(access_token, Err(TokenError::OtherUse(TokenUse::Access)));
}

#[tokio::test]
async fn atk_26_a_cached_token_does_not_validate_another() {
    let (_key_server, _keys, authorizer) = pool().await;
    let valid = valid_token(TokenUse::Access);
    assert!(authorizer.verify_bearer(&valid, NOW).await.is_ok());
    let [header, _, signature] = parts(&valid);
    let other = claims_with(TokenUse::Access, "sub", json!("another-user"));
    let spliced = format!("{header}.{}.{signature}", base64url(other.to_string()));
    assert_eq!(authorizer.verify_bearer(&spliced, NOW).await, Err(TokenError::Signature));
    let [signed, _] = [valid.rsplit_once('.').unwrap().0, signature];
    let forged = format!("{signed}.{}", base64url([7; 256]));
    assert_eq!(authorizer.verify_bearer(&forged, NOW).await, Err(TokenError::Signature));
}

#[tokio::test]
async fn only_valid_signatures_are_cached() {
    let (_key_server, _keys, authorizer) = pool().await;
    let forged = token(&header(), &claims(TokenUse::Access), attacker_key());
    let foreign = signed(&claims_with(TokenUse::Access, "iss", json!("https://evil.example")));
    for token in [&forged, &foreign, "garbled"] {
        assert!(authorizer.verify_bearer(token, NOW).await.is_err());
    }
    assert_eq!(authorizer.cached_tokens(), Some(0));
    assert!(authorizer.verify_bearer(&valid_token(TokenUse::Id), NOW).await.is_ok());
    assert_eq!(authorizer.cached_tokens(), Some(1));
    assert_eq!(authorizer.without_cache().cached_tokens(), None);
}

#[tokio::test]
async fn atk_26_a_token_that_ends_like_a_cached_one_is_verified() {
    let (_key_server, _keys, authorizer) = pool().await;
    let valid = valid_token(TokenUse::Access);
    assert!(authorizer.verify_bearer(&valid, NOW).await.is_ok());
    let [header, payload, signature] = parts(&valid);
    let tail = signature.split_at(signature.len() - 16).1;
    let other = base64url(claims_with(TokenUse::Access, "sub", json!("another")).to_string());
    for (altered, error) in [
        (tail.to_owned(), TokenError::Form),
        (format!("{header}.{payload}.{tail}"), TokenError::Signature),
        (format!("{header}.{other}.{signature}"), TokenError::Signature),
        (format!("{header}.{payload}.AAAA{signature}"), TokenError::Signature),
        (format!(" {valid}"), TokenError::Characters),
        (format!("{}{valid}", "A".repeat(16 * 1024)), TokenError::TooLong),
    ] {
        assert_eq!(authorizer.verify_bearer(&altered, NOW).await, Err(error), "{altered}");
    }
}

#[tokio::test]
async fn a_cached_token_is_valid_for_a_minute() {
    let (cache, key) = (VerifiedTokens::new().unwrap(), key());
    pause();
    assert!(cache.find(&numbered(1)).is_none());
    cache.insert(&numbered(1), verified(), Arc::clone(&key));
    let (_, of_key) = cache.find(&numbered(1)).unwrap();
    assert!(Arc::ptr_eq(&of_key, &key));
    for other in [numbered(2), format!(" {}", numbered(1)), numbered(1)[1..].to_owned()] {
        assert!(cache.find(&other).is_none(), "{other}");
    }
    assert_eq!(MAX_AGE, Duration::from_mins(1));
    advance(Duration::from_millis(59_999)).await;
    assert!(cache.find(&numbered(1)).is_some());
    advance(Duration::from_millis(1)).await;
    assert!(cache.find(&numbered(1)).is_none());
}

#[test]
fn too_short_a_text_is_not_cached() {
    let cache = VerifiedTokens::new().unwrap();
    for short in ["", "fifteen letters"] {
        cache.insert(short, verified(), key());
        assert!(cache.find(short).is_none());
    }
    assert_eq!(cache.len(), 0);
}

#[test]
fn f_32_the_cache_is_bounded_and_keeps_the_newest() {
    let (cache, verified, key) = (VerifiedTokens::new().unwrap(), verified(), key());
    let total = 5 * MAX_TOKENS / 2;
    for number in 0..total {
        cache.insert(&numbered(number), verified.clone(), Arc::clone(&key));
        assert!(cache.len() <= 2 * MAX_TOKENS);
    }
    let kept = (0..total).filter(|number| cache.find(&numbered(*number)).is_some());
    assert_eq!(kept.collect::<Vec<_>>(), (MAX_TOKENS..total).collect::<Vec<_>>());
}

#[test]
fn f_32_long_tokens_are_bounded_by_their_length() {
    let (cache, verified, key) = (VerifiedTokens::new().unwrap(), verified(), key());
    let longest = |number: usize| {
        let end = numbered(number);
        format!("{}{end}", "A".repeat(MAX_TOKEN_BYTES - end.len()))
    };
    let of_generation = MAX_BYTES / MAX_TOKEN_BYTES;
    let total = 3 * of_generation;
    for number in 0..total {
        cache.insert(&longest(number), verified.clone(), Arc::clone(&key));
        assert!(cache.len() <= 2 * of_generation);
    }
    assert!(cache.find(&longest(total - 1)).is_some());
    assert!(cache.find(&longest(0)).is_none());
    let too_long = format!("A{}", longest(1));
    cache.insert(&too_long, verified, key);
    assert!(cache.find(&too_long).is_none());
}
