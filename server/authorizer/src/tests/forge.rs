//! Makes tokens, good and bad, as the pool's owner or an attacker would.

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
pub(super) const KID: &str = "kid+of/ours=";
pub(super) const NONCE: &str = "n-0S6_WzA2Mj";

static OURS: LazyLock<RsaKeyPair> =
    LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());
static THEIRS: LazyLock<RsaKeyPair> =
    LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());
static AUTHORIZER: LazyLock<Authorizer> = LazyLock::new(|| {
    let keys = KeySet::parse(&jwks(&[jwk(ours(), KID)])).unwrap();
    Authorizer::new(config(), Arc::new(KeySource::fixed(keys))).unwrap()
});
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// The pool's key.
pub(super) fn ours() -> &'static RsaKeyPair {
    &OURS
}

/// An attacker's key.
pub(super) fn theirs() -> &'static RsaKeyPair {
    &THEIRS
}

pub(super) fn config() -> AuthorizerConfig {
    AuthorizerConfig {
        issuer: ISSUER.to_owned(),
        client_ids: vec![CLIENT.to_owned(), "2example".to_owned()],
        token_uses: vec![TokenUse::Access, TokenUse::Id],
        clock_skew_seconds: 30,
    }
}

pub(super) const BOTH: [TokenUse; 2] = [TokenUse::Access, TokenUse::Id];

/// The claims of a good token.
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

/// A good token's claims, but for one.
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
    json!({"kid": KID, "alg": "RS256"})
}

pub(super) fn header_with(name: &str, value: Value) -> Value {
    let mut header = header();
    header[name] = value;
    header
}

pub(super) fn good(token_use: TokenUse) -> String {
    signed(&claims(token_use))
}

/// A token signed by the pool itself, whatever it says.
pub(super) fn signed(claims: &Value) -> String {
    token(&header(), claims, ours())
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

/// The modulus, out of the DER form of the public key (RFC 8017, appendix A.1.1).
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

pub(super) fn wait<F: Future>(future: F) -> F::Output {
    RUNTIME.block_on(future)
}

pub(super) fn bearer(token: &str) -> Result<Identity, TokenError> {
    wait(AUTHORIZER.verify_bearer(token, NOW))
}

pub(super) fn sign_in(
    token: &str,
    expected: &IdTokenExpectations<'_>,
) -> Result<Identity, TokenError> {
    wait(AUTHORIZER.verify_id_token(token, expected, NOW))
}

/// Asserts that a token is refused for this reason wherever tokens come in.
pub(super) fn assert_refused(what: &str, token: &str, token_error: TokenError) {
    assert_eq!(bearer(token).err(), Some(token_error), "bearer: {what}");
    let expected =
        IdTokenExpectations { client_id: CLIENT, nonce: Some(NONCE), access_token: None };
    assert!(sign_in(token, &expected).is_err(), "sign-in: {what}");
}

/// A token signed by the pool itself, with another header.
pub(super) fn with_header(header: &Value, token_use: TokenUse) -> String {
    token(header, &claims(token_use), ours())
}

pub(super) fn assert_header_refused(name: &str, value: &Value, token_error: TokenError) {
    for token_use in BOTH {
        let token = with_header(&header_with(name, value.clone()), token_use);
        assert_refused(&format!("{name} = {value}"), &token, token_error);
    }
}

pub(super) fn parts(token: &str) -> [&str; 3] {
    token.split('.').collect::<Vec<_>>().try_into().unwrap()
}
