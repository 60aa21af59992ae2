//! Parsing of key sets.

use std::sync::Arc;

use serde_json::{Value, json};

use super::fixtures::*;
use crate::strict_json::read_object;
use crate::{KeyError, KeySet};

fn jwk_with(name: &str, value: Value) -> Value {
    let mut jwk = jwk(attacker_key(), "other");
    jwk[name] = value;
    jwk
}

/// Checks that a key is dropped from a set that also has a valid one.
fn is_dropped(key: &Value) -> bool {
    let keys = KeySet::parse(&jwks(&[jwk(pool_key(), KEY_ID), key.clone()])).unwrap();
    assert!(keys.get(KEY_ID).is_some());
    assert_eq!(keys.dropped(), 2 - keys.len());
    keys.get("other").is_none()
}

#[test]
fn keys_for_rs256_are_kept() {
    let mut bare = jwk(attacker_key(), "other");
    bare.as_object_mut().unwrap().remove("alg");
    bare.as_object_mut().unwrap().remove("use");
    for key in [
        jwk(attacker_key(), "other"),
        bare,
        jwk_with("key_ops", json!(["verify"])),
        jwk_with("key_ops", json!(["encrypt", "verify"])),
        jwk_with("x5t", json!("ignored")),
    ] {
        assert!(!is_dropped(&key), "{key}");
    }
}

#[test]
fn jwt_02_f_18_other_keys_are_dropped() {
    for (name, value) in [
        ("kty", json!("oct")),
        ("kty", json!("EC")),
        ("kty", json!("rsa")),
        ("kty", json!(null)),
        ("alg", json!("RS512")),
        ("alg", json!("HS256")),
        ("alg", json!("PS256")),
        ("alg", json!("RSA-OAEP")),
        ("alg", json!(null)),
        ("use", json!("enc")),
        ("use", json!("SIG")),
        ("use", json!(null)),
        ("key_ops", json!([])),
        ("key_ops", json!(["sign"])),
        ("key_ops", json!("verify")),
        ("key_ops", json!(null)),
        ("kid", json!("")),
        ("kid", json!("../other")),
        ("kid", json!("x".repeat(129))),
        ("kid", json!(1)),
        ("kid", json!(null)),
    ] {
        assert!(is_dropped(&jwk_with(name, value.clone())), "{name} = {value}");
    }
    for name in ["kty", "kid", "n", "e"] {
        let mut key = jwk(attacker_key(), "other");
        key.as_object_mut().unwrap().remove(name);
        assert!(is_dropped(&key), "no {name}");
    }
    for key in [json!(null), json!("key"), json!([]), json!({})] {
        assert!(is_dropped(&key), "{key}");
    }
}

#[test]
fn jwt_03_f_18_private_and_symmetric_keys_are_dropped() {
    for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        assert!(is_dropped(&jwk_with(name, json!("AQAB"))), "{name}");
        assert!(is_dropped(&jwk_with(name, json!(null))), "{name}");
    }
    assert!(is_dropped(&json!({"kty": "oct", "kid": "other", "alg": "RS256", "k": "c2VjcmV0"})));
}

#[test]
fn jwt_03_the_modulus_has_2048_to_8192_bits() {
    let with_modulus = |bytes: &[u8]| jwk_with("n", json!(base64url(bytes)));
    let ones = |length: usize| with_modulus(&vec![0xff; length]);
    assert!(!is_dropped(&ones(256)));
    assert!(!is_dropped(&ones(1_024)));
    assert!(is_dropped(&ones(128)), "1024 bits");
    assert!(is_dropped(&ones(255)), "2040 bits");
    assert!(is_dropped(&with_modulus(&[&[0x7f], [0xff; 255].as_slice()].concat())), "2047 bits");
    assert!(is_dropped(&ones(1_025)), "8200 bits");
    assert!(is_dropped(&with_modulus(&[&[0], [0xff; 256].as_slice()].concat())), "leading zero");
    assert!(is_dropped(&with_modulus(&[[0xff; 255].as_slice(), &[0xfe]].concat())), "even");
    assert!(is_dropped(&with_modulus(&[])), "empty");
    let n = base64url(modulus(attacker_key()));
    for respelled in
        [format!("{n}=="), format!("{n}\n"), n.replace(['-', '_'], "+"), format!(" {n}")]
    {
        let is_same = respelled == n;
        assert!(is_same || is_dropped(&jwk_with("n", json!(respelled))));
    }
}

#[test]
fn jwt_03_the_exponent_is_65537() {
    for e in [json!("Aw"), json!("AQ"), json!("AAEAAQ"), json!("AQAA"), json!(""), json!(65_537)] {
        assert!(is_dropped(&jwk_with("e", e.clone())), "{e}");
    }
}

#[test]
fn atk_08_f_18_all_keys_that_share_an_id_are_dropped() {
    let third = jwk_with("kid", json!("third"));
    let oct = json!({"kty": "oct", "kid": KEY_ID, "k": "c2VjcmV0"});
    for duplicate in [jwk(attacker_key(), KEY_ID), jwk(pool_key(), KEY_ID), oct] {
        let keys =
            KeySet::parse(&jwks(&[jwk(pool_key(), KEY_ID), duplicate, third.clone()])).unwrap();
        assert!(keys.get(KEY_ID).is_none() && keys.get("third").is_some());
        assert_eq!((keys.len(), keys.dropped()), (1, 2));
    }
}

#[test]
fn f_18_a_set_without_a_usable_key_is_refused() {
    for keys in [vec![], vec![json!({})], vec![jwk_with("use", json!("enc"))]] {
        assert!(matches!(KeySet::parse(&jwks(&keys)), Err(KeyError::NoUsableKey)));
    }
}

#[test]
fn f_17_a_set_has_at_most_100_keys() {
    let set = |count: usize| {
        let keys: Vec<_> = (0..count).map(|kid| jwk(pool_key(), &kid.to_string())).collect();
        KeySet::parse(&jwks(&keys))
    };
    assert_eq!(set(100).unwrap().len(), 100);
    assert!(matches!(set(101), Err(KeyError::TooManyKeys)));
    assert!(matches!(set(10_000), Err(KeyError::Malformed)));
}

#[test]
fn f_17_a_set_is_strict_json() {
    let valid = String::from_utf8(jwks(&[jwk(pool_key(), KEY_ID)])).unwrap();
    let deep = format!("{{\"keys\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let twice = valid.replacen('{', r#"{"keys":[],"#, 1);
    let doubled = valid.replacen("\"alg\"", "\"alg\":\"HS256\",\"alg\"", 1);
    for bad in [
        "",
        "<html></html>",
        "[]",
        "null",
        "{}",
        r#"{"keys":{}}"#,
        r#"{"keys":null}"#,
        &deep,
        &twice,
        &doubled,
        &format!("{valid}x"),
        &format!("\u{feff}{valid}"),
        &valid[1..],
    ] {
        assert!(matches!(KeySet::parse(bad.as_bytes()), Err(KeyError::Malformed)), "{bad:.60}");
    }
}

#[test]
fn the_usual_encoded_header_finds_the_same_key_as_its_key_id() {
    let keys =
        KeySet::parse(&jwks(&[jwk(pool_key(), KEY_ID), jwk(attacker_key(), "plain")])).unwrap();
    for (header, kid) in [
        (r#"{"kid":"kid+of\/ours=","alg":"RS256"}"#, KEY_ID),
        (r#"{"kid":"kid+of/ours=","alg":"RS256"}"#, KEY_ID),
        (r#"{"kid":"plain","alg":"RS256"}"#, "plain"),
    ] {
        let read = read_object(header.as_bytes()).unwrap();
        assert_eq!(crate::header::key_id(&read), Ok(kid));
        let known = keys.by_header(&base64url(header)).expect(header);
        assert!(Arc::ptr_eq(known, keys.get(kid).unwrap()), "{header}");
    }
    for header in [
        r#"{"kid":"plain","alg":"none"}"#,
        r#"{"kid":"plain","alg":"RS256","crit":[]}"#,
        r#"{"kid":"gone","alg":"RS256"}"#,
        "",
    ] {
        assert!(keys.by_header(&base64url(header)).is_none(), "{header}");
    }
}
