//! The keys that encrypt refresh tokens at rest (BFF-05) and logins in progress.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result, anyhow};

use crate::auth::sealing::SealingKeys;
use crate::clock::new_id;
use crate::config::{SessionConfig, SessionKey, StoreConfig};

const KEY_FILE: &str = "session-key";
const LOGIN_PURPOSE: &str = "gazette login";
const FORM_PURPOSE: &str = "gazette saved form";

/// Encryption keys. The first one encrypts and all of them decrypt, so that replacing a key ends
/// no session.
pub(crate) struct SessionKeys {
    /// Keys for refresh tokens.
    pub(crate) refresh_tokens: SealingKeys,
    /// Keys for logins in progress.
    pub(crate) logins: SealingKeys,
    /// Keys for saved forms.
    pub(crate) saved_forms: SealingKeys,
}

impl SessionKeys {
    /// Loads the configured keys. Without any, an embedded store has a key file in its data
    /// folder, which is created if it is missing.
    pub(crate) fn open(session: &SessionConfig, store: &StoreConfig) -> Result<Self> {
        if session.keys.is_empty() && store.keeps_session_key() {
            let path = store.data_dir.join(KEY_FILE);
            let key = read_or_create(&path);
            return Self::new(&[key.with_context(|| path.display().to_string())?]);
        }
        Self::new(&session.keys)
    }

    /// Checks the keys that [`SessionKeys::open`] would load, and creates none.
    pub(crate) fn check(session: &SessionConfig, store: &StoreConfig) -> Result<()> {
        if session.keys.is_empty() && store.keeps_session_key() {
            let path = store.data_dir.join(KEY_FILE);
            read(&path).with_context(|| path.display().to_string())?;
        }
        Ok(())
    }

    fn new(keys: &[SessionKey]) -> Result<Self> {
        if keys.is_empty() {
            return Err(anyhow!("GAZETTE_SESSION_KEY is not set"));
        }
        let bytes = || keys.iter().map(SessionKey::as_bytes);
        Ok(Self {
            refresh_tokens: SealingKeys::new(bytes())?,
            logins: SealingKeys::derived(bytes(), LOGIN_PURPOSE)?,
            saved_forms: SealingKeys::derived(bytes(), FORM_PURPOSE)?,
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
    use crate::config::Engine;

    fn keys(given: &[&SessionKey]) -> SealingKeys {
        let given: Vec<_> = given.iter().map(|key| (*key).clone()).collect();
        SessionKeys::new(&given).expect("keys").refresh_tokens
    }

    #[test]
    fn bff_05_a_sealed_text_opens_only_with_its_key_and_context() {
        let (old, new) =
            (SessionKey::generate().expect("a key"), SessionKey::generate().expect("a key"));
        let before = keys(&[&old]);
        let sealed = before.seal("a refresh token", "here").expect("sealed");
        assert!(!sealed.contains("refresh"));
        assert_ne!(before.seal("a refresh token", "here").expect("sealed"), sealed);
        assert_eq!(before.open(&sealed, "here").as_deref(), Some("a refresh token"));
        assert_eq!(before.open(&sealed, "there"), None);
        assert_eq!(keys(&[&new]).open(&sealed, "here"), None);
        let rotated = keys(&[&new, &old]);
        assert_eq!(rotated.open(&sealed, "here").as_deref(), Some("a refresh token"));
        for broken in ["", "AAAA", &sealed[1..], &format!("{sealed}AAAA")] {
            assert_eq!(before.open(broken, "here"), None, "{broken}");
        }
    }

    #[test]
    fn bff_05_the_key_file_of_an_embedded_store_is_created_once_and_is_private() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = StoreConfig {
            data_dir: folder.path().to_owned(),
            engine: Engine::Embedded,
            table: String::new(),
            is_folder_temporary: false,
        };
        let config = SessionConfig { idle_seconds: 1, absolute_seconds: 1, keys: Vec::new() };
        let sealed = SessionKeys::open(&config, &store).expect("created");
        let sealed = sealed.refresh_tokens.seal("x", "y");
        let again = SessionKeys::open(&config, &store).expect("read").refresh_tokens;
        assert_eq!(again.open(&sealed.expect("sealed"), "y").as_deref(), Some("x"));
        let mode = fs::metadata(folder.path().join(KEY_FILE)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::write(folder.path().join(KEY_FILE), "short").expect("written");
        assert!(SessionKeys::open(&config, &store).is_err());
    }
}
