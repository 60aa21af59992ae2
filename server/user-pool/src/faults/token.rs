//! Faults of tokens: a token of the pool is taken apart, changed and signed again.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use crate::keys::SigningKey;

/// A kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TokenKind {
    Id,
    Access,
}

/// A fault of a token. All but those of the header and the signature have a valid signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TokenFault {
    Issuer,
    Subject,
    NoSubject,
    Client,
    NoClient,
    NoIssuedAt,
    NoExpiry,
    Expired,
    Future,
    Use,
    Groups,
    Delegated,
    Nonce,
    NoNonce,
    AccessTokenHash,
    NoAccessTokenHash,
    AuthorizedParty,
    NoKeyId,
    KeyId,
    Unsigned,
    Hs256,
    Es256,
    Signature,
}

const FAULTS: [(TokenFault, &str, &str); 23] = [
    (TokenFault::Issuer, "issuer", "another issuer"),
    (TokenFault::Subject, "sub", "another subject"),
    (TokenFault::NoSubject, "sub-missing", "no subject"),
    (TokenFault::Client, "client", "another client (aud or client_id)"),
    (TokenFault::NoClient, "client-missing", "no client (aud or client_id)"),
    (TokenFault::NoIssuedAt, "iat-missing", "no time of issue"),
    (TokenFault::NoExpiry, "exp-missing", "no expiry"),
    (TokenFault::Expired, "expired", "expired an hour ago"),
    (TokenFault::Future, "future", "issued an hour from now"),
    (TokenFault::Use, "use", "the other kind in token_use"),
    (TokenFault::Groups, "groups", "groups in a text instead of a list"),
    (TokenFault::Delegated, "act", "delegated (act)"),
    (TokenFault::Nonce, "nonce", "another nonce"),
    (TokenFault::NoNonce, "nonce-missing", "no nonce"),
    (TokenFault::AccessTokenHash, "at-hash", "at_hash of another access token"),
    (TokenFault::NoAccessTokenHash, "at-hash-missing", "no at_hash, which is optional"),
    (TokenFault::AuthorizedParty, "azp", "another client in azp"),
    (TokenFault::NoKeyId, "kid-missing", "no key id"),
    (TokenFault::KeyId, "kid", "a key id that is not published"),
    (TokenFault::Unsigned, "alg-none", "not signed (alg none)"),
    (TokenFault::Hs256, "alg-hs256", "signed with the public key as a secret (HS256)"),
    (TokenFault::Es256, "alg-es256", "ES256 in the header"),
    (TokenFault::Signature, "signature", "changed after it was signed"),
];

/// Value of claims that name somebody else.
const OTHER: &str = "another";
const HOUR: i64 = 60 * 60;

impl TokenKind {
    pub(super) const ALL: [Self; 2] = [Self::Id, Self::Access];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Access => "access",
        }
    }
}

impl TokenFault {
    /// Returns the faults of a kind of token, with descriptions.
    pub(super) fn all(kind: TokenKind) -> impl Iterator<Item = (Self, &'static str)> {
        let of_kind = move |fault: Self| kind == TokenKind::Id || !fault.is_of_sign_in();
        FAULTS.into_iter().filter(move |it| of_kind(it.0)).map(|(fault, _, text)| (fault, text))
    }

    pub(super) fn name(self) -> &'static str {
        let found = FAULTS.into_iter().find(|(fault, ..)| *fault == self);
        found.map_or("", |(_, name, _)| name)
    }

    /// Checks whether only id tokens have the claim.
    fn is_of_sign_in(self) -> bool {
        matches!(
            self,
            Self::Nonce | Self::NoNonce | Self::AccessTokenHash | Self::NoAccessTokenHash
        )
    }
}

/// Returns a token with faults; `None` if it is not a token. `at_hash` replaces that of an id
/// token whose access token has faults, so that these are the only ones.
pub(crate) fn forge(
    token: &str,
    kind: TokenKind,
    faults: &[TokenFault],
    at_hash: Option<&str>,
    key: &SigningKey,
    now: i64,
) -> Option<String> {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let mut object = || serde_json::from_slice::<Map<String, Value>>(&parts.next()??).ok();
    let (mut header, mut claims) = (object()?, object()?);
    if let Some(at_hash) = at_hash.filter(|_| claims.contains_key("at_hash")) {
        set(&mut claims, "at_hash", json!(at_hash));
    }
    for fault in faults {
        change_header(&mut header, *fault);
        change_claims(&mut claims, kind, *fault, now);
    }
    let (header, payload) = (encode(header), encode(claims.clone()));
    let message = format!("{header}.{payload}");
    if faults.contains(&TokenFault::Unsigned) {
        return Some(format!("{message}."));
    }
    if faults.contains(&TokenFault::Hs256) {
        let secret = key.to_jwk().get("n")?.as_str()?.to_owned();
        let tag =
            hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), message.as_bytes());
        return Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag)));
    }
    let signature = key.sign(&message).ok()?;
    if faults.contains(&TokenFault::Signature) {
        set(&mut claims, "jti", json!(OTHER));
        return Some(format!("{header}.{}.{signature}", encode(claims)));
    }
    Some(format!("{message}.{signature}"))
}

fn change_header(header: &mut Map<String, Value>, fault: TokenFault) {
    match fault {
        TokenFault::NoKeyId => drop(header.remove("kid")),
        TokenFault::KeyId => set(header, "kid", json!("dW5wdWJsaXNoZWQ=")),
        TokenFault::Unsigned => set(header, "alg", json!("none")),
        TokenFault::Hs256 => set(header, "alg", json!("HS256")),
        TokenFault::Es256 => set(header, "alg", json!("ES256")),
        _ => {}
    }
}

fn change_claims(claims: &mut Map<String, Value>, kind: TokenKind, fault: TokenFault, now: i64) {
    let client = match kind {
        TokenKind::Id => "aud",
        TokenKind::Access => "client_id",
    };
    let other_use = match kind {
        TokenKind::Id => "access",
        TokenKind::Access => "id",
    };
    match fault {
        TokenFault::Issuer => set(claims, "iss", json!("https://issuer.example/another_pool")),
        TokenFault::Subject => set(claims, "sub", json!("00000000-0000-4000-8000-000000000000")),
        TokenFault::NoSubject => drop(claims.remove("sub")),
        TokenFault::Client => set(claims, client, json!(OTHER)),
        TokenFault::NoClient => drop(claims.remove(client)),
        TokenFault::NoIssuedAt => drop(claims.remove("iat")),
        TokenFault::NoExpiry => drop(claims.remove("exp")),
        TokenFault::Expired => set_times(claims, now.saturating_sub(2 * HOUR)),
        TokenFault::Future => set_times(claims, now.saturating_add(HOUR)),
        TokenFault::Use => set(claims, "token_use", json!(other_use)),
        TokenFault::Groups => set(claims, "cognito:groups", json!("admin")),
        TokenFault::Delegated => set(claims, "act", json!({ "sub": OTHER })),
        TokenFault::Nonce => set(claims, "nonce", json!(OTHER)),
        TokenFault::NoNonce => drop(claims.remove("nonce")),
        TokenFault::AccessTokenHash => set(claims, "at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
        TokenFault::NoAccessTokenHash => drop(claims.remove("at_hash")),
        TokenFault::AuthorizedParty => set(claims, "azp", json!(OTHER)),
        _ => {}
    }
}

fn set(object: &mut Map<String, Value>, name: &str, value: Value) {
    object.insert(name.to_owned(), value);
}

fn set_times(claims: &mut Map<String, Value>, issued_at: i64) {
    set(claims, "auth_time", json!(issued_at));
    set(claims, "iat", json!(issued_at));
    set(claims, "exp", json!(issued_at.saturating_add(HOUR)));
}

fn encode(object: Map<String, Value>) -> String {
    URL_SAFE_NO_PAD.encode(Value::Object(object).to_string())
}
