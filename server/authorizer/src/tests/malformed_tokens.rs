//! Malformed tokens.

use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use gazette_domain::TokenUse;
use serde_json::json;

use super::fixtures::*;
use crate::TokenError;

#[test]
fn atk_10_jwt_06_duplicate_members_are_refused() {
    for token_use in TOKEN_USES {
        let own = claims(token_use).to_string();
        let doubled = [
            r#""alg":"RS256""#,
            r#""exp":1790003540"#,
            r#""sub":"x""#,
            r#""token_use":"id""#,
            r#""cognito:groups":["admin"]"#,
            r#""iss":"x""#,
            r#""unknown":1"#,
        ];
        for member in doubled {
            let twice = format!("{{{member},{member}}}");
            assert_refused(member, &raw(&header().to_string(), &twice), TokenError::Json);
            let name = member.split_once(':').unwrap().0;
            if own.contains(name) {
                let first = own.replacen('{', &format!("{{{member},"), 1);
                assert_refused(member, &raw(&header().to_string(), &first), TokenError::Json);
                let last = format!("{},{member}}}", &own[..own.len() - 1]);
                assert_refused(member, &raw(&header().to_string(), &last), TokenError::Json);
            }
        }
        let escaped = own.replacen('{', r#"{"\u0073ub":"x","#, 1);
        assert_refused("escaped name", &raw(&header().to_string(), &escaped), TokenError::Json);
        let nested = own.replacen('{', r#"{"a":{"b":1,"b":2},"#, 1);
        assert_refused("nested", &raw(&header().to_string(), &nested), TokenError::Json);
        for header in [
            format!(r#"{{"alg":"none","alg":"RS256","kid":"{KEY_ID}"}}"#),
            format!(r#"{{"alg":"RS256","alg":"none","kid":"{KEY_ID}"}}"#),
            format!(r#"{{"alg":"RS256","kid":"{KEY_ID}","kid":"{KEY_ID}"}}"#),
        ] {
            assert_refused("header", &raw(&header, &own), TokenError::Json);
        }
    }
}

fn raw(header: &str, payload: &str) -> String {
    raw_token(header.as_bytes(), payload.as_bytes(), pool_key())
}

#[test]
fn jwt_14_atk_11_oversized_tokens_are_refused() {
    for token_use in TOKEN_USES {
        let valid = valid_token(token_use);
        for length in [8 * 1024 + 1, 1024 * 1024, 100 * 1024 * 1024] {
            let padded = format!("{valid}{}", "A".repeat(length - valid.len()));
            assert_refused("too long", &padded, TokenError::TooLong);
        }
        let longest = claims_with(token_use, "custom:a", json!("a".repeat(4_000)));
        assert!(verify_bearer(&signed(&longest)).is_ok());
        let long_header = header_with("typ", json!("J".repeat(1_024)));
        assert_refused("header", &with_header(&long_header, token_use), TokenError::TooLong);
    }
    let many: Vec<_> = (0..1_000_000).map(|number| format!("\"{number}\":1")).collect();
    let many = base64url(format!("{{{}}}", many.join(",")));
    assert_refused("a million claims", &format!("e30.{many}.AA"), TokenError::TooLong);
}

#[test]
fn jwt_06_atk_11_deep_and_crowded_payloads_are_refused() {
    for token_use in TOKEN_USES {
        let own = claims(token_use).to_string();
        let nested = |depth: usize| {
            own.replacen('{', &format!("{{\"a\":{}{},", "[".repeat(depth), "]".repeat(depth)), 1)
        };
        assert!(verify_bearer(&raw(&header().to_string(), &nested(7))).is_ok());
        for depth in [8, 100, 2_000] {
            let token = raw(&header().to_string(), &nested(depth));
            assert_refused("deep", &token, TokenError::Json);
        }
        let crowd: Vec<_> = (0..300).map(|number| format!("\"{number}\":1,")).collect();
        let crowded = own.replacen('{', &format!("{{{}", crowd.concat()), 1);
        assert_refused("crowded", &raw(&header().to_string(), &crowded), TokenError::Json);
    }
}

#[test]
fn jwt_06_atk_12_only_strict_utf_8_is_accepted() {
    for token_use in TOKEN_USES {
        let own = claims(token_use).to_string();
        let utf_16: Vec<u8> = own.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut payloads = vec![
            [b"\xef\xbb\xbf".as_slice(), own.as_bytes()].concat(),
            utf_16,
            [own.as_bytes(), b"x"].concat(),
            [own.as_bytes(), b"{}"].concat(),
            [own.as_bytes(), b"\0"].concat(),
            b"[]".to_vec(),
            b"null".to_vec(),
            b"\"text\"".to_vec(),
            own.as_bytes()[..own.len() - 1].to_vec(),
        ];
        for bytes in [
            b"{\"a\":\"\xff\",".as_slice(),
            b"{\"a\":\"\xc0\xaf\",",
            b"{\"a\":\"\xed\xa0\x80\",",
            b"{\"a\":\"\\ud800\",",
            b"{\"a\":\"\\udc00\\ud800\",",
            b"{\"a\":\"\x00\",",
            b"{\"a\":NaN,",
            b"{\"a\":01,",
            b"{a:1,",
            b"{'a':1,",
            b"{/**/\"a\":1,",
            b"{,",
        ] {
            payloads.push([bytes, &own.as_bytes()[1..]].concat());
        }
        for payload in payloads {
            let token = raw_token(header().to_string().as_bytes(), &payload, pool_key());
            assert_refused(&String::from_utf8_lossy(&payload), &token, TokenError::Json);
        }
    }
}

#[test]
fn jwt_04_jwt_11_atk_14_other_kinds_of_token_are_refused() {
    assert_header_refused("cty", &json!("JWT"), TokenError::Header);
    for typ in ["dpop+jwt", "logout+jwt", "at+jwt", "jwt", "", "JOSE"] {
        assert_header_refused("typ", &json!(typ), TokenError::Type);
    }
    assert_header_refused("typ", &json!(null), TokenError::Type);
    for token_use in TOKEN_USES {
        assert!(verify_bearer(&with_header(&header_with("typ", json!("JWT")), token_use)).is_ok());
        let valid = valid_token(token_use);
        let [header, payload, signature] = parts(&valid);
        assert_refused("JWE", &format!("{valid}.AAAA.AAAA"), TokenError::Form);
        let general = json!({"payload": payload, "signatures": [{"protected": header}]});
        assert_refused("JSON", &general.to_string(), TokenError::Characters);
        let flat = json!({"payload": payload, "protected": header, "signature": signature});
        assert_refused("JSON", &flat.to_string(), TokenError::Characters);
        let nested = raw_token(
            b"{\"alg\":\"RS256\",\"kid\":\"kid+of/ours=\"}",
            valid.as_bytes(),
            pool_key(),
        );
        assert_refused("nested", &nested, TokenError::Json);
    }
}

#[test]
fn atk_25_a_refresh_token_is_refused() {
    let header = json!({"cty": "JWT", "enc": "A256GCM", "alg": "RSA-OAEP"}).to_string();
    let refresh = format!("{}.AAAA.AAAA.AAAA.AAAA", base64url(header));
    assert_refused("refresh token", &refresh, TokenError::Form);
}

#[test]
fn jwt_05_atk_26_only_the_canonical_encoding_is_accepted() {
    for token_use in TOKEN_USES {
        let valid = valid_token(token_use);
        let [header, payload, signature] = parts(&valid);
        assert_refused("truncated", &valid[..valid.len() - 6], TokenError::Signature);
        assert_refused("cut", &valid[..valid.len() - 2], TokenError::Signature);
        assert_refused("impossible length", &valid[..valid.len() - 1], TokenError::Encoding);
        assert_refused("one more byte", &format!("{valid}AA"), TokenError::Signature);
        assert_refused("one more character", &format!("{valid}A"), TokenError::Signature);
        assert_refused("stripped", &format!("{header}.{payload}."), TokenError::Form);
        for padded in [
            format!("{valid}=="),
            format!("{header}=.{payload}.{signature}"),
            format!("{header}.{payload}=.{signature}"),
        ] {
            assert_refused("padded", &padded, TokenError::Characters);
        }
        // 256 bytes leave four unused bits in the last character, which must be zero.
        let last = signature.chars().next_back().unwrap();
        for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars() {
            let respelled = format!("{}{other}", &valid[..valid.len() - 1]);
            assert_eq!(verify_bearer(&respelled).is_ok(), other == last, "{other}");
        }
    }
}

#[test]
fn jwt_05_atk_26_standard_base64_is_refused() {
    for token_use in TOKEN_USES {
        let message =
            [header().to_string(), claims_with(token_use, "a", json!("???>>>")).to_string()]
                .map(|part| STANDARD.encode(part).trim_end_matches('=').to_owned())
                .join(".");
        assert!(message.contains('/') || message.contains('+'));
        let token = format!("{message}.{}", sign(&RSA_PKCS1_SHA256, &message, pool_key()));
        assert_refused("base64", &token, TokenError::Characters);
        let padded = format!("{}.{}", URL_SAFE.encode("{}"), URL_SAFE.encode("{ }"));
        assert_refused("padded", &format!("{padded}.AA"), TokenError::Characters);
    }
}

#[test]
fn jwt_05_atk_27_text_around_the_token_is_refused() {
    for token_use in TOKEN_USES {
        let valid = valid_token(token_use);
        let [header, payload, signature] = parts(&valid);
        for other in [
            format!(" {valid}"),
            format!("{valid} "),
            format!("\t{valid}"),
            format!("{valid}\r\n"),
            format!("Bearer {valid}"),
            format!("{valid},{valid}"),
            format!("{valid}, {valid}"),
            valid.replacen('.', "%2E", 1),
            valid.replacen('.', " .", 1),
            format!("\"{valid}\""),
            format!("{valid}\0"),
            valid.replacen('.', "\u{2024}", 1),
            format!("{valid};"),
        ] {
            assert_refused(&other, &other, TokenError::Characters);
        }
        for other in [
            format!(".{valid}"),
            format!("{valid}."),
            valid.replacen('.', "..", 1),
            String::new(),
            ".".to_owned(),
            "..".to_owned(),
            "...".to_owned(),
            "a".to_owned(),
            "a.b".to_owned(),
            format!("{valid}.{valid}"),
        ] {
            assert_refused(&other, &other, TokenError::Form);
        }
        let swapped = format!("{payload}.{header}.{signature}");
        assert_refused("header and payload", &swapped, TokenError::Algorithm);
        let swapped = format!("{header}.{signature}.{payload}");
        assert_refused("payload and signature", &swapped, TokenError::Json);
    }
}

#[test]
fn atk_30_nothing_panics_on_malformed_text() {
    let long = ".".repeat(8 * 1024);
    for text in ["", " ", "\0", "Bearer", "🗞", "e30.e30.e30", "e30.e30.🗞", "A.A.A", &long, "=.=.="]
    {
        assert!(verify_bearer(text).is_err(), "{text}");
    }
}

#[test]
fn jwt_04_atk_26_empty_parts_are_refused() {
    let valid = valid_token(TokenUse::Access);
    let [header, payload, signature] = parts(&valid);
    for token in [
        format!(".{payload}.{signature}"),
        format!("{header}..{signature}"),
        format!("{header}.{payload}."),
        "..".to_owned(),
        ".".to_owned(),
        format!("{valid}."),
        format!(".{valid}"),
    ] {
        assert_refused(&token, &token, TokenError::Form);
    }
}

#[test]
fn jwt_14_the_limit_of_the_header_is_exact() {
    let padded = |bytes: usize| {
        let spaces = " ".repeat(bytes - header().to_string().len());
        let header = format!("{}{spaces}", header());
        raw_token(header.as_bytes(), claims(TokenUse::Access).to_string().as_bytes(), pool_key())
    };
    let longest = padded(768);
    assert_eq!(parts(&longest)[0].len(), 1_024);
    assert!(verify_bearer(&longest).is_ok());
    assert_refused("longer", &padded(769), TokenError::TooLong);
}

#[test]
fn jwt_14_the_limit_of_the_token_is_exact() {
    let long = |spaces: usize, bytes: usize| {
        let header = format!("{}{}", header(), " ".repeat(spaces));
        let claims = claims_with(TokenUse::Access, "custom:long", json!("x".repeat(bytes)));
        raw_token(header.as_bytes(), claims.to_string().as_bytes(), pool_key())
    };
    let room = (8_192 - long(0, 0).len()) * 3 / 4;
    let sizes = (0..3).flat_map(|spaces| (room - 4..room + 4).map(move |bytes| (spaces, bytes)));
    let longest = sizes.map(|(spaces, bytes)| long(spaces, bytes)).find(|long| long.len() == 8_192);
    let longest = longest.expect("a token of exactly 8 KiB");
    assert!(verify_bearer(&longest).is_ok());
    assert_refused("longer", &format!("{longest}A"), TokenError::TooLong);
}
