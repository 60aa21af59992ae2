//! The rules for ID tokens of a sign-in.

use aws_lc_rs::digest::{SHA256, digest};
use gazette_domain::TokenUse;
use serde_json::{Value, json};

use super::fixtures::*;
use crate::{IdTokenExpectations, TokenError};

const EXPECTED: IdTokenExpectations<'_> =
    IdTokenExpectations { client_id: CLIENT, nonce: Some(NONCE), access_token: None };

fn with(name: &str, value: Value) -> String {
    signed(&claims_with(TokenUse::Id, name, value))
}

#[test]
fn a_valid_id_token_signs_in() {
    let identity = sign_in(&valid_token(TokenUse::Id), &EXPECTED).unwrap();
    assert_eq!(identity.claims().username, "ada");
}

#[test]
fn jwt_12_an_access_token_does_not_sign_in() {
    let result = sign_in(&valid_token(TokenUse::Access), &EXPECTED);
    assert_eq!(result, Err(TokenError::OtherUse(TokenUse::Access)));
}

#[test]
fn oidc_01_atk_24_the_nonce_must_match() {
    let missing = signed(&claims_without(TokenUse::Id, "nonce"));
    assert_eq!(sign_in(&missing, &EXPECTED), Err(TokenError::Nonce));
    for other in
        [json!(""), json!("n-0S6_WzA2Mk"), json!("n-0S6_WzA2M"), json!(null), json!([NONCE])]
    {
        assert_eq!(sign_in(&with("nonce", other), &EXPECTED), Err(TokenError::Nonce));
    }
    let empty = IdTokenExpectations { nonce: Some(""), ..EXPECTED };
    assert_eq!(sign_in(&with("nonce", json!("")), &empty), Err(TokenError::Nonce));
}

#[test]
fn a_refreshed_id_token_needs_no_nonce() {
    let refreshed = IdTokenExpectations { nonce: None, ..EXPECTED };
    let missing = signed(&claims_without(TokenUse::Id, "nonce"));
    assert!(sign_in(&missing, &refreshed).is_ok());
}

#[test]
fn oidc_02_azp_and_aud_must_be_the_client_of_the_sign_in() {
    assert!(sign_in(&with("azp", json!(CLIENT)), &EXPECTED).is_ok());
    for azp in [json!(OTHER_CLIENT), json!("2example"), json!([CLIENT]), json!(null)] {
        assert_eq!(sign_in(&with("azp", azp), &EXPECTED), Err(TokenError::Client));
    }
    // Another configured client.
    assert_eq!(sign_in(&with("aud", json!("2example")), &EXPECTED), Err(TokenError::Client));
    assert!(verify_bearer(&with("aud", json!("2example"))).is_ok());
}

#[test]
fn at_hash_is_checked_when_present() {
    let access = valid_token(TokenUse::Access);
    let hash = base64url(&digest(&SHA256, access.as_bytes()).as_ref()[..16]);
    let expected = IdTokenExpectations { access_token: Some(&access), ..EXPECTED };
    assert!(sign_in(&valid_token(TokenUse::Id), &expected).is_ok());
    assert!(sign_in(&with("at_hash", json!(hash)), &expected).is_ok());
    let other = IdTokenExpectations { access_token: Some("other"), ..EXPECTED };
    assert_eq!(sign_in(&with("at_hash", json!(hash)), &other), Err(TokenError::AccessTokenHash));
    for wrong in [json!(""), json!(null), json!(hash[1..]), json!(format!("{hash}="))] {
        assert_eq!(sign_in(&with("at_hash", wrong), &expected), Err(TokenError::AccessTokenHash));
    }
}

#[test]
fn at_hash_matches_the_example_of_the_specification() {
    // OpenID Connect Core 1.0, appendix A.3.
    let access = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    let expected = IdTokenExpectations { access_token: Some(access), ..EXPECTED };
    assert!(sign_in(&with("at_hash", json!("77QmUPtjPfzWtF2AnpK9RQ")), &expected).is_ok());
}
