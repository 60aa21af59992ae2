//! A cache of verified tokens, so that a token in use costs one verification a minute instead of
//! one a request.

use std::collections::HashMap;
use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand;
use tokio::time::Instant;

use crate::compact::MAX_TOKEN_BYTES;
use crate::identity::VerifiedToken;
use crate::key_set::Key;

/// Lifetime of an entry.
pub(crate) const MAX_AGE: Duration = Duration::from_mins(1);
/// Maximum number of tokens in each of the two generations.
pub(crate) const MAX_TOKENS: usize = 4_096;
/// Maximum length of the tokens of a generation together.
pub(crate) const MAX_BYTES: usize = 4 * 1024 * 1024;

/// The end of a token. It is a part of the signature, so it looks random.
type Tail = [u8; 16];
/// Hash of a whole token.
type Hash = [u8; 16];

/// The recently verified tokens.
///
/// The end of a token finds its entry. Two tokens are the same if the hash of the whole token is;
/// the tokens themselves are not stored. An entry belongs to one key, so that the caller can tell if
/// that was removed or replaced. Only verified tokens have entries, so only the pool can fill the
/// cache. When it is full, the older generation is dropped.
#[derive(Debug)]
pub(crate) struct VerifiedTokens {
    hash: SecretHash,
    generations: Mutex<Generations>,
}

#[derive(Debug, Default)]
struct Generations {
    young: Generation,
    old: Generation,
}

#[derive(Debug, Default)]
struct Generation {
    entries: HashMap<Tail, Entry>,
    /// Length of the tokens together. One that was verified again counts again.
    bytes: usize,
}

#[derive(Clone, Debug)]
struct Entry {
    hash: Hash,
    verified: VerifiedToken,
    /// Owned, so that its address, which is compared, cannot be reused for another key.
    key: Arc<Key>,
    verified_at: Instant,
}

impl VerifiedTokens {
    /// Returns an empty cache.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub(crate) fn new() -> Result<Self, Unspecified> {
        Ok(Self { hash: SecretHash::new()?, generations: Mutex::default() })
    }

    /// Returns a token that was verified within [`MAX_AGE`], and the key that verified it.
    pub(crate) fn find(&self, token: &str) -> Option<(VerifiedToken, Arc<Key>)> {
        if token.len() > MAX_TOKEN_BYTES {
            return None;
        }
        let entry = self.entry(token.as_bytes().last_chunk()?)?;
        let hash = self.hash.of(token).ok()?;
        // In constant time, so that a token of known content cannot be guessed.
        let is_same = verify_slices_are_equal(&entry.hash, &hash).is_ok();
        let is_found = is_same && entry.verified_at.elapsed() < MAX_AGE;
        is_found.then_some((entry.verified, entry.key))
    }

    fn entry(&self, tail: &Tail) -> Option<Entry> {
        let generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let Generations { young, old } = &*generations;
        young.entries.get(tail).or_else(|| old.entries.get(tail)).cloned()
    }

    /// Adds a token that the key has verified.
    pub(crate) fn insert(&self, token: &str, verified: VerifiedToken, key: Arc<Key>) {
        let Some(tail) = token.as_bytes().last_chunk::<16>() else { return };
        let Ok(hash) = self.hash.of(token) else { return };
        let entry = Entry { hash, verified, key, verified_at: Instant::now() };
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let Generations { young, old } = &mut *generations;
        if young.entries.len() >= MAX_TOKENS || young.bytes + token.len() > MAX_BYTES {
            *old = take(young);
        }
        young.bytes += token.len();
        young.entries.insert(*tail, entry);
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        let generations = self.generations.lock().unwrap();
        generations.young.entries.len() + generations.old.entries.len()
    }
}

/// A hash with a secret key: the tag of AES-GCM over data that is not encrypted (GMAC, NIST SP
/// 800-38D). Most processors have instructions for it.
///
/// The nonce is always the same. That is safe, since no hash leaves this process. Without knowing
/// one, a text with the same hash as another can only be guessed, with a chance of 2^-119 for each
/// text of at most [`MAX_TOKEN_BYTES`].
#[derive(Debug)]
struct SecretHash(LessSafeKey);

impl SecretHash {
    fn new() -> Result<Self, Unspecified> {
        let mut key = [0; 32];
        rand::fill(&mut key)?;
        Ok(Self(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key)?)))
    }

    fn of(&self, text: &str) -> Result<Hash, Unspecified> {
        let nonce = Nonce::assume_unique_for_key([0; 12]);
        let tag = self.0.seal_in_place_separate_tag(nonce, Aad::from(text.as_bytes()), &mut [])?;
        tag.as_ref().try_into().map_err(|_| Unspecified)
    }
}
