//! A million altered tokens. Most have an invalid form; some reach the check of the signature,
//! and the test prints how many.

use std::collections::BTreeMap;
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fastrand::Rng;
use gazette_domain::TokenUse;

use super::fixtures::*;
use crate::TokenError;

const TOKENS: usize = 1_000_000;
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Replacements in a payload that an attacker would want.
const REPLACEMENTS: [(&str, &str); 8] = [
    ("ada", "eve"),
    ("editor", "admins"),
    ("1790003540", "1790003541"),
    ("\"version\":2", "\"version\":3"),
    ("openid email", "openid admin"),
    ("aaaaaaaa-", "baaaaaaa-"),
    ("\"event_id\"", "\"event_ie\""),
    ("-4000-8000-", "-4000-9000-"),
];

#[test]
fn atk_26_none_of_a_million_altered_tokens_is_accepted() {
    let valid = TOKEN_USES.map(valid_token);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let outcomes = thread::scope(|scope| {
        let valid = &valid;
        let share =
            |seed| scope.spawn(move || verify_altered(valid, TOKENS.div_ceil(threads), seed));
        let running: Vec<_> = (0..threads as u64).map(share).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    let mut errors = BTreeMap::new();
    for (code, count) in outcomes.into_iter().flatten() {
        *errors.entry(code).or_insert(0) += count;
    }
    println!("errors: {errors:#?}");
    let total: usize = errors.values().sum();
    assert!(total >= TOKENS, "{total}");
    let reached = errors[TokenError::Signature.code()];
    assert!(reached > TOKENS / 10, "only {reached} reached the signature");
}

fn verify_altered(valid: &[String; 2], count: usize, seed: u64) -> BTreeMap<&'static str, usize> {
    let mut rng = Rng::with_seed(seed);
    let mut errors = BTreeMap::new();
    let mut tried = 0;
    while tried < count {
        let origin = rng.usize(..2);
        let altered = altered(valid, origin, &mut rng);
        if valid.contains(&altered) {
            continue;
        }
        let error = verify_bearer(&altered).expect_err(&altered);
        *errors.entry(error.code()).or_default() += 1;
        tried += 1;
    }
    errors
}

fn altered(valid: &[String; 2], origin: usize, rng: &mut Rng) -> String {
    let token = &valid[origin];
    match rng.u8(..10) {
        0 => with_replacements(token, rng),
        1 => spliced(valid, rng),
        2 => with_edits(token, token.rfind('.').unwrap(), rng),
        _ => with_edits(token, 0, rng),
    }
}

/// Changes claims and keeps everything else.
fn with_replacements(token: &str, rng: &mut Rng) -> String {
    let [header, payload, signature] = parts(token);
    let mut payload = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    for _ in 0..rng.usize(1..4) {
        let (from, to) = REPLACEMENTS[rng.usize(..REPLACEMENTS.len())];
        payload = payload.replacen(from, to, 1);
    }
    format!("{header}.{}.{signature}", base64url(payload))
}

/// Mixes the parts of both tokens.
fn spliced(valid: &[String; 2], rng: &mut Rng) -> String {
    let valid = valid.each_ref().map(|token| parts(token));
    [0, 1, 2].map(|part| valid[rng.usize(..2)][part]).join(".")
}

/// Edits one to four single characters behind a position.
fn with_edits(token: &str, from: usize, rng: &mut Rng) -> String {
    let mut token = token.as_bytes().to_vec();
    for _ in 0..rng.usize(1..5) {
        let at = rng.usize(from..token.len());
        match rng.u8(..8) {
            0..5 => token[at] = letter(rng),
            5 => token.insert(at, letter(rng)),
            6 if token.len() > from + 1 => drop(token.remove(at)),
            _ => {
                let other = rng.usize(from..token.len());
                token.swap(at, other);
            }
        }
    }
    String::from_utf8(token).unwrap()
}

fn letter(rng: &mut Rng) -> u8 {
    if rng.u8(..50) == 0 { rng.u8(..128) } else { ALPHABET[rng.usize(..ALPHABET.len())] }
}

#[test]
fn the_replaced_texts_are_in_the_tokens() {
    let claims = TOKEN_USES.map(claims).map(|claims| claims.to_string());
    for (from, _) in REPLACEMENTS {
        assert!(claims.iter().any(|claims| claims.contains(from)), "{from}");
    }
    assert_eq!(TOKEN_USES, [TokenUse::Access, TokenUse::Id]);
}
