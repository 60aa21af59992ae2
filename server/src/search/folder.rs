//! The folder of the index. One process uses it at a time.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::clock::new_id;

const LOCK: &str = "lock";
const INDEX: &str = "index";

/// A folder that no other process uses.
pub(super) struct Folder {
    path: PathBuf,
    /// It is deleted at the end.
    is_temporary: bool,
    _lock: File,
}

impl Folder {
    /// Takes the folder; while another process uses it, one of the system's temporary folders.
    pub(super) fn take(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        let lock = File::create(path.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), is_temporary: false, _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                let path = std::env::temp_dir().join(format!("gazette-search-{}", new_id()));
                fs::create_dir_all(&path)?;
                let lock = File::create(path.join(LOCK))?;
                tracing::info!(
                    folder = %path.display(),
                    "another process uses the folder of the search index, so this one uses its own"
                );
                Ok(Self { path, is_temporary: true, _lock: lock })
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Returns the folder of the index's own files.
    pub(super) fn index(&self) -> PathBuf {
        self.path.join(INDEX)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.is_temporary
            && let Err(error) = fs::remove_dir_all(&self.path)
        {
            tracing::debug!(%error, "a temporary folder stays");
        }
    }
}
