//! Password hashes: Argon2id off the async threads, a few at a time.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::Failure;

/// How many hashes are computed at once; each needs 19 MiB and a core.
const AT_ONCE: usize = 2;

/// What the password of an unknown user is compared with, at the same cost as a real one.
const NOBODYS_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$Z2F6ZXR0ZS1ub2JvZHkh\
    $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Makes and checks password hashes (OWASP's parameters: 19 MiB, two passes).
#[derive(Clone)]
pub(crate) struct Passwords(Arc<Semaphore>);

impl Passwords {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }

    /// Hashes a password with a fresh salt.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Failure> {
        self.run(move || {
            let hash: PasswordHash = Argon2::default()
                .hash_password(password.as_bytes())
                .map_err(|_| Failure::Cryptography)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password fits the hash; without a hash it takes as long to say no.
    pub(crate) async fn verify(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, Failure> {
        self.run(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODYS_HASH.to_owned());
            let hash = PasswordHash::new(&hash).map_err(|_| Failure::Cryptography)?;
            let fits = Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
            Ok(fits && known)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        // The permit moves into the work, which goes on when the caller hangs up.
        let permit = Arc::clone(&self.0).acquire_owned().await.map_err(|_| Failure::Ending)?;
        let work = move || {
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Failure::Ending)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pool_07_passwords_are_hashed_with_argon2id() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, passwords.hash("correct horse".to_owned()).await.unwrap());
        assert!(passwords.verify("correct horse".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("correct  horse".to_owned(), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn pool_07_nobodys_hash_costs_the_same_and_fits_nothing() {
        let nobody = PasswordHash::new(NOBODYS_HASH).unwrap();
        let real: PasswordHash = Argon2::default().hash_password(b"12345678").unwrap();
        assert_eq!((nobody.algorithm, nobody.version), (real.algorithm, real.version));
        assert_eq!(nobody.params, real.params);
        assert!(!Passwords::new().verify("12345678".to_owned(), None).await.unwrap());
    }
}
