//! Rules for issuer, client, kind and delegation of a token.

use gazette_domain::TokenUse;
use serde_json::json;

use super::fixtures::*;
use crate::TokenError;

#[test]
fn jwt_07_atk_20_the_issuer_must_match_byte_for_byte() {
    let issuers = [
        "https://cognito-idp.us-east-1.amazonaws.com/eu-west-1_AbC123xyz",
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other0000",
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123xyz/",
        "HTTPS://COGNITO-IDP.EU-WEST-1.AMAZONAWS.COM/EU-WEST-1_ABC123XYZ",
        "http://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123xyz",
        "https://cognito-idp.eu-west-1.amazonaws.com.evil/eu-west-1_AbC123xyz",
        "https://cognito-idp.eu-west-1.\u{ff41}mazonaws.com/eu-west-1_AbC123xyz",
        "https://cognito-idp.eu-west-1\u{2024}amazonaws.com/eu-west-1_AbC123xyz",
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1%5FAbC123xyz",
        "https://cognito-idp.eu-west-1.amazonaws.com@evil/eu-west-1_AbC123xyz",
        " https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123xyz",
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123xyz\0",
        "",
    ];
    for issuer in issuers {
        assert_claim_refused("iss", &json!(issuer), TokenError::Issuer);
    }
    for issuer in [json!([ISSUER]), json!({"iss": ISSUER}), json!(null), json!(1), json!(true)] {
        assert_claim_refused("iss", &issuer, TokenError::Issuer);
    }
    assert_claim_required("iss", TokenError::Issuer);
}

#[test]
fn jwt_08_atk_19_the_client_must_be_a_configured_one() {
    let others = [
        json!(OTHER_CLIENT),
        json!(""),
        json!(null),
        json!(1),
        json!([CLIENT]),
        json!([OTHER_CLIENT, CLIENT]),
    ];
    for other in &others {
        for (token_use, claim) in [(TokenUse::Access, "client_id"), (TokenUse::Id, "aud")] {
            let token = signed(&claims_with(token_use, claim, other.clone()));
            assert_refused(&format!("{claim} = {other}"), &token, TokenError::Client);
        }
    }
}

#[test]
fn jwt_08_the_claim_of_the_other_kind_is_never_used() {
    let mut access = claims_without(TokenUse::Access, "client_id");
    access["aud"] = json!(CLIENT);
    assert_refused("access with aud alone", &signed(&access), TokenError::Client);
    access["client_id"] = json!(OTHER_CLIENT);
    assert_refused("access with a wrong client_id", &signed(&access), TokenError::Client);
    let mut id = claims_without(TokenUse::Id, "aud");
    id["client_id"] = json!(CLIENT);
    assert_refused("id with client_id alone", &signed(&id), TokenError::Client);
    id["aud"] = json!(CLIENT);
    assert_refused("id with both", &signed(&id), TokenError::Client);
    id["aud"] = json!(OTHER_CLIENT);
    assert_refused("id with a wrong aud", &signed(&id), TokenError::Client);
}

#[test]
fn jwt_08_the_audience_of_an_access_token_must_name_this_site() {
    let with_aud = |aud| signed(&claims_with(TokenUse::Access, "aud", aud));
    let (site, other) = ("https://news.example", "https://other.example");
    for aud in [json!(site), json!([site]), json!([other, site])] {
        assert!(verify_bearer(&with_aud(aud)).is_ok());
    }
    for aud in [
        json!(other),
        json!([other]),
        json!([]),
        json!([site, 1]),
        json!(null),
        json!(1),
        json!("https://news.example/"),
        json!("https://news.example.evil.example"),
        json!(CLIENT),
    ] {
        assert_refused("aud", &with_aud(aud), TokenError::Resource);
    }
}

#[test]
fn jwt_08_azp_must_be_the_client() {
    assert_claim_accepted("azp", &json!(CLIENT));
    for azp in [json!(OTHER_CLIENT), json!("2example"), json!(null), json!([CLIENT])] {
        assert_claim_refused("azp", &azp, TokenError::Client);
    }
}

#[test]
fn jwt_12_atk_18_token_use_is_id_or_access() {
    let others = [
        json!("ID"),
        json!("Access"),
        json!("refresh"),
        json!(""),
        json!("id "),
        json!(["id"]),
        json!(["access"]),
        json!(null),
        json!(1),
    ];
    for other in &others {
        assert_claim_refused("token_use", other, TokenError::Use);
    }
    assert_claim_required("token_use", TokenError::Use);
}

#[test]
fn jwt_12_a_token_of_the_other_kind_is_refused() {
    let id_in_disguise = claims_with(TokenUse::Id, "token_use", json!("access"));
    assert_refused("id as access", &signed(&id_in_disguise), TokenError::Client);
    let access_in_disguise = claims_with(TokenUse::Access, "token_use", json!("id"));
    assert_refused("access as id", &signed(&access_in_disguise), TokenError::Client);
}

#[test]
fn jwt_12_a_delegated_token_is_refused() {
    for act in [json!({"sub": "another"}), json!(null), json!("another")] {
        assert_claim_refused("act", &act, TokenError::Delegated);
    }
}
