//! Encrypts refresh tokens at rest (BFF-05): AES-256-GCM under a random nonce.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::clock::new_id;
use crate::config::{Engine, SessionConfig, SessionKey, StoreConfig};

const FILE: &str = "session-key";

/// The keys: the first encrypts, and all of them decrypt, so that a key can be replaced
/// without signing anybody out.
pub struct SessionKeys(Vec<RandomizedNonceKey>);

impl SessionKeys {
    /// Takes the configured keys, or the one in the data folder of an embedded store, which
    /// is made when there is none yet.
    pub fn open(session: &SessionConfig, store: &StoreConfig) -> Result<Self> {
        if session.keys.is_empty() && store.engine == Engine::Embedded {
            let path = store.data_dir.join(FILE);
            let key = read_or_make(&path);
            return Self::new(&[key.with_context(|| path.display().to_string())?]);
        }
        Self::new(&session.keys)
    }

    fn new(keys: &[SessionKey]) -> Result<Self> {
        let keys = keys.iter().map(|key| RandomizedNonceKey::new(&AES_256_GCM, key.as_bytes()));
        let keys: Vec<_> = keys.collect::<Result<_, _>>()?;
        if keys.is_empty() {
            return Err(anyhow!("GAZETTE_SESSION_KEY: there is no key"));
        }
        Ok(Self(keys))
    }

    /// Encrypts a text for one place alone; `None` when the system gives no randomness.
    pub(super) fn seal(&self, text: &str, place: &str) -> Option<String> {
        let mut sealed = text.as_bytes().to_vec();
        let key = self.0.first()?;
        let nonce = key.seal_in_place_append_tag(Aad::from(place), &mut sealed).ok()?;
        let nonce: &[u8] = nonce.as_ref();
        Some(STANDARD_NO_PAD.encode([nonce, &sealed].concat()))
    }

    /// Decrypts what was sealed for this place by any of the keys.
    pub(super) fn open_sealed(&self, sealed: &str, place: &str) -> Option<String> {
        let bytes = STANDARD_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        self.0.iter().find_map(|key| {
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let mut text = sealed.to_vec();
            let text = key.open_in_place(nonce, Aad::from(place), &mut text).ok()?;
            String::from_utf8(text.to_vec()).ok()
        })
    }
}

fn read_or_make(path: &Path) -> Result<SessionKey> {
    match fs::read_to_string(path) {
        Ok(text) => SessionKey::parse(text.trim()).map_err(|fault| anyhow!("the key {fault}")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = SessionKey::generate().context("the system gives no randomness")?;
            write(path, &key.to_base64())?;
            Ok(key)
        }
        Err(error) => Err(error.into()),
    }
}

/// Writes beside the file and renames, so that half a key is never read.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let draft = path.with_extension(new_id().to_string());
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, path)
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
    fn bff_05_what_is_sealed_opens_in_its_place_with_its_key_alone() {
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
    fn bff_05_the_key_of_an_embedded_store_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = StoreConfig {
            data_dir: folder.path().to_owned(),
            engine: Engine::Embedded,
            table: String::new(),
        };
        let config = SessionConfig { idle_seconds: 1, absolute_seconds: 1, keys: Vec::new() };
        let sealed = SessionKeys::open(&config, &store).expect("made").seal("x", "y");
        let again = SessionKeys::open(&config, &store).expect("read");
        assert_eq!(again.open_sealed(&sealed.expect("sealed"), "y").as_deref(), Some("x"));
        let mode = fs::metadata(folder.path().join(FILE)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::write(folder.path().join(FILE), "short").expect("written");
        assert!(SessionKeys::open(&config, &store).is_err());
    }
}
