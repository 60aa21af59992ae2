use std::sync::Arc;
use std::time::Duration;

use gazette_domain::TokenUse;
use serde_json::json;
use tokio::time::{advance, pause};

use super::forge::*;
use super::stub::{Behaviour, Stub};
use crate::keys::Key;
use crate::verified_tokens::{MAX_AGE, MAX_TOKENS, VerifiedTokens};
use crate::{Authorizer, IdTokenExpectations, KeySet, KeySource, KeySourceOptions, TokenError};

fn key() -> Arc<Key> {
    Arc::clone(KeySet::parse(&jwks(&[jwk(ours(), KID)])).unwrap().get(KID).unwrap())
}

fn numbered(number: usize) -> [u8; 32] {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    hash
}

/// A pool whose keys change while the authorizer looks on.
async fn pool() -> (Stub, Arc<KeySource>, Authorizer) {
    let stub = Stub::start(Behaviour::Json(jwks(&[jwk(ours(), KID)]))).await;
    let keys = Arc::new(KeySource::new(stub.url("/"), KeySourceOptions::default()).unwrap());
    keys.refresh().await.unwrap();
    let authorizer = Authorizer::new(config(), Arc::clone(&keys)).unwrap();
    (stub, keys, authorizer)
}

#[tokio::test]
async fn atk_22_a_remembered_token_is_refused_as_soon_as_its_key_is_gone() {
    for successor in [jwk(ours(), "renamed"), jwk(theirs(), "rotated")] {
        let (stub, keys, authorizer) = pool().await;
        let good = good(TokenUse::Access);
        for _ in 0..3 {
            assert!(authorizer.verify_bearer(&good, NOW).await.is_ok());
        }
        stub.behave(Behaviour::Json(jwks(&[successor])));
        keys.refresh().await.unwrap();
        assert_eq!(authorizer.verify_bearer(&good, NOW).await, Err(TokenError::UnknownKey));
    }
}

#[tokio::test]
async fn atk_22_a_remembered_token_is_refused_as_soon_as_its_key_id_names_another_key() {
    let (stub, keys, authorizer) = pool().await;
    let good = good(TokenUse::Access);
    assert!(authorizer.verify_bearer(&good, NOW).await.is_ok());
    stub.behave(Behaviour::Json(jwks(&[jwk(theirs(), KID)])));
    keys.refresh().await.unwrap();
    assert_eq!(authorizer.verify_bearer(&good, NOW).await, Err(TokenError::Signature));
}

#[tokio::test]
async fn f_16_a_remembered_token_is_not_judged_without_keys() {
    let (stub, _keys, authorizer) = pool().await;
    let good = good(TokenUse::Access);
    stub.stop().await;
    pause();
    advance(Duration::from_secs(24 * 60 * 60 - 30)).await;
    assert!(authorizer.verify_bearer(&good, NOW).await.is_ok());
    advance(Duration::from_secs(31)).await;
    assert_eq!(authorizer.verify_bearer(&good, NOW).await, Err(TokenError::KeysUnavailable));
}

#[tokio::test]
async fn jwt_13_the_times_of_a_remembered_token_are_checked_each_time() {
    let (_stub, _keys, authorizer) = pool().await;
    for token_use in BOTH {
        let good = good(token_use);
        let (end, skew) = (NOW + 3_540, 30);
        for (now, expected) in [
            (NOW, None),
            (end + skew - 1, None),
            (end + skew, Some(TokenError::Expired)),
            (i64::MAX, Some(TokenError::Expired)),
            (NOW - 60 - skew - 1, Some(TokenError::Future)),
            (NOW, None),
        ] {
            assert_eq!(authorizer.verify_bearer(&good, now).await.err(), expected, "{now}");
        }
    }
}

#[tokio::test]
async fn an_expired_token_stays_expired_however_often_it_comes() {
    let (_stub, _keys, authorizer) = pool().await;
    let mut expired = claims_with(TokenUse::Access, "exp", json!(NOW - 60));
    expired["iat"] = json!(NOW - 3_660);
    let (expired, forged) = (signed(&expired), token(&header(), &expired, theirs()));
    for _ in 0..3 {
        assert_eq!(authorizer.verify_bearer(&expired, NOW).await, Err(TokenError::Expired));
        assert_eq!(authorizer.verify_bearer(&forged, NOW).await, Err(TokenError::Signature));
    }
}

#[tokio::test]
async fn jwt_12_what_one_door_remembers_the_other_still_judges_by_its_own_rules() {
    let (_stub, _keys, authorizer) = pool().await;
    let (id, access) = (good(TokenUse::Id), good(TokenUse::Access));
    let expect = |nonce| IdTokenExpectations { client_id: CLIENT, nonce, access_token: None };
    assert!(authorizer.verify_bearer(&id, NOW).await.is_ok());
    assert!(authorizer.verify_bearer(&access, NOW).await.is_ok());
    let wrong_nonce = authorizer.verify_id_token(&id, &expect(Some("another")), NOW).await;
    assert_eq!(wrong_nonce, Err(TokenError::Nonce));
    let access_token = authorizer.verify_id_token(&access, &expect(None), NOW).await;
    assert_eq!(access_token, Err(TokenError::OtherUse(TokenUse::Access)));
}

#[tokio::test]
async fn atk_26_a_remembered_token_vouches_for_no_other() {
    let (_stub, _keys, authorizer) = pool().await;
    let good = good(TokenUse::Access);
    assert!(authorizer.verify_bearer(&good, NOW).await.is_ok());
    let [header, _, signature] = parts(&good);
    let other = claims_with(TokenUse::Access, "sub", json!("somebody-else"));
    let spliced = format!("{header}.{}.{signature}", base64url(other.to_string()));
    assert_eq!(authorizer.verify_bearer(&spliced, NOW).await, Err(TokenError::Signature));
    let [signed, _] = [good.rsplit_once('.').unwrap().0, signature];
    let forged = format!("{signed}.{}", base64url([7; 256]));
    assert_eq!(authorizer.verify_bearer(&forged, NOW).await, Err(TokenError::Signature));
}

#[tokio::test]
async fn only_good_signatures_are_remembered() {
    let (_stub, _keys, authorizer) = pool().await;
    let forged = token(&header(), &claims(TokenUse::Access), theirs());
    let foreign = signed(&claims_with(TokenUse::Access, "iss", json!("https://evil.example")));
    for token in [&forged, &foreign, "garbled"] {
        assert!(authorizer.verify_bearer(token, NOW).await.is_err());
    }
    assert_eq!(authorizer.remembered(), Some(0));
    assert!(authorizer.verify_bearer(&good(TokenUse::Id), NOW).await.is_ok());
    assert_eq!(authorizer.remembered(), Some(1));
    assert_eq!(authorizer.forgetful().remembered(), None);
}

#[tokio::test]
async fn a_signature_is_believed_for_a_minute_and_for_its_key_alone() {
    let (verified, ours, same_again) = (VerifiedTokens::default(), key(), key());
    pause();
    assert!(!verified.holds(&numbered(1), b"signature", &ours));
    verified.remember(numbered(1), b"signature".to_vec(), Arc::clone(&ours));
    assert!(verified.holds(&numbered(1), b"signature", &ours));
    assert!(!verified.holds(&numbered(1), b"signature", &same_again), "read from another key set");
    assert!(!verified.holds(&numbered(2), b"signature", &ours));
    for other in [&b"signaturf"[..], b"signatur", b"signature\0", b""] {
        assert!(!verified.holds(&numbered(1), other, &ours));
    }
    assert_eq!(MAX_AGE, Duration::from_secs(60));
    advance(Duration::from_millis(59_999)).await;
    assert!(verified.holds(&numbered(1), b"signature", &ours));
    advance(Duration::from_millis(1)).await;
    assert!(!verified.holds(&numbered(1), b"signature", &ours));
}

#[test]
fn the_memory_is_bounded_and_the_newest_stay() {
    let (verified, key) = (VerifiedTokens::default(), key());
    let total = 5 * MAX_TOKENS / 2;
    for number in 0..total {
        verified.remember(numbered(number), b"signature".to_vec(), Arc::clone(&key));
        assert!(verified.len() <= 2 * MAX_TOKENS);
    }
    let kept = (0..total).filter(|number| verified.holds(&numbered(*number), b"signature", &key));
    assert_eq!(kept.collect::<Vec<_>>(), (MAX_TOKENS..total).collect::<Vec<_>>());
}
