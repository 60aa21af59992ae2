//! Rules for the claims about the user.

use gazette_domain::TokenUse;
use serde_json::json;

use super::fixtures::*;
use crate::TokenError;

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
fn jwt_15_atk_21_groups_are_an_array_of_names() {
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
fn atk_21_similar_group_names_are_not_normalized() {
    for name in ["Admin", "admin ", "\u{430}dmin", "ADMIN", "x\u{e9}".repeat(64).as_str()] {
        for token_use in TOKEN_USES {
            let token = signed(&claims_with(token_use, "cognito:groups", json!([name])));
            assert_eq!(verify_bearer(&token).unwrap().claims().groups, [name]);
        }
    }
}

#[test]
fn the_username_is_required_and_has_a_limit() {
    for (token_use, claim) in [(TokenUse::Access, "username"), (TokenUse::Id, "cognito:username")] {
        let malformed =
            [json!(""), json!("x".repeat(129)), json!("a\rb"), json!(null), json!(7), json!([])];
        for name in malformed {
            let token = signed(&claims_with(token_use, claim, name));
            assert_refused(claim, &token, TokenError::Username);
        }
        assert_refused(claim, &signed(&claims_without(token_use, claim)), TokenError::Username);
        let longest = json!("\u{e9}".repeat(128));
        assert!(verify_bearer(&signed(&claims_with(token_use, claim, longest))).is_ok());
    }
}

#[test]
fn the_email_address_is_read_from_id_tokens_only() {
    let with_email = |token_use, email| signed(&claims_with(token_use, "email", email));
    for email in [json!(""), json!("x".repeat(2_049)), json!("a\nb@c"), json!(null), json!(1)] {
        assert_refused("email", &with_email(TokenUse::Id, email), TokenError::Email);
    }
    let access = with_email(TokenUse::Access, json!("injected@example.com"));
    assert_eq!(verify_bearer(&access).unwrap().claims().email, None);
    let id = signed(&claims_without(TokenUse::Id, "email"));
    assert_eq!(verify_bearer(&id).unwrap().claims().email, None);
}

#[test]
fn scopes_are_a_space_separated_list() {
    for scope in
        [json!(null), json!(["a"]), json!(1), json!("a\tb"), json!("\u{e4}"), json!("a\"b")]
    {
        assert_claim_refused("scope", &scope, TokenError::Scope);
    }
    for scope in ["", "openid", "openid gazette/delete https://api.example/a=b"] {
        let claims = |token_use| signed(&claims_with(token_use, "scope", json!(scope)));
        assert_eq!(verify_bearer(&claims(TokenUse::Access)).unwrap().claims().scope, scope);
        assert_eq!(verify_bearer(&claims(TokenUse::Id)).unwrap().claims().scope, "");
    }
    let without = signed(&claims_without(TokenUse::Access, "scope"));
    assert_eq!(verify_bearer(&without).unwrap().claims().scope, "");
}

#[test]
fn the_token_id_is_a_string_or_absent() {
    for id in [json!(null), json!(1), json!(["a"]), json!({})] {
        assert_claim_refused("jti", &id, TokenError::TokenId);
    }
    for token_use in TOKEN_USES {
        assert!(verify_bearer(&signed(&claims_without(token_use, "jti"))).is_ok());
    }
}
