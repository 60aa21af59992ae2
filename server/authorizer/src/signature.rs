//! Verification of the signature of a token.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};

use crate::key_set::Key;
use crate::token_error::TokenError;
use crate::verified_tokens::{SignedHash, VerifiedTokens};

/// Proof that the signature of a token was verified; only this module can create it.
#[derive(Debug)]
pub(crate) struct VerifiedSignature(());

/// Verifies that the key signed the token, or finds an earlier verification in the cache.
pub(crate) fn verify(
    signed: &[u8],
    signature: Vec<u8>,
    key: Arc<Key>,
    cache: Option<&VerifiedTokens>,
) -> Result<VerifiedSignature, TokenError> {
    let digest = digest(&SHA256, signed);
    let mut signed = SignedHash::default();
    signed.copy_from_slice(digest.as_ref());
    if cache.is_some_and(|cache| cache.contains(&signed, &signature, &key)) {
        return Ok(VerifiedSignature(()));
    }
    if !key.has_signed(&digest, &signature) {
        return Err(TokenError::Signature);
    }
    if let Some(cache) = cache {
        cache.insert(signed, signature, key);
    }
    Ok(VerifiedSignature(()))
}
