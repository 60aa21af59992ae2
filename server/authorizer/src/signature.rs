//! Verification of the signature of a token.

use aws_lc_rs::digest::{SHA256, digest};

use crate::key_set::Key;
use crate::token_error::TokenError;

/// Proof that the signature of a token was verified; only this module can create it.
#[derive(Debug)]
pub(crate) struct VerifiedSignature(());

/// Verifies that the key signed a text.
pub(crate) fn verify(
    signed: &[u8],
    signature: &[u8],
    key: &Key,
) -> Result<VerifiedSignature, TokenError> {
    if key.has_signed(&digest(&SHA256, signed), signature) {
        Ok(VerifiedSignature(()))
    } else {
        Err(TokenError::Signature)
    }
}
