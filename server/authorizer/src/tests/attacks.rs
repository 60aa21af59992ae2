//! Known attacks on JWT verifiers.

use std::collections::HashSet;
use std::net::TcpListener;

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gazette_domain::TokenUse;
use serde_json::{Value, json};

use super::fixtures::*;
use crate::{KeySource, KeySourceOptions, TokenError};

#[test]
fn jwt_01_atk_01_unsigned_tokens_are_refused() {
    for alg in ["none", "None", "nOnE", "NONE", ""] {
        assert_header_refused("alg", &json!(alg), TokenError::Algorithm);
        for token_use in TOKEN_USES {
            let unsigned = with_header(&header_with("alg", json!(alg)), token_use);
            let [header, payload, _] = parts(&unsigned);
            assert_refused("no signature", &format!("{header}.{payload}."), TokenError::Form);
            assert_refused("no part", &format!("{header}.{payload}"), TokenError::Form);
        }
    }
}

#[test]
fn jwt_01_only_rs256_case_sensitively() {
    let others =
        ["rs256", "RS256 ", "RS384", "HS256", "ES256", "ES384", "PS256", "EdDSA", "RSA1_5"];
    for alg in others {
        assert_header_refused("alg", &json!(alg), TokenError::Algorithm);
    }
    for alg in [json!(null), json!(256), json!(["RS256"]), json!({"alg": "RS256"}), json!(true)] {
        assert_header_refused("alg", &alg, TokenError::Algorithm);
    }
    for token_use in TOKEN_USES {
        let token = with_header(&json!({"kid": KEY_ID}), token_use);
        assert_refused("no alg", &token, TokenError::Algorithm);
    }
}

#[test]
fn atk_02_hmac_with_the_public_key_is_refused() {
    let pkcs1 = pool_key().public_key().as_ref().to_vec();
    let spki: &dyn aws_lc_rs::encoding::AsDer<aws_lc_rs::encoding::PublicKeyX509Der<'_>> =
        pool_key().public_key();
    let spki = spki.as_der().unwrap().as_ref().to_vec();
    let pem = |label: &str, der: &[u8]| {
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----", STANDARD.encode(der))
    };
    let secrets = [
        pem("PUBLIC KEY", &spki).into_bytes(),
        format!("{}\n", pem("PUBLIC KEY", &spki)).into_bytes(),
        pem("RSA PUBLIC KEY", &pkcs1).into_bytes(),
        format!("{}\n", pem("RSA PUBLIC KEY", &pkcs1)).into_bytes(),
        spki,
        pkcs1,
        jwk(pool_key(), KEY_ID).to_string().into_bytes(),
        modulus(pool_key()).to_vec(),
        Vec::new(),
    ];
    for secret in &secrets {
        for token_use in TOKEN_USES {
            for (alg, error) in [("HS256", TokenError::Algorithm), ("RS256", TokenError::Signature)]
            {
                let message = with_header(&header_with("alg", json!(alg)), token_use);
                let message = message.rsplit_once('.').unwrap().0;
                let tag =
                    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
                assert_refused(alg, &format!("{message}.{}", base64url(tag)), error);
            }
        }
    }
}

#[test]
fn atk_03_another_algorithm_of_the_same_key_is_refused() {
    for token_use in TOKEN_USES {
        let valid = valid_token(token_use);
        let message = valid.rsplit_once('.').unwrap().0;
        for other in [
            sign(&RSA_PSS_SHA256, message, pool_key()),
            sign(&RSA_PKCS1_SHA512, message, pool_key()),
            sign(&RSA_PKCS1_SHA384, message, pool_key()),
        ] {
            assert_refused("signature", &format!("{message}.{other}"), TokenError::Signature);
        }
    }
}

#[test]
fn atk_04_atk_06_jwt_09_keys_in_the_token_are_refused() {
    let certificate = json!([STANDARD.encode(modulus(attacker_key()))]);
    for (name, value) in [
        ("jwk", jwk(attacker_key(), KEY_ID)),
        ("x5c", certificate),
        ("x5t", json!("c2hhMQ")),
        ("x5t#S256", json!("c2hhMjU2")),
    ] {
        assert_header_refused(name, &value, TokenError::Header);
        for token_use in TOKEN_USES {
            let header = header_with(name, value.clone());
            let forged = token(&header, &claims(token_use), attacker_key());
            assert_refused(name, &forged, TokenError::Header);
        }
    }
}

#[test]
fn atk_05_jwt_09_jku_and_x5u_cause_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("http://{}/jwks.json", listener.local_addr().unwrap());
    for name in ["jku", "x5u"] {
        assert_header_refused(name, &json!(address), TokenError::Header);
    }
    for token_use in TOKEN_USES {
        let foreign = signed(&claims_with(token_use, "iss", json!(address)));
        assert_refused("iss", &foreign, TokenError::Issuer);
    }
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn jwt_09_atk_07_malformed_key_ids_are_refused() {
    let malformed = [
        json!("../../dev/null"),
        json!("' OR 1=1--"),
        json!("|id"),
        json!("a\0b"),
        json!("k\u{ef}d"),
        json!("a\r\nb"),
        json!(""),
        json!("x".repeat(129)),
        json!([KEY_ID]),
        json!(1),
        json!(null),
        json!({"kid": KEY_ID}),
        json!("a b"),
    ];
    for kid in &malformed {
        assert_header_refused("kid", kid, TokenError::KeyId);
    }
    for token_use in TOKEN_USES {
        let token = with_header(&json!({"alg": "RS256"}), token_use);
        assert_refused("no kid", &token, TokenError::KeyId);
    }
    assert_header_refused("kid", &json!("x".repeat(64 * 1024)), TokenError::TooLong);
    let unknown = "x".repeat(128);
    for kid in ["__proto__", "constructor", "otherPoolsKid=", unknown.as_str()] {
        assert_header_refused("kid", &json!(kid), TokenError::UnknownKey);
    }
}

#[test]
fn atk_09_signatures_of_zeros_are_refused() {
    for token_use in TOKEN_USES {
        let valid = valid_token(token_use);
        let message = valid.rsplit_once('.').unwrap().0;
        for length in [1, 64, 255, 256, 257, 512] {
            let zeros = base64url(vec![0; length]);
            assert_refused("zeros", &format!("{message}.{zeros}"), TokenError::Signature);
        }
        let es256 = with_header(&header_with("alg", json!("ES256")), token_use);
        let message = es256.rsplit_once('.').unwrap().0;
        let zeros = format!("{message}.{}", base64url([0; 64]));
        assert_refused("ES256", &zeros, TokenError::Algorithm);
    }
}

#[test]
fn jwt_10_atk_13_header_extensions_are_refused() {
    for (name, value) in [
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("b64", json!(true)),
        ("zip", json!("DEF")),
        ("p2c", json!(1_u64 << 31)),
        ("enc", json!("A256GCM")),
        ("unknown", json!(1)),
        ("__proto__", json!({})),
    ] {
        assert_header_refused(name, &value, TokenError::Header);
    }
}

#[test]
fn jwt_09_a_signature_of_another_key_with_the_same_key_id_is_refused() {
    for token_use in TOKEN_USES {
        let forged = token(&header(), &claims(token_use), attacker_key());
        assert_refused("forged", &forged, TokenError::Signature);
    }
}

#[test]
fn atk_26_a_signature_of_other_claims_is_refused() {
    let id = valid_token(TokenUse::Id);
    let access = valid_token(TokenUse::Access);
    let [header, _, signature] = parts(&id);
    let [_, payload, _] = parts(&access);
    let spliced = format!("{header}.{payload}.{signature}");
    assert_refused("spliced", &spliced, TokenError::Signature);
}

#[test]
fn jwt_17_checks_run_in_order() {
    let mut claims = claims_with(TokenUse::Access, "iss", json!("https://evil.example"));
    claims["token_use"] = json!("refresh");
    let mut header = header_with("crit", json!(["exp"]));
    header["kid"] = json!("a b");
    header["alg"] = json!("none");
    let invalid_token = |header: &Value| token(header, &claims, attacker_key());
    let long = format!("{} {}", invalid_token(&header), "A".repeat(9_000));
    assert_refused("size before characters", &long, TokenError::TooLong);
    let spaced = format!("{} .", invalid_token(&header));
    assert_refused("characters before form", &spaced, TokenError::Characters);
    assert_refused("algorithm first", &invalid_token(&header), TokenError::Algorithm);
    header["alg"] = json!("RS256");
    assert_refused("then other members", &invalid_token(&header), TokenError::Header);
    header.as_object_mut().unwrap().remove("crit");
    assert_refused("then the key id", &invalid_token(&header), TokenError::KeyId);
    header["kid"] = json!(KEY_ID);
    assert_refused("then cheap claims", &invalid_token(&header), TokenError::Issuer);
    claims = super::fixtures::claims(TokenUse::Access);
    let forged = token(&header, &claims, attacker_key());
    assert_refused("then the signature", &forged, TokenError::Signature);
}

#[test]
fn atk_31_without_keys_no_token_is_accepted() {
    let nowhere = "http://127.0.0.1:1/jwks.json".parse().unwrap();
    let keys = KeySource::new(nowhere, KeySourceOptions::default()).unwrap();
    let authorizer = crate::Authorizer::new(config(), keys.into()).unwrap();
    for token_use in TOKEN_USES {
        let verified = block_on(authorizer.verify_bearer(&valid_token(token_use), NOW));
        assert_eq!(verified, Err(TokenError::KeysUnavailable));
    }
    let garbled = block_on(authorizer.verify_bearer("garbled", NOW));
    assert_eq!(garbled, Err(TokenError::Form));
}

#[test]
fn jwt_16_each_error_has_its_own_code_and_text() {
    use TokenError as E;
    let all = [
        E::TooLong,
        E::Characters,
        E::Form,
        E::Encoding,
        E::Json,
        E::Algorithm,
        E::Header,
        E::Type,
        E::KeyId,
        E::UnknownKey,
        E::Signature,
        E::Expired,
        E::Issuer,
        E::Use,
        E::OtherUse(TokenUse::Id),
        E::OtherUse(TokenUse::Access),
        E::Delegated,
        E::Client,
        E::Time,
        E::Future,
        E::Lifetime,
        E::Subject,
        E::Username,
        E::Email,
        E::Groups,
        E::Scope,
        E::TokenId,
        E::Nonce,
        E::AccessTokenHash,
        E::KeysUnavailable,
    ];
    let codes: HashSet<_> = all.iter().map(|error| error.code()).collect();
    assert_eq!(codes.len(), all.len());
    assert!(codes.iter().all(|code| code.starts_with("deny.token.")));
    let texts: HashSet<_> = all.iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), all.len());
}
