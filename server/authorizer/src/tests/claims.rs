use gazette_domain::TokenUse;
use serde_json::{Value, json};

use super::forge::*;
use crate::{Authorizer, AuthorizerConfig, KeySet, KeySource, TokenError};

fn assert_claim_refused(name: &str, value: &Value, token_error: TokenError) {
    for token_use in BOTH {
        let token = signed(&claims_with(token_use, name, value.clone()));
        assert_refused(&format!("{name} = {value}"), &token, token_error);
    }
}

fn assert_claim_required(name: &str, token_error: TokenError) {
    for token_use in BOTH {
        assert_refused(name, &signed(&claims_without(token_use, name)), token_error);
    }
}

fn assert_claim_accepted(name: &str, value: &Value) {
    for token_use in BOTH {
        let token = signed(&claims_with(token_use, name, value.clone()));
        assert_eq!(bearer(&token).err(), None, "{name} = {value}");
    }
}

#[test]
fn jwt_07_atk_20_only_our_issuer_byte_for_byte() {
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
fn jwt_08_atk_19_the_audience_is_a_client_of_ours() {
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
fn jwt_08_the_other_kinds_claim_never_counts() {
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
fn jwt_08_an_access_token_may_name_the_resource_it_is_bound_to() {
    let with_aud = |aud| signed(&claims_with(TokenUse::Access, "aud", aud));
    assert!(bearer(&with_aud(json!("https://gazette.example"))).is_ok());
    for aud in [json!(["https://gazette.example"]), json!(null), json!(1)] {
        assert_refused("aud", &with_aud(aud), TokenError::Client);
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
fn jwt_12_atk_18_token_use_is_one_of_two_words() {
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
fn jwt_12_the_rules_of_one_kind_never_accept_the_other() {
    let id_in_disguise = claims_with(TokenUse::Id, "token_use", json!("access"));
    assert_refused("id as access", &signed(&id_in_disguise), TokenError::Client);
    let access_in_disguise = claims_with(TokenUse::Access, "token_use", json!("id"));
    assert_refused("access as id", &signed(&access_in_disguise), TokenError::Client);
}

#[test]
fn jwt_12_a_delegated_token_is_refused_whatever_its_groups() {
    for act in [json!({"sub": "somebody"}), json!(null), json!("somebody")] {
        assert_claim_refused("act", &act, TokenError::Delegated);
    }
}

#[test]
fn jwt_13_atk_15_times_are_whole_numbers() {
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
fn jwt_13_atk_15_an_expired_token_says_so_only_when_it_is_otherwise_good() {
    for token_use in BOTH {
        let mut expired = claims_with(token_use, "exp", json!(NOW - 60));
        expired["iat"] = json!(NOW - 3_660);
        assert_refused("expired", &signed(&expired), TokenError::Expired);
        let forged = token(&header(), &expired, theirs());
        assert_refused("expired and forged", &forged, TokenError::Signature);
        expired["cognito:groups"] = json!("admin");
        assert_refused("expired and malformed", &signed(&expired), TokenError::Groups);
    }
}

#[test]
fn jwt_13_the_skew_is_the_only_grace() {
    for (skew, exp, is_good) in [
        (30, NOW, true),
        (30, NOW - 29, true),
        (30, NOW - 30, false),
        (0, NOW + 1, true),
        (0, NOW, false),
        (60, NOW - 59, true),
        (60, NOW - 60, false),
    ] {
        let keys = KeySet::parse(&jwks(&[jwk(ours(), KID)])).unwrap();
        let config = AuthorizerConfig { clock_skew_seconds: skew, ..config() };
        let authorizer = Authorizer::new(config, KeySource::fixed(keys).into()).unwrap();
        for token_use in BOTH {
            let mut claims = claims_with(token_use, "exp", json!(exp));
            claims["iat"] = json!(NOW - 3_600);
            let verified = wait(authorizer.verify_bearer(&signed(&claims), NOW));
            let expected = if is_good { None } else { Some(TokenError::Expired) };
            assert_eq!(verified.err(), expected, "skew {skew}, exp {exp}");
        }
    }
}

#[test]
fn jwt_13_atk_16_atk_17_nothing_may_lie_ahead() {
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
fn jwt_13_a_clock_at_either_end_of_time_is_no_way_in() {
    let keys = KeySet::parse(&jwks(&[jwk(ours(), KID)])).unwrap();
    let authorizer = Authorizer::new(config(), KeySource::fixed(keys).into()).unwrap();
    let token = good(TokenUse::Access);
    assert_eq!(wait(authorizer.verify_bearer(&token, i64::MAX)), Err(TokenError::Expired));
    assert_eq!(wait(authorizer.verify_bearer(&token, i64::MIN)), Err(TokenError::Future));
}

#[test]
fn jwt_15_atk_12_the_subject_is_ascii_and_short() {
    let malformed = [
        json!(""),
        json!("a\0b"),
        json!("a\nb"),
        json!("\u{7f}"),
        json!("\u{430}"),
        json!("x".repeat(256)),
        json!(null),
        json!(1),
        json!(["a"]),
        json!({}),
    ];
    for sub in &malformed {
        assert_claim_refused("sub", sub, TokenError::Subject);
    }
    assert_claim_required("sub", TokenError::Subject);
    assert_claim_accepted("sub", &json!("x".repeat(255)));
}

#[test]
fn jwt_15_atk_21_groups_are_a_list_of_names() {
    let malformed = [
        json!("admin"),
        json!("[admin]"),
        json!(null),
        json!({"admin": true}),
        json!(1),
        json!([["admin"]]),
        json!([1]),
        json!([null]),
        json!([""]),
        json!(["a\u{0}"]),
        json!(["x".repeat(129)]),
        json!(vec!["a"; 101]),
    ];
    for groups in &malformed {
        assert_claim_refused("cognito:groups", groups, TokenError::Groups);
    }
    assert_claim_accepted("cognito:groups", &json!(vec!["a"; 100]));
}

#[test]
fn atk_21_look_alike_groups_stay_what_they_are() {
    for name in ["Admin", "admin ", "\u{430}dmin", "ADMIN", "x\u{e9}".repeat(64).as_str()] {
        for token_use in BOTH {
            let token = signed(&claims_with(token_use, "cognito:groups", json!([name])));
            assert_eq!(bearer(&token).unwrap().claims().groups, [name]);
        }
    }
}

#[test]
fn the_user_name_is_required_and_short() {
    for (token_use, claim) in [(TokenUse::Access, "username"), (TokenUse::Id, "cognito:username")] {
        let malformed =
            [json!(""), json!("x".repeat(129)), json!("a\rb"), json!(null), json!(7), json!([])];
        for name in malformed {
            let token = signed(&claims_with(token_use, claim, name));
            assert_refused(claim, &token, TokenError::Username);
        }
        assert_refused(claim, &signed(&claims_without(token_use, claim)), TokenError::Username);
        let longest = json!("\u{e9}".repeat(128));
        assert!(bearer(&signed(&claims_with(token_use, claim, longest))).is_ok());
    }
}

#[test]
fn the_email_address_comes_from_id_tokens_alone() {
    let with_email = |token_use, email| signed(&claims_with(token_use, "email", email));
    for email in [json!(""), json!("x".repeat(2_049)), json!("a\nb@c"), json!(null), json!(1)] {
        assert_refused("email", &with_email(TokenUse::Id, email), TokenError::Email);
    }
    let access = with_email(TokenUse::Access, json!("injected@example.com"));
    assert_eq!(bearer(&access).unwrap().claims().email, None);
    let id = signed(&claims_without(TokenUse::Id, "email"));
    assert_eq!(bearer(&id).unwrap().claims().email, None);
}

#[test]
fn scopes_are_names_in_one_line() {
    for scope in
        [json!(null), json!(["a"]), json!(1), json!("a\tb"), json!("\u{e4}"), json!("a\"b")]
    {
        assert_claim_refused("scope", &scope, TokenError::Scope);
    }
    for scope in ["", "openid", "openid gazette/delete https://api.example/a=b"] {
        let claims = |token_use| signed(&claims_with(token_use, "scope", json!(scope)));
        assert_eq!(bearer(&claims(TokenUse::Access)).unwrap().claims().scope, scope);
        assert_eq!(bearer(&claims(TokenUse::Id)).unwrap().claims().scope, "");
    }
    let without = signed(&claims_without(TokenUse::Access, "scope"));
    assert_eq!(bearer(&without).unwrap().claims().scope, "");
}

#[test]
fn the_tokens_own_id_is_a_text_or_missing() {
    for id in [json!(null), json!(1), json!(["a"]), json!({})] {
        assert_claim_refused("jti", &id, TokenError::TokenId);
    }
    for token_use in BOTH {
        assert!(bearer(&signed(&claims_without(token_use, "jti"))).is_ok());
    }
}
