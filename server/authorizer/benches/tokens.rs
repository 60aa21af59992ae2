//! Time to verify tokens, as a ratio to a plain RSA verification in the same rounds. Run it
//! with `make bench`.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a benchmark is run by hand")]

#[path = "../../benches/measure.rs"]
mod measure;

use std::hint::black_box;
use std::pin::pin;
use std::process::Command;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gazette_authorizer::{Authorizer, AuthorizerConfig, KeySet, KeySource};
use gazette_domain::TokenUse;
use serde_json::{Value, json};

use crate::measure::{ratio, show};

/// Number of interleaved rounds.
const ROUNDS: usize = 751;

const ISSUER: &str = "https://issuer.example/pool";
const CLIENT: &str = "client";
const NOW: i64 = 1_790_000_000;
const TIMES: u32 = 20;

fn main() {
    println!("Each line: cost in units of its reference, median of {ROUNDS} interleaved rounds.\n");
    println!("tokens, against one plain RSA-2048 verification (aws-lc-rs, key parsed once)");
    let pool = Pool::new();
    let valid = pool.token(&claims(NOW, ISSUER));
    let (signed, signature) = valid.rsplit_once('.').expect("three parts");
    let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64");
    let reference = || {
        let verified = pool.public.verify_sig(black_box(signed.as_bytes()), black_box(&signature));
        verified.expect("a valid signature");
    };
    let unsigned = format!("{}.e30.AA", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#));
    let forged = format!("{signed}.{}", URL_SAFE_NO_PAD.encode([7; 256]));
    let expired = pool.token(&claims(NOW - 7_200, ISSUER));
    let foreign = pool.token(&claims(NOW, "https://issuer.example/other"));
    let uncached = pool.authorizer().without_cache();
    let cached = pool.authorizer();
    for (name, authorizer, token) in [
        ("accept a valid token", &uncached, &valid),
        ("accept a cached one", &cached, &valid),
        ("refuse an expired one", &uncached, &expired),
        ("refuse a cached expired one", &cached, &expired),
        ("refuse a forged one", &cached, &forged),
        ("refuse a foreign one", &cached, &foreign),
        ("refuse an unsigned one", &cached, &unsigned),
        ("refuse a garbled one", &cached, &"x".repeat(900)),
    ] {
        let verify = || {
            drop(black_box(poll_once(authorizer.verify_bearer(black_box(token), NOW))));
        };
        show(name, ratio(ROUNDS, TIMES, reference, verify));
    }
    if let Some(openssl) = openssl_seconds() {
        let accept = seconds(|| {
            drop(black_box(poll_once(uncached.verify_bearer(black_box(&valid), NOW))));
        });
        println!("\nagainst one verification of `openssl speed rsa2048`, measured just before");
        show("accept a valid token", accept / openssl);
        show("plain RSA-2048 verification", seconds(reference) / openssl);
    }
}

/// Polls a verification once; with a cached key it never waits.
fn poll_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("the key is cached"),
    }
}

/// Returns the time of one verification by OpenSSL, if it is installed.
fn openssl_seconds() -> Option<f64> {
    let output =
        Command::new("openssl").args(["speed", "-mr", "-seconds", "3", "rsa2048"]).output();
    let report = String::from_utf8(output.ok()?.stdout).ok()?;
    // The line for RSA: +F2, number, bits, signatures a second, verifications a second.
    let line = report.lines().find(|line| line.starts_with("+F2:"))?;
    let rate: f64 = line.split(':').nth(4)?.trim().parse().ok()?;
    Some(rate.recip())
}

/// Returns the average time of one run, over about the duration of OpenSSL's measurement.
fn seconds(mut work: impl FnMut()) -> f64 {
    let times = 100_000;
    let began = Instant::now();
    (0..times).for_each(|_| work());
    began.elapsed().as_secs_f64() / f64::from(times)
}

/// A pool's key and its tokens.
struct Pool {
    pair: RsaKeyPair,
    public: ParsedPublicKey,
}

impl Pool {
    fn new() -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
        let public = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref());
        Self { pair, public: public.expect("a public key") }
    }

    fn token(&self, claims: &Value) -> String {
        let header = URL_SAFE_NO_PAD.encode(r#"{"kid":"key","alg":"RS256"}"#);
        let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        let random = SystemRandom::new();
        let signing = self.pair.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature);
        signing.expect("signed");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn authorizer(&self) -> Authorizer {
        let public = self.pair.public_key();
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let key = json!({
            "kty": "RSA",
            "alg": "RS256",
            "use": "sig",
            "kid": "key",
            "n": number(public.modulus().big_endian_without_leading_zero()),
            "e": number(public.exponent().big_endian_without_leading_zero()),
        });
        let keys = KeySet::parse(json!({ "keys": [key] }).to_string().as_bytes()).expect("a key");
        let config = AuthorizerConfig {
            issuer: ISSUER.to_owned(),
            client_ids: vec![CLIENT.to_owned()],
            client_roles: Vec::new(),
            token_uses: vec![TokenUse::Access],
            resource: Some("https://news.example".to_owned()),
            clock_skew_seconds: 30,
        };
        Authorizer::new(config, Arc::new(KeySource::fixed(keys))).expect("an authorizer")
    }
}

fn claims(issued_at: i64, issuer: &str) -> Value {
    json!({
        "sub": "a15a32e5-78e3-49a4-a17d-2a6b97dd27fb",
        "cognito:groups": ["admin", "editor"],
        "iss": issuer,
        "version": 2,
        "client_id": CLIENT,
        "origin_jti": "f1f9d2ea-51f2-4a3e-9b61-7a8e5bb0c3d8",
        "event_id": "0f0c4f4e-8a4e-4b51-9c1e-1f5f2b6f9a10",
        "token_use": "access",
        "scope": "openid email profile",
        "auth_time": issued_at,
        "exp": issued_at + 3_600,
        "iat": issued_at,
        "jti": "3b0e3d59-35a4-4a3c-8a55-9f4f7a4d9a6b",
        "username": "ada",
    })
}
