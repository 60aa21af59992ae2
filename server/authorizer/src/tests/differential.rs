//! Comparison with other verifiers: a token that they refuse must be refused here too.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::thread;

use fastrand::Rng;
use serde_json::{Value, json};

use super::fixtures::*;
use crate::TokenError;
use crate::compact::decode;

const TOKENS: usize = 10_000;
const NAMES: [&str; 18] = [
    "iss",
    "sub",
    "aud",
    "client_id",
    "token_use",
    "exp",
    "iat",
    "nbf",
    "auth_time",
    "jti",
    "username",
    "cognito:username",
    "cognito:groups",
    "scope",
    "azp",
    "act",
    "email",
    "version",
];
const HEADER_NAMES: [&str; 8] = ["alg", "kid", "typ", "crit", "b64", "jwk", "cty", "zip"];

type Results = (Vec<String>, Vec<Result<(), TokenError>>);

/// The tokens, and their results here.
static RESULTS: LazyLock<Results> = LazyLock::new(|| {
    let tokens = tokens();
    let results = tokens.iter().map(|token| verify_bearer(token).map(drop)).collect();
    (tokens, results)
});

#[test]
fn tokens_refused_by_aws_jwt_verify_are_refused() {
    let (tokens, results) = &*RESULTS;
    let script = end2end("reference/aws-jwt-verify.mjs");
    let missing = "the npm packages are missing: run scripts/setup.sh test";
    let accepted = run_verifier(Command::new("node").arg(script), tokens).expect(missing);
    compare("aws-jwt-verify", tokens, results, &accepted);
}

#[test]
fn tokens_refused_by_pyjwt_are_refused() {
    let python = end2end(".venv/bin/python");
    if !python.exists() {
        println!(
            "not compared: PyJWT is missing; scripts/setup.sh test installs it where possible"
        );
        return;
    }
    let (tokens, results) = &*RESULTS;
    let script = end2end("reference/pyjwt.py");
    let accepted = run_verifier(Command::new(python).arg(script), tokens).expect("PyJWT runs");
    compare("PyJWT", tokens, results, &accepted);
}

fn compare(name: &str, tokens: &[String], results: &[Result<(), TokenError>], accepted: &[bool]) {
    assert_eq!((results.len(), accepted.len()), (TOKENS, TOKENS));
    let (mut both, mut only_there, mut violations) = (0, 0, Vec::new());
    for ((token, result), is_accepted) in tokens.iter().zip(results).zip(accepted) {
        match (result, is_accepted) {
            (Ok(()), true) => both += 1,
            (Err(_), true) => only_there += 1,
            (Ok(()), false) => violations.push(describe(token)),
            (Err(_), false) => {}
        }
    }
    println!("{name}: both accept {both} of {TOKENS}, only the other {only_there}");
    assert!(
        violations.is_empty(),
        "accepted here, refused by {name}: {:#?}",
        &violations[..violations.len().min(5)]
    );
    assert!(both > TOKENS / 10 && both < TOKENS / 2, "{both}");
}

fn describe(token: &str) -> String {
    let [header, payload, _] = parts(token);
    [header, payload].map(|part| String::from_utf8(decode(part).unwrap()).unwrap()).join(" ")
}

/// Runs another verifier; returns `None` if it cannot run.
fn run_verifier(command: &mut Command, tokens: &[String]) -> Option<Vec<bool>> {
    let keys: Value = serde_json::from_slice(&jwks(&[jwk(pool_key(), KEY_ID)])).unwrap();
    let given = json!({
        "now": NOW,
        "issuer": ISSUER,
        "clients": config().client_ids,
        "skew": config().clock_skew_seconds,
        "jwks": keys,
        "tokens": tokens,
    });
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), given.to_string()).unwrap();
    let output = command.arg(file.path()).output().ok()?;
    if !output.status.success() {
        println!("{}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    Some(String::from_utf8(output.stdout).unwrap().lines().map(|line| line == "1").collect())
}

fn end2end(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../end2end").join(path)
}

/// Generates the tokens, which are the same in each run.
fn tokens() -> Vec<String> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let numbers: Vec<usize> = (0..TOKENS).collect();
        let share = |numbers: &[usize]| {
            let numbers = numbers.to_vec();
            scope.spawn(move || numbers.into_iter().map(generated).collect::<Vec<_>>())
        };
        let running: Vec<_> = numbers.chunks(TOKENS.div_ceil(threads)).map(share).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// Generates a token with up to three changes, which may make it invalid.
fn generated(number: usize) -> String {
    let mut rng = Rng::with_seed(number as u64);
    let (mut header, mut claims) = (header(), claims(TOKEN_USES[rng.usize(..2)]));
    for _ in 0..rng.usize(..4) {
        if rng.u8(..4) == 0 {
            header[HEADER_NAMES[rng.usize(..HEADER_NAMES.len())]] = value(&mut rng);
            continue;
        }
        let name = NAMES[rng.usize(..NAMES.len())];
        match rng.u8(..4) {
            0 => drop(claims.as_object_mut().unwrap().remove(name)),
            1 => claims[name] = value(&mut rng),
            _ => claims[name] = plausible(name, &mut rng),
        }
    }
    let key = if rng.u8(..12) == 0 { attacker_key() } else { pool_key() };
    let token = token(&header, &claims, key);
    if rng.u8(..8) == 0 { edited(&token, &mut rng) } else { token }
}

/// Returns a plausible value of a claim.
fn plausible(name: &str, rng: &mut Rng) -> Value {
    let near = || [-90_000, -3_600, -31, -29, -1, 0, 1, 29, 31, 3_600, 90_000];
    match name {
        "exp" | "iat" | "nbf" | "auth_time" => json!(NOW + near()[rng.usize(..near().len())]),
        "iss" => json!([ISSUER, "https://issuer.example"][rng.usize(..2)]),
        "aud" | "client_id" | "azp" => json!([CLIENT, OTHER_CLIENT, "2example"][rng.usize(..3)]),
        "token_use" => json!(["id", "access", "refresh"][rng.usize(..3)]),
        "cognito:groups" => json!([["admin"], ["editor"]][rng.usize(..2)]),
        _ => json!(["ada", "a b", "0"][rng.usize(..3)]),
    }
}

fn value(rng: &mut Rng) -> Value {
    let values = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1e300),
        json!(NOW),
        json!(u64::MAX),
        json!(""),
        json!("admin"),
        json!("RS256"),
        json!("JWT"),
        json!(KEY_ID),
        json!([]),
        json!([CLIENT]),
        json!(["exp"]),
        json!({}),
    ];
    values[rng.usize(..values.len())].clone()
}

fn edited(token: &str, rng: &mut Rng) -> String {
    let mut token: Vec<char> = token.chars().collect();
    let at = rng.usize(..token.len());
    match rng.u8(..5) {
        0 => token.insert(at, '.'),
        1 => token.truncate(at),
        2 => token.push('='),
        3 => token[at] = ['A', 'B', '+', '/', ' ', '_'][rng.usize(..6)],
        _ => drop(token.remove(at)),
    }
    token.into_iter().collect()
}
