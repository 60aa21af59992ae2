//! A cache of verified signatures, so that a token in use costs one verification a minute
//! instead of one a request.

use std::collections::HashMap;
use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use tokio::time::Instant;

use crate::key_set::Key;

/// Lifetime of an entry.
pub(crate) const MAX_AGE: Duration = Duration::from_mins(1);
/// Maximum number of tokens in each of the two generations.
pub(crate) const MAX_TOKENS: usize = 4_096;

/// SHA-256 of the signed part of a token.
pub(crate) type SignedHash = [u8; 32];

/// The recently verified signatures, by the hash of the signed part.
///
/// An entry belongs to one key, so a token whose key was removed or replaced is not found. All
/// other rules, expiry included, are checked on every request. Only valid signatures are
/// stored, so only tokens of the pool can fill the cache. When it is full, the older generation
/// is dropped.
#[derive(Debug, Default)]
pub(crate) struct VerifiedTokens {
    generations: Mutex<Generations>,
}

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<SignedHash, Entry>,
    old: HashMap<SignedHash, Entry>,
}

#[derive(Debug)]
struct Entry {
    signature: Vec<u8>,
    /// Owned, so that its address, which is compared, cannot be reused for another key.
    key: Arc<Key>,
    verified_at: Instant,
}

impl VerifiedTokens {
    /// Checks that this signature by this key was verified within [`MAX_AGE`].
    pub(crate) fn contains(&self, signed: &SignedHash, signature: &[u8], key: &Arc<Key>) -> bool {
        let generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = generations.young.get(signed).or_else(|| generations.old.get(signed));
        entry.is_some_and(|entry| {
            // In constant time, so that the signature of known content cannot be guessed.
            verify_slices_are_equal(&entry.signature, signature).is_ok()
                && Arc::ptr_eq(&entry.key, key)
                && entry.verified_at.elapsed() < MAX_AGE
        })
    }

    /// Adds a verified signature.
    pub(crate) fn insert(&self, signed: SignedHash, signature: Vec<u8>, key: Arc<Key>) {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if generations.young.len() >= MAX_TOKENS {
            generations.old = take(&mut generations.young);
        }
        generations.young.insert(signed, Entry { signature, key, verified_at: Instant::now() });
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        let generations = self.generations.lock().unwrap();
        generations.young.len() + generations.old.len()
    }
}
