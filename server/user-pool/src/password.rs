//! Password hashes: Argon2id on blocking threads, one at a time, with a limited queue.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::argon2id::Argon2id;
use crate::error::InternalError;

/// Maximum number of hashes computed at the same time; each needs 19 MiB and a core, and the site
/// needs one, too.
const MAX_CONCURRENT: usize = 1;
/// Maximum number of hashes that wait or are computed.
const MAX_QUEUED: usize = 200;

/// Hash that is checked for an unknown user, at the same cost as a real one.
const DUMMY_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$Z2F6ZXR0ZS1ub2JvZHkh\
    $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Creates and checks password hashes (OWASP's parameters: 19 MiB, two passes).
#[derive(Clone)]
pub(crate) struct PasswordHashes {
    running: Arc<Semaphore>,
    queued: Arc<Semaphore>,
}

impl PasswordHashes {
    pub(crate) fn new() -> Self {
        Self {
            running: Arc::new(Semaphore::new(MAX_CONCURRENT)),
            queued: Arc::new(Semaphore::new(MAX_QUEUED)),
        }
    }

    /// Hashes a password with a fresh salt.
    pub(crate) async fn hash(&self, password: String) -> Result<String, InternalError> {
        self.run(move || {
            let hash = Argon2id.hash_password(password.as_bytes());
            hash.map(|hash| hash.to_string()).map_err(|_| InternalError::Cryptography)
        })
        .await
    }

    /// Checks a password against a hash; takes the same time without a hash.
    pub(crate) async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, InternalError> {
        self.run(move || {
            let user_exists = hash.is_some();
            let hash = hash.unwrap_or_else(|| DUMMY_HASH.to_owned());
            let hash = PasswordHash::new(&hash).map_err(|_| InternalError::Cryptography)?;
            let matches = Argon2id.verify_password(password.as_bytes(), &hash).is_ok();
            Ok(matches && user_exists)
        })
        .await
    }

    /// Runs a costly computation in its turn.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, InternalError> + Send + 'static,
    ) -> Result<T, InternalError> {
        let place = Arc::clone(&self.queued).try_acquire_owned();
        let place = place.map_err(|_| InternalError::Overloaded)?;
        // The permits move into the work, which continues when the caller disconnects.
        let running = Arc::clone(&self.running).acquire_owned().await;
        let permit = running.map_err(|_| InternalError::ShuttingDown)?;
        let work = move || {
            let _permits = (permit, place);
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| InternalError::ShuttingDown)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pool_07_passwords_are_hashed_with_argon2id() {
        let passwords = PasswordHashes::new();
        let hash = passwords.hash("correct horse".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, passwords.hash("correct horse".to_owned()).await.unwrap());
        assert!(passwords.verify("correct horse".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("correct  horse".to_owned(), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn pool_07_the_dummy_hash_costs_the_same_and_matches_no_password() {
        let dummy = PasswordHash::new(DUMMY_HASH).unwrap();
        let real: PasswordHash = Argon2id.hash_password(b"12345678").unwrap();
        assert_eq!((dummy.algorithm, dummy.version), (real.algorithm, real.version));
        assert_eq!(dummy.params, real.params);
        assert!(!PasswordHashes::new().verify("12345678".to_owned(), None).await.unwrap());
    }

    #[tokio::test]
    async fn pool_07_passwords_wait_in_a_queue_with_a_limit() {
        let passwords = PasswordHashes::new();
        let all = u32::try_from(MAX_QUEUED).unwrap();
        let full = passwords.queued.acquire_many(all).await.unwrap();
        let refused = passwords.verify("12345678".to_owned(), None).await;
        assert!(matches!(refused, Err(InternalError::Overloaded)));
        drop(full);
        assert!(passwords.verify("12345678".to_owned(), None).await.is_ok());
    }
}
