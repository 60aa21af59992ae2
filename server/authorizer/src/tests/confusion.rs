//! Keys of one issuer for tokens of another, and what the time of an answer tells.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gazette_domain::TokenUse;
use serde_json::json;

use super::forge::*;
use super::stub::{Behaviour, Stub};
use crate::{Authorizer, AuthorizerConfig, KeySet, KeySource, KeySourceOptions, TokenError};

const OTHER_ISSUER: &str = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123xyzz";

#[tokio::test]
async fn atk_23_jwt_07_keys_serve_their_own_issuer_alone() {
    // Both pools call their keys by the same id.
    let our_keys = Stub::start(Behaviour::Json(jwks(&[jwk(ours(), KID)]))).await;
    let other_keys = Stub::start(Behaviour::Json(jwks(&[jwk(theirs(), KID)]))).await;
    let authorizer = async |issuer: &str, stub: &Stub| {
        let keys = KeySource::new(stub.url("/"), KeySourceOptions::default()).unwrap();
        keys.refresh().await.unwrap();
        let config = AuthorizerConfig { issuer: issuer.to_owned(), ..config() };
        Authorizer::new(config, Arc::new(keys)).unwrap()
    };
    let one = authorizer(ISSUER, &our_keys).await;
    let other = authorizer(OTHER_ISSUER, &other_keys).await;
    for token_use in BOTH {
        let theirs_for_them =
            token(&header(), &claims_with(token_use, "iss", json!(OTHER_ISSUER)), theirs());
        assert!(other.verify_bearer(&theirs_for_them, NOW).await.is_ok());
        assert_eq!(one.verify_bearer(&theirs_for_them, NOW).await, Err(TokenError::Issuer));
        let theirs_in_our_name = token(&header(), &claims(token_use), theirs());
        assert_eq!(one.verify_bearer(&theirs_in_our_name, NOW).await, Err(TokenError::Signature));
        assert_eq!(other.verify_bearer(&theirs_in_our_name, NOW).await, Err(TokenError::Issuer));
        assert!(one.verify_bearer(&good(token_use), NOW).await.is_ok());
        assert_eq!(other.verify_bearer(&good(token_use), NOW).await, Err(TokenError::Issuer));
    }
}

#[test]
fn atk_28_a_wrong_signature_takes_as_long_as_a_right_one_wherever_it_is_wrong() {
    let keys = KeySet::parse(&jwks(&[jwk(ours(), KID)])).unwrap();
    let authorizer = Authorizer::new(config(), KeySource::fixed(keys).into()).unwrap().forgetful();
    let good = good(TokenUse::Access);
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let wrong_first = format!("{signed}.{}{}", other_letter(&signature[..1]), &signature[1..]);
    let wrong_late =
        format!("{signed}.{}{}A", &signature[..340], other_letter(&signature[340..341]));
    let tokens = [good.as_str(), &wrong_first, &wrong_late];
    // Others are at work on the machine: one quiet moment in ten is enough.
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

/// How long each token takes at the median of interleaved tries.
fn medians(authorizer: &Authorizer, tokens: [&str; 3]) -> [Duration; 3] {
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..300 {
        for (token, times) in tokens.iter().zip(&mut times) {
            let began = Instant::now();
            drop(black_box(wait(authorizer.verify_bearer(token, NOW))));
            times.push(began.elapsed());
        }
    }
    times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    })
}
