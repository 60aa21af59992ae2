//! The signature of a token, and the proof that it is good.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};

use crate::keys::Key;
use crate::token_error::TokenError;
use crate::verified_tokens::{SignedHash, VerifiedTokens};

/// That a token's signature is good; only this module can say so.
#[derive(Debug)]
pub(crate) struct GoodSignature(());

/// Checks that the key signed the token, unless it is remembered that it did.
pub(crate) fn check(
    signed: &[u8],
    signature: Vec<u8>,
    key: Arc<Key>,
    verified: Option<&VerifiedTokens>,
) -> Result<GoodSignature, TokenError> {
    let digest = digest(&SHA256, signed);
    let mut signed = SignedHash::default();
    signed.copy_from_slice(digest.as_ref());
    if verified.is_some_and(|verified| verified.holds(&signed, &signature, &key)) {
        return Ok(GoodSignature(()));
    }
    if !key.has_signed(&digest, &signature) {
        return Err(TokenError::Signature);
    }
    if let Some(verified) = verified {
        verified.remember(signed, signature, key);
    }
    Ok(GoodSignature(()))
}
