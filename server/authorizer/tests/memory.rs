//! Memory used to verify an untrusted token, measured by a counting allocator.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use allocation_counter::measure;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gazette_authorizer::{
    Authorizer, AuthorizerConfig, KeySet, KeySource, TokenError, bearer_token,
};
use gazette_domain::TokenUse;
use serde_json::json;

const MAX_TOKEN_BYTES: usize = 8 * 1024;
const HEADER: &str = r#"{"kid":"key","alg":"RS256"}"#;

fn authorizer() -> Authorizer {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let modulus = pair.public_key().modulus().big_endian_without_leading_zero().to_vec();
    let key = json!({ "kty": "RSA", "kid": "key", "e": "AQAB", "n": base64url(modulus) });
    let keys = KeySet::parse(json!({ "keys": [key] }).to_string().as_bytes()).unwrap();
    let config = AuthorizerConfig {
        issuer: "https://issuer.example".to_owned(),
        client_ids: vec!["client".to_owned()],
        client_roles: Vec::new(),
        token_uses: vec![TokenUse::Access],
        resource: Some("https://news.example".to_owned()),
        clock_skew_seconds: 30,
    };
    Authorizer::new(config, Arc::new(KeySource::fixed(keys))).unwrap()
}

fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn verify_error(authorizer: &Authorizer, token: &str) -> TokenError {
    let verifying = pin!(authorizer.verify_bearer(token, 0));
    match verifying.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome.unwrap_err(),
        Poll::Pending => unreachable!("the key is cached"),
    }
}

#[test]
fn jwt_14_a_token_that_is_too_long_allocates_nothing() {
    let authorizer = authorizer();
    let header = base64url(HEADER);
    for length in [MAX_TOKEN_BYTES + 1, 1 << 16, 1 << 20, 1 << 24] {
        let rest = "A".repeat(length);
        for token in [
            rest.clone(),
            "a.".repeat(length / 2 + 1),
            "\u{fffd}".repeat(length / 2),
            format!("{header}.{rest}.AAAA"),
            format!("{header}.e30.{rest}"),
            format!("{rest}.e30.AAAA"),
        ] {
            let field = format!("Bearer {token}");
            let memory = measure(|| {
                let token = bearer_token([field.as_bytes()]).unwrap().unwrap();
                assert_eq!(verify_error(&authorizer, token), TokenError::TooLong);
            });
            assert_eq!((memory.count_total, memory.bytes_total), (0, 0), "{length}");
        }
    }
}

#[test]
fn jwt_14_the_largest_tokens_allocate_a_bounded_amount() {
    let authorizer = authorizer();
    let room = (MAX_TOKEN_BYTES - base64url(HEADER).len() - 10) / 4 * 3;
    let filled = |before: &str, unit: &str, after: &str| {
        let times = (room - before.len() - after.len()) / unit.len();
        format!("{before}{}{after}", unit.repeat(times))
    };
    let members: Vec<String> = (0..200).map(|number| format!("\"{number}\":{{}}")).collect();
    let payloads = [
        filled("{\"a\":[", "0,", "0]}"),
        filled("{\"a\":[", "{},", "0]}"),
        filled("{\"a\":[", "[0],", "0]}"),
        filled("{\"a\":[", "{\"\":0},", "0]}"),
        filled("{\"a\":[", "[[{}]],", "0]}"),
        filled("{\"a\":[", "\"\\n\",", "0]}"),
        filled("{\"a\":\"", "\\n", "\"}"),
        filled("{\"iss\":\"", "x", "\"}"),
        format!("{{{}}}", members.join(",")),
        filled("", "[", ""),
        filled("", "{\"a\":", ""),
    ];
    for payload in payloads {
        let token = format!("{}.{}.AAAA", base64url(HEADER), base64url(&payload));
        assert!(token.len() <= MAX_TOKEN_BYTES);
        let memory = measure(|| {
            let error = verify_error(&authorizer, &token);
            assert!(matches!(error, TokenError::Json | TokenError::Issuer), "{error}");
        });
        let start: String = payload.chars().take(24).collect();
        println!(
            "{:>8} bytes at most, {:>8} in all: {start}…",
            memory.bytes_max, memory.bytes_total
        );
        assert!(memory.bytes_max <= 32 * MAX_TOKEN_BYTES as u64, "{start}: {memory:?}");
        assert_eq!(memory.bytes_current, 0, "{start}");
    }
}
