//! Roles of machine clients.

use gazette_domain::{Action, Caller, Identity, Policy, Role, TokenUse};
use serde_json::{Value, json};

use super::fixtures::*;
use crate::{
    Authorizer, AuthorizerConfig, ConfigError, IdTokenExpectations, KeySet, KeySource, TokenError,
};

const MACHINE: &str = "3machine23456789";

fn authorizer() -> Authorizer {
    let keys = KeySet::parse(&jwks(&[jwk(pool_key(), KEY_ID)])).unwrap();
    let roles = [format!("{MACHINE}=admin"), format!("{CLIENT}=editor")];
    let client_roles = roles.iter().map(|role| role.parse().unwrap()).collect();
    let config = AuthorizerConfig { client_roles, ..config() };
    Authorizer::new(config, KeySource::fixed(keys).into()).unwrap()
}

/// Returns the claims that Cognito writes for the client credentials grant.
fn machine_claims(client: &str) -> Value {
    json!({
        "sub": client, "token_use": "access", "scope": "news/write", "auth_time": NOW - 60,
        "iss": ISSUER, "exp": NOW + 3_540, "iat": NOW - 60, "version": 2,
        "jti": "c9e5d8b0-0000-4000-8000-000000000000", "client_id": client,
    })
}

fn with(client: &str, name: &str, value: Value) -> Value {
    let mut claims = machine_claims(client);
    claims[name] = value;
    claims
}

fn verify(claims: &Value) -> Result<Identity, TokenError> {
    block_on(authorizer().verify_bearer(&signed(claims), NOW))
}

#[test]
fn a_machine_client_has_its_configured_role() {
    for (client, role) in [(MACHINE, Role::Admin), (CLIENT, Role::Editor)] {
        let identity = verify(&machine_claims(client)).unwrap();
        let claims = identity.claims();
        assert_eq!((claims.sub.as_str(), claims.username.as_str()), (client, client));
        assert_eq!((claims.client_role, claims.groups.len()), (Some(role), 0));
        let caller = Caller::SignedIn(identity);
        assert_eq!(Policy::default().roles(&caller).pop(), Some(role));
        let reason = Policy::default().decide(&caller, Action::DeleteNews);
        assert_eq!(reason.is_allowed(), role == Role::Admin);
    }
}

#[test]
fn jwt_08_a_client_without_a_role_gets_none() {
    let other = verify(&machine_claims("2example")).unwrap();
    assert_eq!(other.claims().client_role, None);
    assert!(Policy::default().roles(&Caller::SignedIn(other)).is_empty());
    assert_eq!(verify(&machine_claims(OTHER_CLIENT)), Err(TokenError::Client));
}

#[test]
fn jwt_08_a_token_of_a_person_never_gets_the_role_of_its_client() {
    // Through a client that people sign in with, the person keeps their own groups.
    for token_use in TOKEN_USES {
        let person = verify(&claims_without(token_use, "cognito:groups")).unwrap();
        assert_eq!(person.claims().client_role, None);
        assert!(Policy::default().roles(&Caller::SignedIn(person)).is_empty());
    }
    // Through a machine client it is refused.
    for changes in [
        json!({ "client_id": MACHINE }),
        json!({ "client_id": MACHINE, "username": MACHINE }),
        json!({ "client_id": MACHINE, "username": "ada", "sub": MACHINE }),
        json!({ "client_id": MACHINE, "username": null, "sub": MACHINE }),
    ] {
        let mut claims = claims(TokenUse::Access);
        claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        assert_eq!(verify(&claims), Err(TokenError::Client), "{changes}");
    }
    let id = claims_with(TokenUse::Id, "aud", json!(MACHINE));
    assert_eq!(verify(&id), Err(TokenError::Client));
    let mut own_id = id;
    own_id["sub"] = json!(MACHINE);
    own_id.as_object_mut().unwrap().remove("cognito:username");
    assert_eq!(verify(&own_id), Err(TokenError::Client));
}

#[test]
fn jwt_08_a_token_with_a_claim_of_people_is_not_that_of_a_machine() {
    for (name, value) in [
        ("username", json!(MACHINE)),
        ("username", json!("ada")),
        ("username", Value::Null),
        ("cognito:username", json!("ada")),
        ("cognito:groups", json!([])),
        ("cognito:groups", json!(["writer"])),
        ("email", json!("ada@example.com")),
        ("sub", json!("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee")),
        ("sub", json!(CLIENT)),
        ("sub", json!(MACHINE.to_uppercase())),
        ("sub", Value::Null),
    ] {
        assert_eq!(
            verify(&with(MACHINE, name, value.clone())),
            Err(TokenError::Client),
            "{name} = {value}"
        );
    }
    // A client that people sign in with, too, does not get the role either.
    let named = verify(&with(CLIENT, "username", json!(CLIENT))).unwrap();
    assert_eq!(named.claims().client_role, None);
    let grouped = verify(&with(CLIENT, "cognito:groups", json!(["writer"]))).unwrap();
    assert_eq!(grouped.claims().client_role, None);
}

#[test]
fn the_other_rules_hold_for_machines_too() {
    for (name, value, error) in [
        ("iss", json!("https://issuer.example/pool_1"), TokenError::Issuer),
        ("act", json!({ "sub": "other" }), TokenError::Delegated),
        ("aud", json!("https://other.example"), TokenError::Resource),
        ("exp", json!(NOW - 50), TokenError::Expired),
        ("iat", json!(NOW + 60), TokenError::Future),
        ("azp", json!(OTHER_CLIENT), TokenError::Client),
    ] {
        assert_eq!(verify(&with(MACHINE, name, value)), Err(error), "{name}");
    }
    let forged = token(&header(), &machine_claims(MACHINE), attacker_key());
    assert_eq!(
        block_on(authorizer().verify_bearer(&forged, NOW)).err(),
        Some(TokenError::Signature)
    );
}

#[test]
fn a_machine_cannot_sign_in() {
    let expected = IdTokenExpectations { client_id: MACHINE, nonce: None, access_token: None };
    let token = signed(&machine_claims(MACHINE));
    let result = block_on(authorizer().verify_id_token(&token, &expected, NOW));
    assert_eq!(result, Err(TokenError::OtherUse(TokenUse::Access)));
}

#[test]
fn f_41_a_client_with_two_roles_is_refused() {
    let client_roles = ["a=admin", "a=writer"].map(|role| role.parse().unwrap()).into();
    let config = AuthorizerConfig { client_roles, ..config() };
    assert_eq!(config.check(), Err(ConfigError::ClientRoles));
}
