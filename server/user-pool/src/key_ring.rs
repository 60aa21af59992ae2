//! The signing keys in use, and earlier ones whose tokens may still be valid.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::error::{InternalError, PoolError};
use crate::keys::{
    ParsedKeys, SigningKeys, has_signed, key_error, make_private, read_file, write_file,
};

/// Time for which a replaced key stays published: the longest lifetime of an id or access token.
pub(crate) const RETIREMENT_SECONDS: i64 = 24 * 60 * 60;
/// Maximum number of replaced keys; clients accept sets of a hundred at most.
const MAX_RETIRED: usize = 40;
const RETIRED_FILE: &str = "retired-keys.json";

/// The folder of a pool's private keys, which are created when a pool is opened.
pub struct KeyFolder {
    path: PathBuf,
    parsed: ParsedKeys,
}

/// The keys of a pool. A rotation replaces both signing keys.
pub(crate) struct KeyRing {
    folder: PathBuf,
    current: RwLock<Arc<Keys>>,
    rotation: Mutex<()>,
    /// Secret that stays the same when keys are replaced. Made when it is needed, by a signature.
    seed: OnceLock<String>,
}

/// The keys at a time.
pub(crate) struct Keys {
    pub(crate) signing: SigningKeys,
    retired: Vec<RetiredKey>,
}

/// Public part of a replaced key.
#[derive(Clone, Serialize, Deserialize)]
struct RetiredKey {
    signs: TokenKind,
    /// Unix time until which it is published.
    until: i64,
    jwk: Value,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum TokenKind {
    Id,
    Access,
}

/// Content of the file of replaced keys.
#[derive(Serialize, Deserialize)]
struct RetiredKeys {
    seed: String,
    keys: Vec<RetiredKey>,
}

/// Error of a rotation.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RotationError {
    #[error("too many keys were replaced within a day; wait, or restart with an empty key folder")]
    TooMany,
    #[error(transparent)]
    Keys(#[from] PoolError),
}

impl KeyFolder {
    /// Returns a folder, which need not exist yet.
    pub fn new(path: PathBuf) -> Self {
        Self { path, parsed: ParsedKeys::default() }
    }

    /// Checks the keys that are there, which takes a moment. A pool that is opened later does not
    /// parse them again, unless a file has changed.
    ///
    /// # Errors
    /// [`PoolError::Key`] when a file cannot be read or is not a key.
    pub fn check(self) -> Result<Self, PoolError> {
        let parsed = ParsedKeys::read(&self.path)?;
        read_retired(&self.path)?;
        Ok(Self { parsed, ..self })
    }
}

/// Returns the replaced keys of a folder; `None` if none was replaced yet.
fn read_retired(folder: &Path) -> Result<Option<RetiredKeys>, PoolError> {
    let path = folder.join(RETIRED_FILE);
    let bytes = read_file(&path).map_err(|error| key_error(&path, &error))?;
    let retired = bytes.map(|bytes| serde_json::from_slice(&bytes)).transpose();
    retired.map_err(|error| key_error(&path, &error))
}

impl KeyRing {
    /// Opens the keys of a folder, and creates missing ones.
    pub(crate) async fn open(folder: KeyFolder) -> Result<Self, PoolError> {
        let KeyFolder { path: folder, parsed } = folder;
        let signing = SigningKeys::open(folder.clone(), parsed).await?;
        let (seed, retired) = match read_retired(&folder)? {
            Some(retired) => {
                let path = folder.join(RETIRED_FILE);
                make_private(&path).map_err(|error| key_error(&path, &error))?;
                (OnceLock::from(retired.seed), retired.keys)
            }
            None => Default::default(),
        };
        Ok(Self {
            rotation: Mutex::default(),
            seed,
            current: RwLock::new(Arc::new(Keys { signing, retired })),
            folder,
        })
    }

    /// Returns the keys in use.
    pub(crate) fn current(&self) -> Arc<Keys> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces both signing keys; the old ones stay published while their tokens may be valid.
    pub(crate) async fn rotate(&self, now: i64) -> Result<(), RotationError> {
        let _rotation = self.rotation.lock().await;
        let keys = self.current();
        let signing = &keys.signing;
        let until = now.saturating_add(RETIREMENT_SECONDS);
        let replaced = [
            RetiredKey { signs: TokenKind::Id, until, jwk: signing.id.to_jwk() },
            RetiredKey { signs: TokenKind::Access, until, jwk: signing.access.to_jwk() },
        ];
        let earlier = keys.retired.iter().filter(|key| key.until > now).cloned();
        let retired: Vec<RetiredKey> = replaced.into_iter().chain(earlier).collect();
        if retired.len() > MAX_RETIRED {
            return Err(RotationError::TooMany);
        }
        // Before the new keys are stored, so that no crash can lose the old ones.
        self.write(&retired)?;
        let signing = SigningKeys::renew(self.folder.clone()).await?;
        let new = Arc::new(Keys { signing, retired });
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = new;
        tracing::warn!("the signing keys of the user pool were replaced");
        Ok(())
    }

    /// Returns a secret that belongs to a text: always the same, and not to be computed by others.
    pub(crate) fn secret_of(&self, text: &str) -> Result<Vec<u8>, InternalError> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.seed()?.as_bytes());
        Ok(hmac::sign(&key, text.as_bytes()).as_ref().to_vec())
    }

    fn seed(&self) -> Result<&str, InternalError> {
        if let Some(seed) = self.seed.get() {
            return Ok(seed);
        }
        let signature = self.current().signing.access.sign("seed")?;
        let seed = URL_SAFE_NO_PAD.encode(digest(&SHA256, signature.as_bytes()));
        Ok(self.seed.get_or_init(|| seed))
    }

    /// Writes the replaced keys and the seed. The seed is therefore there before the key that makes it is replaced.
    fn write(&self, retired: &[RetiredKey]) -> Result<(), PoolError> {
        let path = self.folder.join(RETIRED_FILE);
        let seed = self.seed().map_err(|error| key_error(&self.folder, &error))?.to_owned();
        let content = RetiredKeys { seed, keys: retired.to_vec() };
        let bytes = serde_json::to_vec(&content).map_err(|error| key_error(&path, &error))?;
        write_file(&path, &bytes).map_err(|error| key_error(&path, &error))
    }
}

impl Keys {
    /// Returns the public keys as a JSON Web Key Set.
    pub(crate) fn to_jwks(&self, now: i64) -> Value {
        let current = [self.signing.id.to_jwk(), self.signing.access.to_jwk()];
        let is_current = |jwk: &Value| current.iter().any(|key| key.get("kid") == jwk.get("kid"));
        let retired = self.retired.iter().filter(|key| key.until > now).map(|key| &key.jwk);
        let retired: Vec<&Value> = retired.filter(|jwk| !is_current(jwk)).collect();
        let keys: Vec<&Value> = current.iter().chain(retired).collect();
        json!({ "keys": keys })
    }

    /// Checks that a key for access tokens made the signature (in base64url) of a message.
    pub(crate) fn has_signed_access(&self, message: &str, signature: &str) -> bool {
        let retired = self.retired.iter().filter(|key| key.signs == TokenKind::Access);
        self.signing.access.has_signed(message, signature)
            || retired.into_iter().any(|key| has_signed(&key.jwk, message, signature))
    }
}
