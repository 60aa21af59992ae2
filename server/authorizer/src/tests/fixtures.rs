//! Keys, tokens, an authorizer, and assertions about them.

use std::sync::{Arc, LazyLock};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaEncoding, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gazette_domain::{Identity, TokenUse};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::{Authorizer, AuthorizerConfig, IdTokenExpectations, KeySet, KeySource, TokenError};

pub(super) const NOW: i64 = 1_790_000_000;
pub(super) const ISSUER: &str = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123xyz";
pub(super) const CLIENT: &str = "1example23456789";
pub(super) const OTHER_CLIENT: &str = "9other87654321";
pub(super) const KEY_ID: &str = "kid+of/ours=";
pub(super) const NONCE: &str = "n-0S6_WzA2Mj";

static POOL_KEY: LazyLock<RsaKeyPair> =
    LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());
static ATTACKER_KEY: LazyLock<RsaKeyPair> =
    LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());
static AUTHORIZER: LazyLock<Authorizer> = LazyLock::new(|| {
    let keys = KeySet::parse(&jwks(&[jwk(pool_key(), KEY_ID)])).unwrap();
    Authorizer::new(config(), Arc::new(KeySource::fixed(keys))).unwrap()
});
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// Returns the pool's key.
pub(super) fn pool_key() -> &'static RsaKeyPair {
    &POOL_KEY
}

/// Returns an attacker's key.
pub(super) fn attacker_key() -> &'static RsaKeyPair {
    &ATTACKER_KEY
}

pub(super) fn config() -> AuthorizerConfig {
    AuthorizerConfig {
        issuer: ISSUER.to_owned(),
        client_ids: vec![CLIENT.to_owned(), "2example".to_owned()],
        client_roles: Vec::new(),
        token_uses: vec![TokenUse::Access, TokenUse::Id],
        resource: Some("https://news.example".to_owned()),
        clock_skew_seconds: 30,
    }
}

pub(super) const TOKEN_USES: [TokenUse; 2] = [TokenUse::Access, TokenUse::Id];

/// Returns the claims of a valid token.
pub(super) fn claims(token_use: TokenUse) -> Value {
    let mut claims = json!({
        "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        "iss": ISSUER,
        "token_use": token_use.as_str(),
        "auth_time": NOW - 100,
        "iat": NOW - 60,
        "exp": NOW + 3_540,
        "jti": "c9e5d8b0-0000-4000-8000-000000000000",
        "origin_jti": "d9e5d8b0-0000-4000-8000-000000000000",
        "event_id": "e9e5d8b0-0000-4000-8000-000000000000",
        "cognito:groups": ["admin", "editor"],
    });
    let own = match token_use {
        TokenUse::Access => json!({
            "client_id": CLIENT, "username": "ada", "version": 2, "scope": "openid email",
        }),
        TokenUse::Id => json!({
            "aud": CLIENT, "cognito:username": "ada", "email": "ada@example.com",
            "email_verified": true, "nonce": NONCE, "address": {"formatted": "Main St"},
            "identities": [{"userId": "1", "primary": "true"}],
        }),
    };
    claims.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    claims
}

/// Returns the claims of a valid token, except for one.
pub(super) fn claims_with(token_use: TokenUse, name: &str, value: Value) -> Value {
    let mut claims = claims(token_use);
    claims[name] = value;
    claims
}

pub(super) fn claims_without(token_use: TokenUse, name: &str) -> Value {
    let mut claims = claims(token_use);
    claims.as_object_mut().unwrap().remove(name);
    claims
}

pub(super) fn header() -> Value {
    json!({"kid": KEY_ID, "alg": "RS256"})
}

pub(super) fn header_with(name: &str, value: Value) -> Value {
    let mut header = header();
    header[name] = value;
    header
}

pub(super) fn valid_token(token_use: TokenUse) -> String {
    signed(&claims(token_use))
}

/// Returns a token with these claims, signed with the pool's key.
pub(super) fn signed(claims: &Value) -> String {
    token(&header(), claims, pool_key())
}

pub(super) fn token(header: &Value, claims: &Value, key: &RsaKeyPair) -> String {
    raw_token(header.to_string().as_bytes(), claims.to_string().as_bytes(), key)
}

pub(super) fn raw_token(header: &[u8], payload: &[u8], key: &RsaKeyPair) -> String {
    let message = format!("{}.{}", base64url(header), base64url(payload));
    let signature = sign(&RSA_PKCS1_SHA256, &message, key);
    format!("{message}.{signature}")
}

pub(super) fn sign(encoding: &'static dyn RsaEncoding, message: &str, key: &RsaKeyPair) -> String {
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(encoding, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    base64url(&signature)
}

pub(super) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Returns the modulus from the DER form of the public key (RFC 8017, appendix A.1.1).
pub(super) fn modulus(key: &RsaKeyPair) -> &[u8] {
    let der = key.public_key().as_ref();
    assert_eq!(der[..9], [0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00]);
    &der[9..9 + 256]
}

pub(super) fn jwk(key: &RsaKeyPair, kid: &str) -> Value {
    json!({
        "alg": "RS256", "e": "AQAB", "kid": kid, "kty": "RSA", "n": base64url(modulus(key)),
        "use": "sig",
    })
}

pub(super) fn jwks(keys: &[Value]) -> Vec<u8> {
    json!({ "keys": keys }).to_string().into_bytes()
}

pub(super) fn block_on<F: Future>(future: F) -> F::Output {
    RUNTIME.block_on(future)
}

pub(super) fn verify_bearer(token: &str) -> Result<Identity, TokenError> {
    block_on(AUTHORIZER.verify_bearer(token, NOW))
}

pub(super) fn sign_in(
    token: &str,
    expected: &IdTokenExpectations<'_>,
) -> Result<Identity, TokenError> {
    block_on(AUTHORIZER.verify_id_token(token, expected, NOW))
}

/// Asserts that a token is refused as a bearer token, with this error, and in a sign-in.
pub(super) fn assert_refused(what: &str, token: &str, error: TokenError) {
    assert_eq!(verify_bearer(token).err(), Some(error), "bearer: {what}");
    let expected =
        IdTokenExpectations { client_id: CLIENT, nonce: Some(NONCE), access_token: None };
    assert!(sign_in(token, &expected).is_err(), "sign-in: {what}");
}

/// Returns a token with another header, signed with the pool's key.
pub(super) fn with_header(header: &Value, token_use: TokenUse) -> String {
    token(header, &claims(token_use), pool_key())
}

pub(super) fn assert_header_refused(name: &str, value: &Value, error: TokenError) {
    for token_use in TOKEN_USES {
        let token = with_header(&header_with(name, value.clone()), token_use);
        assert_refused(&format!("{name} = {value}"), &token, error);
    }
}

pub(super) fn parts(token: &str) -> [&str; 3] {
    token.split('.').collect::<Vec<_>>().try_into().unwrap()
}

pub(super) fn assert_claim_refused(name: &str, value: &Value, error: TokenError) {
    for token_use in TOKEN_USES {
        let token = signed(&claims_with(token_use, name, value.clone()));
        assert_refused(&format!("{name} = {value}"), &token, error);
    }
}

pub(super) fn assert_claim_required(name: &str, error: TokenError) {
    for token_use in TOKEN_USES {
        assert_refused(name, &signed(&claims_without(token_use, name)), error);
    }
}

pub(super) fn assert_claim_accepted(name: &str, value: &Value) {
    for token_use in TOKEN_USES {
        let token = signed(&claims_with(token_use, name, value.clone()));
        assert_eq!(verify_bearer(&token).err(), None, "{name} = {value}");
    }
}
