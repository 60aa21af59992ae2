//! Confusion of issuers, and timing of signature checks.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gazette_domain::TokenUse;
use serde_json::json;

use super::fixtures::*;
use super::key_server::{KeyServer, Response};
use crate::{Authorizer, AuthorizerConfig, KeySet, KeySource, KeySourceOptions, TokenError};

const OTHER_ISSUER: &str = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123xyzz";

#[tokio::test]
async fn atk_23_jwt_07_keys_are_used_for_their_issuer_only() {
    // Both pools use the same key id.
    let our_keys = KeyServer::start(Response::Json(jwks(&[jwk(pool_key(), KEY_ID)]))).await;
    let other_keys = KeyServer::start(Response::Json(jwks(&[jwk(attacker_key(), KEY_ID)]))).await;
    let authorizer = async |issuer: &str, key_server: &KeyServer| {
        let keys = KeySource::new(key_server.url("/"), KeySourceOptions::default()).unwrap();
        keys.refresh().await.unwrap();
        let config = AuthorizerConfig { issuer: issuer.to_owned(), ..config() };
        Authorizer::new(config, Arc::new(keys)).unwrap()
    };
    let one = authorizer(ISSUER, &our_keys).await;
    let other = authorizer(OTHER_ISSUER, &other_keys).await;
    for token_use in TOKEN_USES {
        let theirs_for_them =
            token(&header(), &claims_with(token_use, "iss", json!(OTHER_ISSUER)), attacker_key());
        assert!(other.verify_bearer(&theirs_for_them, NOW).await.is_ok());
        assert_eq!(one.verify_bearer(&theirs_for_them, NOW).await, Err(TokenError::Issuer));
        let theirs_in_our_name = token(&header(), &claims(token_use), attacker_key());
        assert_eq!(one.verify_bearer(&theirs_in_our_name, NOW).await, Err(TokenError::Signature));
        assert_eq!(other.verify_bearer(&theirs_in_our_name, NOW).await, Err(TokenError::Issuer));
        assert!(one.verify_bearer(&valid_token(token_use), NOW).await.is_ok());
        assert_eq!(
            other.verify_bearer(&valid_token(token_use), NOW).await,
            Err(TokenError::Issuer)
        );
    }
}

#[test]
fn atk_28_the_time_does_not_depend_on_the_signature() {
    let keys = KeySet::parse(&jwks(&[jwk(pool_key(), KEY_ID)])).unwrap();
    let authorizer =
        Authorizer::new(config(), KeySource::fixed(keys).into()).unwrap().without_cache();
    let valid = valid_token(TokenUse::Access);
    let (signed, signature) = valid.rsplit_once('.').unwrap();
    let wrong_first = format!("{signed}.{}{}", other_letter(&signature[..1]), &signature[1..]);
    let wrong_late =
        format!("{signed}.{}{}A", &signature[..340], other_letter(&signature[340..341]));
    let tokens = [valid.as_str(), &wrong_first, &wrong_late];
    // The machine may be busy: one quiet measurement in ten is enough.
    let alike = (0..10).any(|_| {
        let [right, first, late] = medians(&authorizer, tokens);
        let is_alike = |wrong: Duration| (0.8..1.25).contains(&wrong.div_duration_f64(right));
        is_alike(first) && is_alike(late)
    });
    assert!(alike);
}

fn other_letter(letter: &str) -> &'static str {
    if letter == "B" { "C" } else { "B" }
}

/// Returns the median time of each token, over interleaved measurements.
fn medians(authorizer: &Authorizer, tokens: [&str; 3]) -> [Duration; 3] {
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..300 {
        for (token, times) in tokens.iter().zip(&mut times) {
            let began = Instant::now();
            drop(black_box(block_on(authorizer.verify_bearer(token, NOW))));
            times.push(began.elapsed());
        }
    }
    times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    })
}
