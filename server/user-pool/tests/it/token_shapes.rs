//! POOL-08: tokens equal those of Cognito in form, byte for byte where a client can see it.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

use crate::test_pool::{CLI, ISSUER, NOW, PASSWORD, TestPool, WEB};

/// Returns the unverified claims of a token.
pub(crate) fn claims(token: &Value) -> Value {
    serde_json::from_str(&part(token, 1)).unwrap()
}

fn part(token: &Value, index: usize) -> String {
    let part = token.as_str().unwrap().split('.').nth(index).unwrap();
    String::from_utf8(URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

async fn keys(pool: &TestPool) -> Value {
    pool.browser().get("/local_gazette/.well-known/jwks.json").await.json()
}

#[tokio::test]
async fn pool_08_two_public_keys_are_published_without_private_members() {
    let pool = TestPool::new().await;
    let keys = keys(&pool).await;
    let keys = keys["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0]["kid"], keys[1]["kid"]);
    for key in keys {
        let names: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["alg", "e", "kid", "kty", "n", "use"]);
        assert_eq!(
            (&key["alg"], &key["e"], &key["kty"], &key["use"]),
            (&json!("RS256"), &json!("AQAB"), &json!("RSA"), &json!("sig"))
        );
        assert_eq!(STANDARD.decode(key["kid"].as_str().unwrap()).unwrap().len(), 32);
        assert_eq!(URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap().len(), 256);
    }
}

#[tokio::test]
async fn pool_08_both_tokens_are_signed_by_the_key_of_their_kind() {
    let pool = TestPool::new().await;
    let (tokens, keys) = (pool.tokens().await, keys(&pool).await);
    let set: JwkSet = serde_json::from_value(keys.clone()).unwrap();
    for (name, index) in [("id_token", 0), ("access_token", 1)] {
        let token = tokens[name].as_str().unwrap();
        let header = decode_header(token).unwrap();
        assert_eq!(header.kid.as_deref(), keys["keys"][index]["kid"].as_str());
        let kid = header.kid.unwrap();
        let expected = format!(r#"{{"kid":"{}","alg":"RS256"}}"#, kid.replace('/', r"\/"));
        assert_eq!(part(&tokens[name], 0), expected, "no typ, and in this order");
        let key = DecodingKey::from_jwk(set.find(&kid).unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[ISSUER]);
        validation.validate_aud = false;
        validation.validate_exp = false;
        decode::<Value>(token, &key, &validation).unwrap();
        assert!(
            part(&tokens[name], 1).contains(r#""iss":"http:\/\/localhost:4000\/local_gazette""#)
        );
    }
}

#[tokio::test]
async fn pool_08_the_claims_of_the_code_flow_are_those_of_cognito() {
    let pool = TestPool::new().await;
    let tokens = pool.tokens().await;
    let (mut id, mut access) = (claims(&tokens["id_token"]), claims(&tokens["access_token"]));
    let sub = pool.directory().find_user("admin").await.unwrap().unwrap().sub.to_string();
    for both in ["event_id", "origin_jti", "jti"] {
        let (id, access) = (id[both].take(), access[both].take());
        assert_eq!(uuid::Uuid::parse_str(id.as_str().unwrap()).unwrap().get_version_num(), 4);
        assert_eq!(id == access, both != "jti");
    }
    let at_hash = URL_SAFE_NO_PAD.decode(id["at_hash"].take().as_str().unwrap()).unwrap();
    let token = tokens["access_token"].as_str().unwrap();
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes());
    assert_eq!(at_hash, hash.as_ref()[..16]);
    assert_eq!(
        id,
        json!({
            "at_hash": null, "sub": sub, "cognito:groups": ["admin"], "email_verified": true, "iss": ISSUER,
            "cognito:username": "admin", "nonce": "n0nce", "origin_jti": null, "aud": WEB, "event_id": null,
            "token_use": "id", "auth_time": NOW, "exp": NOW + 3600, "iat": NOW, "jti": null,
            "email": "admin@example.com",
        })
    );
    assert_eq!(
        access,
        json!({
            "sub": sub, "cognito:groups": ["admin"], "iss": ISSUER, "version": 2, "client_id": WEB,
            "origin_jti": null, "event_id": null, "token_use": "access", "scope": "openid email",
            "auth_time": NOW, "exp": NOW + 3600, "iat": NOW, "jti": null, "username": "admin",
        })
    );
}

#[tokio::test]
async fn pool_08_tokens_of_the_json_api_have_its_scope_and_no_at_hash() {
    let pool = TestPool::new().await;
    pool.directory().remove_from_group("admin", "admin").await.unwrap();
    let result = crate::json_api::by_password(&pool, CLI, "admin", PASSWORD).await.json();
    let result = &result["AuthenticationResult"];
    let (id, access) = (claims(&result["IdToken"]), claims(&result["AccessToken"]));
    assert_eq!(access["scope"], "aws.cognito.signin.user.admin");
    assert_eq!((&id["aud"], &access["client_id"]), (&json!(CLI), &json!(CLI)));
    assert_eq!(id["email"], "admin@example.com");
    for absent in ["at_hash", "nonce", "cognito:groups", "scope", "client_id"] {
        assert!(id.get(absent).is_none(), "{absent}");
    }
    for absent in ["aud", "email", "cognito:groups", "cognito:username"] {
        assert!(access.get(absent).is_none(), "{absent}");
    }
}
