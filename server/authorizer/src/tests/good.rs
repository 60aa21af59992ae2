use gazette_domain::TokenUse;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

use super::forge::*;
use crate::{Authorizer, AuthorizerConfig, KeySet, KeySource, SessionClaims, TokenError, restore};

#[test]
fn a_good_access_token_says_who_and_which_groups() {
    let identity = bearer(&good(TokenUse::Access)).unwrap();
    let claims = identity.claims();
    assert_eq!(claims.sub, "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
    assert_eq!(claims.username, "ada");
    assert_eq!(claims.email, None);
    assert_eq!(claims.groups, ["admin", "editor"]);
    assert_eq!((claims.token_use, claims.expires_at), (TokenUse::Access, NOW + 3_540));
}

#[test]
fn a_good_id_token_also_says_the_email_address() {
    let identity = bearer(&good(TokenUse::Id)).unwrap();
    let claims = identity.claims();
    assert_eq!(claims.username, "ada");
    assert_eq!(claims.email.as_deref(), Some("ada@example.com"));
    assert_eq!(claims.token_use, TokenUse::Id);
}

#[test]
fn slashes_may_be_escaped_as_cognito_does() {
    for token_use in BOTH {
        let header = header().to_string().replace('/', "\\/");
        let claims = claims(token_use).to_string().replace('/', "\\/");
        assert!(header.contains("of\\/ours") && claims.contains("https:\\/\\/"));
        let token = raw_token(header.as_bytes(), claims.as_bytes(), ours());
        assert!(bearer(&token).is_ok());
    }
}

#[test]
fn what_another_library_signs_is_accepted() {
    let pkcs8 = aws_lc_rs::encoding::AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(ours());
    let pem = jsonwebtoken::EncodingKey::from_rsa_pem(&pem("PRIVATE KEY", pkcs8.unwrap().as_ref()));
    let key: EncodingKey = pem.unwrap();
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(KID.to_owned());
    for token_use in BOTH {
        let token = jsonwebtoken::encode(&header, &claims(token_use), &key).unwrap();
        assert!(bearer(&token).is_ok());
    }
}

fn pem(label: &str, der: &[u8]) -> Vec<u8> {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<_> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n")).into_bytes()
}

#[test]
fn without_groups_there_are_none() {
    for token_use in BOTH {
        let token = signed(&claims_without(token_use, "cognito:groups"));
        assert!(bearer(&token).unwrap().claims().groups.is_empty());
    }
}

#[test]
fn a_program_goes_by_its_client_id() {
    let mut claims = claims_without(TokenUse::Access, "username");
    claims["sub"] = json!(CLIENT);
    assert_eq!(bearer(&signed(&claims)).unwrap().claims().username, CLIENT);
}

#[test]
fn only_the_configured_kinds_of_token_are_bearer_tokens() {
    for (accepted, other) in [(TokenUse::Access, TokenUse::Id), (TokenUse::Id, TokenUse::Access)] {
        let keys = KeySet::parse(&jwks(&[jwk(ours(), KID)])).unwrap();
        let config = AuthorizerConfig { token_uses: vec![accepted], ..config() };
        let authorizer = Authorizer::new(config, KeySource::fixed(keys).into()).unwrap();
        assert!(wait(authorizer.verify_bearer(&good(accepted), NOW)).is_ok());
        let refused = wait(authorizer.verify_bearer(&good(other), NOW));
        assert_eq!(refused, Err(TokenError::OtherUse(other)));
    }
}

#[test]
fn a_session_gives_back_the_identity_it_was_begun_with() {
    for token_use in BOTH {
        let identity = bearer(&good(token_use)).unwrap();
        let stored = serde_json::to_string(&SessionClaims::from(&identity)).unwrap();
        let session: SessionClaims = serde_json::from_str(&stored).unwrap();
        assert_eq!(restore(session), identity);
    }
}

#[test]
fn what_a_session_keeps_is_a_format() {
    let identity = bearer(&good(TokenUse::Id)).unwrap();
    let stored = serde_json::to_value(SessionClaims::from(&identity)).unwrap();
    let expected = json!({
        "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "username": "ada",
        "email": "ada@example.com", "groups": ["admin", "editor"], "token_use": "id",
        "expires_at": NOW + 3_540,
    });
    assert_eq!(stored, expected);
}
