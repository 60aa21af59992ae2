//! Key that makes repeating a request safe.

use sha2::{Digest as _, Sha256};

use crate::audit::hex;

/// A client's key for one request that creates a story
/// (draft-ietf-httpapi-idempotency-key-header).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

/// The text is not a valid key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an Idempotency-Key has 1 to 255 visible ASCII characters")]
pub struct IdempotencyKeyError;

impl IdempotencyKey {
    /// Checks the key that a client sent.
    pub fn new(text: &str) -> Result<Self, IdempotencyKeyError> {
        let is_key = (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if is_key { Ok(Self(text.to_owned())) } else { Err(IdempotencyKeyError) }
    }

    /// Returns the hash under which the key of this subject is stored.
    pub(crate) fn hash(&self, sub: &str) -> String {
        hex(Sha256::digest(format!("{sub}\0{}", self.0)).as_slice())
    }
}
