//! Rules for the times of a token.

use gazette_domain::TokenUse;
use serde_json::json;

use super::fixtures::*;
use crate::{Authorizer, AuthorizerConfig, KeySet, KeySource, TokenError};

#[test]
fn jwt_13_atk_15_times_are_integers() {
    let malformed = [
        json!("1790003540"),
        json!(1_790_003_540.5),
        json!(1_790_003_540.0),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(1_u64 << 53),
        json!(i64::MIN),
        json!(null),
        json!(true),
        json!([NOW + 3_540]),
        json!({}),
    ];
    for value in &malformed {
        for name in ["exp", "iat", "nbf", "auth_time"] {
            assert_claim_refused(name, value, TokenError::Time);
        }
    }
    assert_claim_required("exp", TokenError::Time);
    assert_claim_required("iat", TokenError::Time);
}

#[test]
fn jwt_13_atk_15_only_an_otherwise_valid_token_is_reported_as_expired() {
    for token_use in TOKEN_USES {
        let mut expired = claims_with(token_use, "exp", json!(NOW - 60));
        expired["iat"] = json!(NOW - 3_660);
        assert_refused("expired", &signed(&expired), TokenError::Expired);
        let forged = token(&header(), &expired, attacker_key());
        assert_refused("expired and forged", &forged, TokenError::Signature);
        expired["cognito:groups"] = json!("admin");
        assert_refused("expired and malformed", &signed(&expired), TokenError::Groups);
    }
}

#[test]
fn jwt_13_the_clock_skew_extends_the_expiry() {
    for (skew, exp, is_valid) in [
        (30, NOW, true),
        (30, NOW - 29, true),
        (30, NOW - 30, false),
        (0, NOW + 1, true),
        (0, NOW, false),
        (60, NOW - 59, true),
        (60, NOW - 60, false),
    ] {
        let keys = KeySet::parse(&jwks(&[jwk(pool_key(), KEY_ID)])).unwrap();
        let config = AuthorizerConfig { clock_skew_seconds: skew, ..config() };
        let authorizer = Authorizer::new(config, KeySource::fixed(keys).into()).unwrap();
        for token_use in TOKEN_USES {
            let mut claims = claims_with(token_use, "exp", json!(exp));
            claims["iat"] = json!(NOW - 3_600);
            let verified = block_on(authorizer.verify_bearer(&signed(&claims), NOW));
            let expected = if is_valid { None } else { Some(TokenError::Expired) };
            assert_eq!(verified.err(), expected, "skew {skew}, exp {exp}");
        }
    }
}

#[test]
fn jwt_13_atk_16_atk_17_times_must_not_be_in_the_future() {
    for name in ["iat", "nbf", "auth_time"] {
        assert_claim_accepted(name, &json!(NOW + 30));
        assert_claim_refused(name, &json!(NOW + 31), TokenError::Future);
    }
    assert_claim_refused("nbf", &json!(NOW.to_string()), TokenError::Time);
}

#[test]
fn jwt_13_a_lifetime_is_positive_and_at_most_a_day() {
    assert_claim_accepted("exp", &json!(NOW - 60 + 86_400));
    assert_claim_refused("exp", &json!(NOW - 60 + 86_401), TokenError::Lifetime);
    assert_claim_refused("exp", &json!((1_u64 << 53) - 1), TokenError::Lifetime);
    assert_claim_refused("exp", &json!(NOW - 60), TokenError::Lifetime);
    assert_claim_refused("exp", &json!(NOW - 61), TokenError::Lifetime);
    assert_claim_refused("iat", &json!(0), TokenError::Lifetime);
}

#[test]
fn jwt_13_extreme_clocks_do_not_overflow() {
    let keys = KeySet::parse(&jwks(&[jwk(pool_key(), KEY_ID)])).unwrap();
    let authorizer = Authorizer::new(config(), KeySource::fixed(keys).into()).unwrap();
    let token = valid_token(TokenUse::Access);
    assert_eq!(block_on(authorizer.verify_bearer(&token, i64::MAX)), Err(TokenError::Expired));
    assert_eq!(block_on(authorizer.verify_bearer(&token, i64::MIN)), Err(TokenError::Future));
}
