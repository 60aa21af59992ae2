//! The files of a backup, in their order.

use gazette_domain::ImageName;

/// Version of the format; others are refused.
pub(super) const FORMAT: u32 = 1;
/// Name of the first file.
pub(super) const FIRST: &str = "gazette-backup.json";
/// Name of the last file.
pub(super) const LAST: &str = "sha256";
/// Folder of the signing keys of the embedded pool.
pub(super) const POOL_KEYS: &str = "pool-keys";
/// File with the key of the sessions.
pub(super) const SESSION_KEY: &str = "session-key";
/// Folder of the pictures.
pub(super) const IMAGES: &str = "images";
const STORE: &str = "store";
/// Largest file of a key.
pub(super) const MAX_KEY_FILE_BYTES: u64 = 64 * 1024;
/// Largest other file.
const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// Format, version and time, as JSON.
    First,
    /// Key of the sessions.
    SessionKey,
    /// Signing key of the embedded pool.
    PoolKey(String),
    /// Items of the store, one line of JSON each.
    Store(u32),
    /// File of a picture.
    Image(ImageName),
    /// SHA-256 of everything before it.
    Last,
}

impl Entry {
    /// Returns the path in the archive, which is also that in the data folder, except for the store.
    pub(super) fn path(&self) -> String {
        match self {
            Self::First => FIRST.to_owned(),
            Self::SessionKey => SESSION_KEY.to_owned(),
            Self::PoolKey(name) => format!("{POOL_KEYS}/{name}"),
            Self::Store(number) => format!("{STORE}/{number:08}.ndjson"),
            Self::Image(name) => {
                let file = name.to_string();
                let folder: String = file.chars().take(2).collect();
                format!("{IMAGES}/{folder}/{file}")
            }
            Self::Last => LAST.to_owned(),
        }
    }

    /// Reads exactly what [`Entry::path`] returns, so that no file leads out of the data folder.
    pub(super) fn of_path(path: &str) -> Option<Self> {
        let entry = match path.split_once('/') {
            None if path == FIRST => Self::First,
            None if path == LAST => Self::Last,
            None if path == SESSION_KEY => Self::SessionKey,
            Some((POOL_KEYS, name)) if is_key_name(name) => Self::PoolKey(name.to_owned()),
            Some((STORE, file)) => Self::Store(file.strip_suffix(".ndjson")?.parse().ok()?),
            Some((IMAGES, file)) => Self::Image(file.split_once('/')?.1.parse().ok()?),
            _ => return None,
        };
        (entry.path() == path).then_some(entry)
    }

    /// Returns the size that its file can have.
    pub(super) fn max_bytes(&self) -> u64 {
        match self {
            Self::First | Self::SessionKey | Self::PoolKey(_) | Self::Last => MAX_KEY_FILE_BYTES,
            Self::Store(_) | Self::Image(_) => MAX_FILE_BYTES,
        }
    }
}

/// Checks the name of a key file: letters, digits, `-`, `_` and dots that are not at its beginning.
pub(super) fn is_key_name(name: &str) -> bool {
    let is_in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !name.is_empty() && name.len() <= 80 && !name.starts_with('.') && name.chars().all(is_in_name)
}
