//! Remembers whose signature was good, so that a token in use costs one verification a
//! minute instead of one a request.

use std::collections::HashMap;
use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use tokio::time::Instant;

use crate::keys::Key;

/// How long a signature is believed to have been good.
pub(crate) const MAX_AGE: Duration = Duration::from_secs(60);
/// How many tokens a generation holds; there are two.
pub(crate) const MAX_TOKENS: usize = 4_096;

/// SHA-256 of what a token's signature is made over.
pub(crate) type SignedHash = [u8; 32];

/// The tokens whose signature was good a short while ago: signatures by the hash of what
/// they are made over.
///
/// Remembered is this one fact, with the very key that it holds for: a token whose key the
/// issuer took back or replaced is not found, and every other rule, its expiry included,
/// is checked again each time. Only good signatures come in, so nobody without a token of
/// the pool can fill it; when it is full, the older half goes.
#[derive(Debug, Default)]
pub(crate) struct VerifiedTokens {
    generations: Mutex<Generations>,
}

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<SignedHash, Verified>,
    old: HashMap<SignedHash, Verified>,
}

#[derive(Debug)]
struct Verified {
    signature: Vec<u8>,
    /// Held, not compared by id: its address is not used for another key meanwhile.
    key: Arc<Key>,
    at: Instant,
}

impl VerifiedTokens {
    /// Whether this signature by this key was found good within [`MAX_AGE`].
    pub(crate) fn holds(&self, signed: &SignedHash, signature: &[u8], key: &Arc<Key>) -> bool {
        let generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let known = generations.young.get(signed).or_else(|| generations.old.get(signed));
        known.is_some_and(|known| {
            // In constant time: who knows what is signed must not come to know the signature.
            verify_slices_are_equal(&known.signature, signature).is_ok()
                && Arc::ptr_eq(&known.key, key)
                && known.at.elapsed() < MAX_AGE
        })
    }

    /// Remembers that this signature by this key is good.
    pub(crate) fn remember(&self, signed: SignedHash, signature: Vec<u8>, key: Arc<Key>) {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if generations.young.len() >= MAX_TOKENS {
            generations.old = take(&mut generations.young);
        }
        generations.young.insert(signed, Verified { signature, key, at: Instant::now() });
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        let generations = self.generations.lock().unwrap();
        generations.young.len() + generations.old.len()
    }
}
