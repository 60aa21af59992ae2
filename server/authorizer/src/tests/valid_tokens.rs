//! Valid tokens and their identities.

use gazette_domain::TokenUse;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

use super::fixtures::*;
use crate::{Authorizer, AuthorizerConfig, KeySet, KeySource, SessionClaims, TokenError, restore};

#[test]
fn a_valid_access_token_has_a_user_and_groups() {
    let identity = verify_bearer(&valid_token(TokenUse::Access)).unwrap();
    let claims = identity.claims();
    assert_eq!(claims.sub, "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
    assert_eq!(claims.username, "ada");
    assert_eq!(claims.email, None);
    assert_eq!(claims.groups, ["admin", "editor"]);
    assert_eq!((claims.token_use, claims.expires_at), (TokenUse::Access, NOW + 3_540));
}

#[test]
fn a_valid_id_token_also_has_the_email_address() {
    let identity = verify_bearer(&valid_token(TokenUse::Id)).unwrap();
    let claims = identity.claims();
    assert_eq!(claims.username, "ada");
    assert_eq!(claims.email.as_deref(), Some("ada@example.com"));
    assert_eq!(claims.token_use, TokenUse::Id);
}

#[test]
fn slashes_may_be_escaped_as_cognito_does() {
    for token_use in TOKEN_USES {
        let header = header().to_string().replace('/', "\\/");
        let claims = claims(token_use).to_string().replace('/', "\\/");
        assert!(header.contains("of\\/ours") && claims.contains("https:\\/\\/"));
        let token = raw_token(header.as_bytes(), claims.as_bytes(), pool_key());
        assert!(verify_bearer(&token).is_ok());
    }
}

#[test]
fn tokens_signed_by_another_library_are_accepted() {
    let pkcs8 =
        aws_lc_rs::encoding::AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(pool_key());
    let pem = jsonwebtoken::EncodingKey::from_rsa_pem(&pem("PRIVATE KEY", pkcs8.unwrap().as_ref()));
    let key: EncodingKey = pem.unwrap();
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(KEY_ID.to_owned());
    for token_use in TOKEN_USES {
        let token = jsonwebtoken::encode(&header, &claims(token_use), &key).unwrap();
        assert!(verify_bearer(&token).is_ok());
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
fn a_token_without_groups_has_an_empty_list() {
    for token_use in TOKEN_USES {
        let token = signed(&claims_without(token_use, "cognito:groups"));
        assert!(verify_bearer(&token).unwrap().claims().groups.is_empty());
    }
}

#[test]
fn the_username_of_a_program_is_its_client_id() {
    let mut claims = claims_without(TokenUse::Access, "username");
    claims["sub"] = json!(CLIENT);
    assert_eq!(verify_bearer(&signed(&claims)).unwrap().claims().username, CLIENT);
}

#[test]
fn only_the_configured_kinds_of_bearer_tokens_are_accepted() {
    for (accepted, other) in [(TokenUse::Access, TokenUse::Id), (TokenUse::Id, TokenUse::Access)] {
        let keys = KeySet::parse(&jwks(&[jwk(pool_key(), KEY_ID)])).unwrap();
        let config = AuthorizerConfig { token_uses: vec![accepted], ..config() };
        let authorizer = Authorizer::new(config, KeySource::fixed(keys).into()).unwrap();
        assert!(block_on(authorizer.verify_bearer(&valid_token(accepted), NOW)).is_ok());
        let result = block_on(authorizer.verify_bearer(&valid_token(other), NOW));
        assert_eq!(result, Err(TokenError::OtherUse(other)));
    }
}

#[test]
fn a_session_restores_its_identity() {
    for token_use in TOKEN_USES {
        let identity = verify_bearer(&valid_token(token_use)).unwrap();
        let stored = serde_json::to_string(&SessionClaims::from(&identity)).unwrap();
        let session: SessionClaims = serde_json::from_str(&stored).unwrap();
        assert_eq!(restore(session), identity);
    }
}

#[test]
fn the_stored_form_of_a_session_is_fixed() {
    let identity = verify_bearer(&valid_token(TokenUse::Id)).unwrap();
    let stored = serde_json::to_value(SessionClaims::from(&identity)).unwrap();
    let expected = json!({
        "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "username": "ada",
        "email": "ada@example.com", "email_verified": true, "groups": ["admin", "editor"], "token_use": "id",
        "expires_at": NOW + 3_540,
    });
    assert_eq!(stored, expected);
}
