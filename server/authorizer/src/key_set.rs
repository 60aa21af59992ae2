//! The signing keys of an issuer, parsed strictly from its key set (RFC 7517).

use std::collections::HashMap;
use std::sync::Arc;

use aws_lc_rs::digest::Digest;
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::document::DocumentError;
use crate::json_value::{Json, Object};
use crate::strict_json::read_object;

/// Maximum number of keys in a set; Cognito's sets have two.
const MAX_KEYS: usize = 100;
const MAX_KEY_ID_BYTES: usize = 128;
const MODULUS_BITS: std::ops::RangeInclusive<usize> = 2_048..=8_192;
/// The public exponent 65537, the only one in use.
const EXPONENT: &str = "AQAB";
/// Members of private keys, and of symmetric keys (`k`).
const SECRET_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key for RS256, parsed once.
#[derive(Debug)]
pub struct Key {
    public: ParsedPublicKey,
}

/// The usable keys of an issuer by key id; never empty.
#[derive(Clone, Debug)]
pub struct KeySet {
    keys: HashMap<String, Arc<Key>>,
    /// The keys by the encoded header that the pool writes for each.
    headers: HashMap<String, Arc<Key>>,
    dropped: usize,
}

/// Error from fetching or parsing a key set.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The key set could not be fetched.
    #[error("the key set could not be fetched")]
    Document(#[from] DocumentError),
    /// The document is not a strict JSON object with a list of keys.
    #[error("the key set is malformed")]
    Malformed,
    /// The key set has more keys than any issuer needs.
    #[error("the key set has more than {MAX_KEYS} keys")]
    TooManyKeys,
    /// None of the keys is usable.
    #[error("the key set has no usable key")]
    NoUsableKey,
}

impl Key {
    /// Verifies a signature (RSASSA-PKCS1-v1_5) of a message with this SHA-256 hash.
    pub(crate) fn has_signed(&self, message: &Digest, signature: &[u8]) -> bool {
        self.public.verify_digest_sig(message, signature).is_ok()
    }
}

impl KeySet {
    /// Parses a key set; drops every key that is not clearly meant for RS256.
    ///
    /// Keys that share an id are all dropped, because the id is ambiguous.
    ///
    /// # Errors
    /// When the set is malformed or too large, or has no usable key.
    pub fn parse(document: &[u8]) -> Result<Self, KeyError> {
        let document = read_object(document).map_err(|_| KeyError::Malformed)?;
        let listed = document.get("keys").and_then(Json::as_array).ok_or(KeyError::Malformed)?;
        if listed.len() > MAX_KEYS {
            return Err(KeyError::TooManyKeys);
        }
        let keys: HashMap<_, _> = listed
            .iter()
            .filter(|key| has_unique_id(key, listed))
            .filter_map(|key| usable_key(key.as_object()?))
            .collect();
        if keys.is_empty() {
            return Err(KeyError::NoUsableKey);
        }
        let dropped = listed.len() - keys.len();
        let headers = keys.iter().flat_map(|(kid, key)| usual_headers(kid, key)).collect();
        Ok(Self { keys, headers, dropped })
    }

    /// Returns the number of dropped keys; a number other than zero deserves an alert.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// Returns the number of usable keys.
    #[expect(clippy::len_without_is_empty, reason = "a key set is never empty")]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn get(&self, kid: &str) -> Option<&Arc<Key>> {
        self.keys.get(kid)
    }

    /// Checks that the key is of this set, not only an equal one.
    pub(crate) fn contains(&self, key: &Arc<Key>) -> bool {
        self.keys.values().any(|one| Arc::ptr_eq(one, key))
    }

    /// Returns the key that an encoded header names, if the header has the pool's usual form.
    ///
    /// This saves decoding the header, which costs more than any other step besides the
    /// signature.
    pub(crate) fn by_header(&self, header: &str) -> Option<&Arc<Key>> {
        self.headers.get(header)
    }
}

/// Checks that the text is a well-formed key id, which is harmless even in a log or a path
/// (JWT-09).
pub(crate) fn is_key_id(kid: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte);
    (1..=MAX_KEY_ID_BYTES).contains(&kid.len()) && kid.bytes().all(allowed)
}

fn usual_headers(kid: &str, key: &Arc<Key>) -> [(String, Arc<Key>); 2] {
    // Cognito escapes slashes; other issuers do not.
    [kid.replace('/', "\\/"), kid.to_owned()].map(|kid| {
        let header = format!(r#"{{"kid":"{kid}","alg":"RS256"}}"#);
        (URL_SAFE_NO_PAD.encode(header), Arc::clone(key))
    })
}

fn has_unique_id(key: &Json<'_>, listed: &[Json<'_>]) -> bool {
    let kid = key_id(key);
    listed.iter().filter(|other| key_id(other) == kid).count() == 1
}

fn key_id<'k>(key: &'k Json<'_>) -> Option<&'k str> {
    key.as_object()?.text("kid")
}

fn usable_key(key: &Object<'_>) -> Option<(String, Arc<Key>)> {
    let kid = key.text("kid").filter(|kid| is_key_id(kid))?;
    let is_secret = SECRET_MEMBERS.iter().any(|member| key.has(member));
    if is_secret || !is_meant_for_rs256(key) || key.text("e") != Some(EXPONENT) {
        return None;
    }
    let modulus = URL_SAFE_NO_PAD.decode(key.text("n")?).ok()?;
    Some((kid.to_owned(), Arc::new(public_key(&modulus)?)))
}

/// Checks that the key is for RS256 only; optional members must agree if present (JWT-02).
fn is_meant_for_rs256(key: &Object<'_>) -> bool {
    let is_absent_or = |name, expected| !key.has(name) || key.text(name) == Some(expected);
    let may_verify = key.get("key_ops").is_none_or(|operations| {
        let mut operations = operations.as_array().unwrap_or_default().iter();
        operations.any(|operation| operation.as_str() == Some("verify"))
    });
    key.text("kty") == Some("RSA")
        && is_absent_or("alg", "RS256")
        && is_absent_or("use", "sig")
        && may_verify
}

/// Parses a modulus. The size is checked here, because the library checks it only when it
/// verifies the first signature.
fn public_key(modulus: &[u8]) -> Option<Key> {
    let (first, last) = (modulus.first()?, modulus.last()?);
    let bits = (modulus.len() * 8).checked_sub(first.leading_zeros() as usize)?;
    if *first == 0 || last % 2 == 0 || !MODULUS_BITS.contains(&bits) {
        return None;
    }
    let components = RsaPublicKeyComponents { n: modulus, e: &[1, 0, 1] };
    let public = components.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256).ok()?;
    Some(Key { public })
}
