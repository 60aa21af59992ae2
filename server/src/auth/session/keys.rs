//! Encryption of refresh tokens at rest (BFF-05): AES-256-GCM with a random nonce.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::error::Unspecified;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::clock::new_id;
use crate::config::{Engine, SessionConfig, SessionKey, StoreConfig};

const KEY_FILE: &str = "session-key";

/// Encryption keys. The first one encrypts and all of them decrypt, so that replacing a key ends
/// no session.
pub struct SessionKeys(Vec<RandomizedNonceKey>);

impl SessionKeys {
    /// Loads the configured keys. Without any, an embedded store has a key file in its data
    /// folder, which is created if it is missing.
    pub fn open(session: &SessionConfig, store: &StoreConfig) -> Result<Self> {
        if session.keys.is_empty() && store.engine == Engine::Embedded {
            let path = store.data_dir.join(KEY_FILE);
            let key = read_or_create(&path);
            return Self::new(&[key.with_context(|| path.display().to_string())?]);
        }
        Self::new(&session.keys)
    }

    /// Checks the keys that [`SessionKeys::open`] would load, and creates none.
    pub fn check(session: &SessionConfig, store: &StoreConfig) -> Result<()> {
        if session.keys.is_empty() && store.engine == Engine::Embedded {
            let path = store.data_dir.join(KEY_FILE);
            read(&path).with_context(|| path.display().to_string())?;
        }
        Ok(())
    }

    fn new(keys: &[SessionKey]) -> Result<Self> {
        let keys = keys.iter().map(|key| RandomizedNonceKey::new(&AES_256_GCM, key.as_bytes()));
        let keys: Vec<_> = keys.collect::<Result<_, _>>()?;
        if keys.is_empty() {
            return Err(anyhow!("GAZETTE_SESSION_KEY is not set"));
        }
        Ok(Self(keys))
    }

    /// Encrypts a text, bound to a context.
    pub(super) fn seal(&self, text: &str, context: &str) -> Result<String, Unspecified> {
        let mut sealed = text.as_bytes().to_vec();
        let key = self.0.first().ok_or(Unspecified)?;
        let nonce = key.seal_in_place_append_tag(Aad::from(context), &mut sealed)?;
        let nonce: &[u8] = nonce.as_ref();
        Ok(STANDARD_NO_PAD.encode([nonce, &sealed].concat()))
    }

    /// Decrypts a text that any of the keys encrypted for this context.
    pub(super) fn open_sealed(&self, sealed: &str, context: &str) -> Option<String> {
        let bytes = STANDARD_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        self.0.iter().find_map(|key| {
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let mut text = sealed.to_vec();
            let text = key.open_in_place(nonce, Aad::from(context), &mut text).ok()?;
            String::from_utf8(text.to_vec()).ok()
        })
    }
}

fn read_or_create(path: &Path) -> Result<SessionKey> {
    if let Some(key) = read(path)? {
        return Ok(key);
    }
    let key = SessionKey::generate().context("the system has no randomness")?;
    write(path, &key.to_base64())?;
    Ok(key)
}

fn read(path: &Path) -> Result<Option<SessionKey>> {
    match fs::read_to_string(path) {
        Ok(text) => {
            let key = SessionKey::parse(text.trim());
            key.map(Some).map_err(|error| anyhow!("the key {error}"))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Writes a temporary file and renames it, so that a partial key is never read.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let temporary = path.with_extension(new_id().to_string());
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&temporary, path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn keys(given: &[&SessionKey]) -> SessionKeys {
        let given: Vec<_> = given.iter().map(|key| (*key).clone()).collect();
        SessionKeys::new(&given).expect("keys")
    }

    #[test]
    fn bff_05_a_sealed_text_opens_only_with_its_key_and_context() {
        let (old, new) =
            (SessionKey::generate().expect("a key"), SessionKey::generate().expect("a key"));
        let before = keys(&[&old]);
        let sealed = before.seal("a refresh token", "here").expect("sealed");
        assert!(!sealed.contains("refresh"));
        assert_ne!(before.seal("a refresh token", "here").expect("sealed"), sealed);
        assert_eq!(before.open_sealed(&sealed, "here").as_deref(), Some("a refresh token"));
        assert_eq!(before.open_sealed(&sealed, "there"), None);
        assert_eq!(keys(&[&new]).open_sealed(&sealed, "here"), None);
        let rotated = keys(&[&new, &old]);
        assert_eq!(rotated.open_sealed(&sealed, "here").as_deref(), Some("a refresh token"));
        for broken in ["", "AAAA", &sealed[1..], &format!("{sealed}AAAA")] {
            assert_eq!(before.open_sealed(broken, "here"), None, "{broken}");
        }
    }

    #[test]
    fn bff_05_the_key_file_of_an_embedded_store_is_created_once_and_is_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = StoreConfig {
            data_dir: folder.path().to_owned(),
            engine: Engine::Embedded,
            table: String::new(),
        };
        let config = SessionConfig { idle_seconds: 1, absolute_seconds: 1, keys: Vec::new() };
        let sealed = SessionKeys::open(&config, &store).expect("created").seal("x", "y");
        let again = SessionKeys::open(&config, &store).expect("read");
        assert_eq!(again.open_sealed(&sealed.expect("sealed"), "y").as_deref(), Some("x"));
        let mode = fs::metadata(folder.path().join(KEY_FILE)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::write(folder.path().join(KEY_FILE), "short").expect("written");
        assert!(SessionKeys::open(&config, &store).is_err());
    }
}
