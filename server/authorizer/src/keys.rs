//! The issuer's signing keys, read strictly from its key set (RFC 7517).

use std::collections::HashMap;
use std::sync::Arc;

use aws_lc_rs::digest::Digest;
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::document::DocumentError;
use crate::strict_json::{Json, Object, read_object};

/// How many keys a set may have; Cognito's have two.
const MAX_KEYS: usize = 100;
const MAX_KEY_ID_BYTES: usize = 128;
const MODULUS_BITS: std::ops::RangeInclusive<usize> = 2_048..=8_192;
/// The public exponent 65537, the only one in use.
const EXPONENT: &str = "AQAB";
/// What only the owner of a key may hold, or what makes it no RSA key at all (`k`).
const SECRET_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A public key for RS256 and nothing else, parsed once.
#[derive(Debug)]
pub struct Key {
    public: ParsedPublicKey,
}

/// The usable keys of an issuer by their ids; never empty.
#[derive(Clone, Debug)]
pub struct KeySet {
    keys: HashMap<String, Arc<Key>>,
    /// The keys by the header, still encoded, that the pool writes for each.
    headers: HashMap<String, Arc<Key>>,
    dropped: usize,
}

/// Why a key set cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It could not be had.
    #[error("the key set could not be fetched")]
    Document(#[from] DocumentError),
    /// It is not a strict JSON object with a list of keys.
    #[error("the key set is malformed")]
    Malformed,
    /// More keys than any issuer has.
    #[error("the key set has more than {MAX_KEYS} keys")]
    TooManyKeys,
    /// Not one of its keys can be used.
    #[error("the key set has no usable key")]
    NoUsableKey,
}

impl Key {
    /// Whether the key made this signature (RSASSA-PKCS1-v1_5) of a message with this
    /// SHA-256.
    pub(crate) fn has_signed(&self, message: &Digest, signature: &[u8]) -> bool {
        self.public.verify_digest_sig(message, signature).is_ok()
    }
}

impl KeySet {
    /// Reads a key set and leaves out every key that is not clearly meant for RS256.
    ///
    /// Left out are also all keys that share an id: which of them is meant nobody can say.
    ///
    /// # Errors
    /// When the set is malformed, too large, or no usable key remains.
    pub fn parse(document: &[u8]) -> Result<Self, KeyError> {
        let document = read_object(document).map_err(|_| KeyError::Malformed)?;
        let listed = document.get("keys").and_then(Json::as_array).ok_or(KeyError::Malformed)?;
        if listed.len() > MAX_KEYS {
            return Err(KeyError::TooManyKeys);
        }
        let keys: HashMap<_, _> = listed
            .iter()
            .filter(|key| is_alone(key, listed))
            .filter_map(|key| usable_key(key.as_object()?))
            .collect();
        if keys.is_empty() {
            return Err(KeyError::NoUsableKey);
        }
        let dropped = listed.len() - keys.len();
        let headers = keys.iter().flat_map(|(kid, key)| usual_headers(kid, key)).collect();
        Ok(Self { keys, headers, dropped })
    }

    /// How many keys of the document were left out; more than none deserves an alarm.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// How many keys can be used.
    #[expect(clippy::len_without_is_empty, reason = "a key set is never empty")]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn get(&self, kid: &str) -> Option<&Arc<Key>> {
        self.keys.get(kid)
    }

    /// The key that an encoded header names, if it is written as the pool writes it: one
    /// that need not be decoded and read, which is most of what a good token costs besides
    /// its signature.
    pub(crate) fn by_header(&self, header: &str) -> Option<&Arc<Key>> {
        self.headers.get(header)
    }
}

/// Whether the text is shaped like a key id: it is only ever compared, but it must also
/// be harmless where it does not belong, in a log or a path (JWT-09).
pub(crate) fn is_key_id(kid: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte);
    (1..=MAX_KEY_ID_BYTES).contains(&kid.len()) && kid.bytes().all(allowed)
}

fn usual_headers(kid: &str, key: &Arc<Key>) -> [(String, Arc<Key>); 2] {
    // Cognito escapes slashes, other writers of the same form do not.
    [kid.replace('/', "\\/"), kid.to_owned()].map(|kid| {
        let header = format!(r#"{{"kid":"{kid}","alg":"RS256"}}"#);
        (URL_SAFE_NO_PAD.encode(header), Arc::clone(key))
    })
}

fn is_alone(key: &Json<'_>, listed: &[Json<'_>]) -> bool {
    let kid = key_id(key);
    listed.iter().filter(|other| key_id(other) == kid).count() == 1
}

fn key_id<'k>(key: &'k Json<'_>) -> Option<&'k str> {
    text(key.as_object()?, "kid")
}

fn usable_key(key: &Object<'_>) -> Option<(String, Arc<Key>)> {
    let kid = text(key, "kid").filter(|kid| is_key_id(kid))?;
    let is_secret = SECRET_MEMBERS.iter().any(|member| key.has(member));
    if is_secret || !is_meant_for_rs256(key) || text(key, "e") != Some(EXPONENT) {
        return None;
    }
    let modulus = URL_SAFE_NO_PAD.decode(text(key, "n")?).ok()?;
    Some((kid.to_owned(), Arc::new(public_key(&modulus)?)))
}

/// JWT-02: one key, one algorithm; a member that is there must say so.
fn is_meant_for_rs256(key: &Object<'_>) -> bool {
    let is_absent_or = |name, wanted| !key.has(name) || text(key, name) == Some(wanted);
    let verifies = key.get("key_ops").is_none_or(|operations| {
        let mut operations = operations.as_array().unwrap_or_default().iter();
        operations.any(|operation| operation.as_str() == Some("verify"))
    });
    text(key, "kty") == Some("RSA")
        && is_absent_or("alg", "RS256")
        && is_absent_or("use", "sig")
        && verifies
}

/// The library would check the size only at the first signature, so it is checked here.
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

fn text<'k>(key: &'k Object<'_>, name: &str) -> Option<&'k str> {
    key.get(name)?.as_str()
}
