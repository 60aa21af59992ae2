//! The signature of a token, and the proof that it is good.

use std::sync::Arc;

use aws_lc_rs::digest::{Digest, SHA256, digest};

use crate::keys::Key;
use crate::refusal::Refusal;
use crate::verified_tokens::{TokenHash, VerifiedTokens};

/// That a token's signature is good; only this module can say so.
#[derive(Debug)]
pub(crate) struct GoodSignature(());

/// Checks that the key signed the token, unless it is remembered that it did.
pub(crate) fn check(
    signed: &[u8],
    signature: &[u8],
    key: Arc<Key>,
    verified: Option<&VerifiedTokens>,
) -> Result<GoodSignature, Refusal> {
    let signed = digest(&SHA256, signed);
    let token = token_hash(&signed, signature);
    if verified.is_some_and(|verified| verified.holds(&token, &key)) {
        return Ok(GoodSignature(()));
    }
    if !key.has_signed(&signed, signature) {
        return Err(Refusal::Signature);
    }
    if let Some(verified) = verified {
        verified.remember(token, key);
    }
    Ok(GoodSignature(()))
}

/// What a whole token is known by: SHA-256 of the hash of what was signed, which is at hand,
/// and the signature. Two tokens share it only if they are the same.
fn token_hash(signed: &Digest, signature: &[u8]) -> TokenHash {
    let whole = [signed.as_ref(), signature].concat();
    let mut hash = TokenHash::default();
    hash.copy_from_slice(digest(&SHA256, &whole).as_ref());
    hash
}
