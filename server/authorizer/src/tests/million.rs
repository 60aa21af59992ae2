//! A million altered tokens. Most die of their form; those whose claims are still in order
//! reach the signature, and how many did is printed.

use std::collections::BTreeMap;
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fastrand::Rng;
use gazette_domain::TokenUse;

use super::forge::*;
use crate::TokenError;

const TOKENS: usize = 1_000_000;
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// What a forger would like to read in a payload, in place of what stands there.
const WISHES: [(&str, &str); 8] = [
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
fn atk_26_of_a_million_altered_tokens_none_is_accepted() {
    let good = BOTH.map(good);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let outcomes = thread::scope(|scope| {
        let good = &good;
        let share = |seed| scope.spawn(move || try_many(good, TOKENS.div_ceil(threads), seed));
        let running: Vec<_> = (0..threads as u64).map(share).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    let mut refused = BTreeMap::new();
    for (code, count) in outcomes.into_iter().flatten() {
        *refused.entry(code).or_insert(0) += count;
    }
    println!("refused for: {refused:#?}");
    let total: usize = refused.values().sum();
    assert!(total >= TOKENS, "{total}");
    let reached = refused[TokenError::Signature.code()];
    assert!(reached > TOKENS / 10, "only {reached} reached the signature");
}

fn try_many(good: &[String; 2], count: usize, seed: u64) -> BTreeMap<&'static str, usize> {
    let mut rng = Rng::with_seed(seed);
    let mut refused = BTreeMap::new();
    let mut tried = 0;
    while tried < count {
        let origin = rng.usize(..2);
        let altered = altered(good, origin, &mut rng);
        if good.contains(&altered) {
            continue;
        }
        let token_error = bearer(&altered).expect_err(&altered);
        *refused.entry(token_error.code()).or_default() += 1;
        tried += 1;
    }
    refused
}

fn altered(good: &[String; 2], origin: usize, rng: &mut Rng) -> String {
    let token = &good[origin];
    match rng.u8(..10) {
        0 => with_wishes(token, rng),
        1 => spliced(good, rng),
        2 => with_edits(token, token.rfind('.').unwrap(), rng),
        _ => with_edits(token, 0, rng),
    }
}

/// The claims changed, everything else kept.
fn with_wishes(token: &str, rng: &mut Rng) -> String {
    let [header, payload, signature] = parts(token);
    let mut payload = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    for _ in 0..rng.usize(1..4) {
        let (from, to) = WISHES[rng.usize(..WISHES.len())];
        payload = payload.replacen(from, to, 1);
    }
    format!("{header}.{}.{signature}", base64url(payload))
}

/// The parts of both tokens, mixed.
fn spliced(good: &[String; 2], rng: &mut Rng) -> String {
    let good = good.each_ref().map(|token| parts(token));
    [0, 1, 2].map(|part| good[rng.usize(..2)][part]).join(".")
}

/// One to four edits of single characters, all behind a position.
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
fn the_wishes_are_about_what_the_tokens_say() {
    let claims = BOTH.map(claims).map(|claims| claims.to_string());
    for (from, _) in WISHES {
        assert!(claims.iter().any(|claims| claims.contains(from)), "{from}");
    }
    assert_eq!(BOTH, [TokenUse::Access, TokenUse::Id]);
}
