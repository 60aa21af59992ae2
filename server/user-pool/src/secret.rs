//! Random secrets, and the hashes under which they are stored.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::{digest, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::{Builder, Uuid};

use crate::error::InternalError;

/// 256 random bits as 43 URL-safe characters: a code, a cookie, a refresh token.
///
/// Only its hash is stored, so that read access to the table gives no usable secret.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    const BYTES: usize = 32;

    pub(crate) fn random() -> Result<Self, InternalError> {
        Ok(Self(URL_SAFE_NO_PAD.encode(random_bytes::<{ Self::BYTES }>()?)))
    }

    /// Parses a value that a client sent; `None` when it cannot be a secret of this pool.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        is_256_bits(text).then(|| Self(text.to_owned()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the hash that serves as its storage key.
    pub(crate) fn hash(&self) -> String {
        sha256(&self.0)
    }

    /// Compares in constant time.
    pub(crate) fn equals(&self, text: &str) -> bool {
        is_same(&self.0, text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Checks the form of a PKCE verifier or challenge. Source: RFC 7636 §§4.1 and 4.2.
pub(crate) fn has_pkce_form(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

/// Checks that the text is the unpadded base64url form of 32 bytes.
fn is_256_bits(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == Secret::BYTES)
}

/// Returns the SHA-256 hash of a text in unpadded base64url.
pub(crate) fn sha256(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, text.as_bytes()))
}

/// Compares two texts in constant time; only their lengths can leak.
pub(crate) fn is_same(left: &str, right: &str) -> bool {
    verify_slices_are_equal(left.as_bytes(), right.as_bytes()).is_ok()
}

/// Returns a random (version 4) UUID.
pub(crate) fn random_uuid() -> Result<Uuid, InternalError> {
    Ok(Builder::from_random_bytes(random_bytes()?).into_uuid())
}

/// Returns six random digits, each number equally likely.
pub(crate) fn random_digits() -> Result<String, InternalError> {
    const NUMBERS: u32 = 1_000_000;
    loop {
        let number = u32::from_le_bytes(random_bytes()?);
        // The last, incomplete million would make small numbers more likely.
        if number < u32::MAX / NUMBERS * NUMBERS {
            return Ok(format!("{:06}", number % NUMBERS));
        }
    }
}

/// Returns random lower-case letters and digits, five bits each.
pub(crate) fn random_word<const N: usize>() -> Result<String, InternalError> {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghijkmnopqrstuvw";
    let bytes = random_bytes::<N>()?;
    let letter = |byte: u8| ALPHABET.get(usize::from(byte % 32)).map_or('0', |&c| char::from(c));
    Ok(bytes.into_iter().map(letter).collect())
}

/// Returns a password to hand over: 75 random bits in letters and digits that do not look alike.
pub(crate) fn random_password() -> Result<String, InternalError> {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let characters = random_bytes::<15>()?
        .map(|byte| ALPHABET.get(usize::from(byte % 32)).map_or('a', |&c| char::from(c)));
    let parts: Vec<String> = characters.chunks(5).map(|part| part.iter().collect()).collect();
    Ok(parts.join("-"))
}

pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N], InternalError> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes)?;
    Ok(bytes)
}
