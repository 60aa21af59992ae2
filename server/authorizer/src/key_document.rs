//! Source of a key set: a URL or a file.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::document::{Document, DocumentError};

/// Maximum size of a key set.
pub(crate) const MAX_KEY_SET_BYTES: usize = 256 * 1024;

/// Source of a key set.
#[derive(Debug)]
pub(crate) enum KeyDocument {
    Url(Document),
    File(PathBuf),
}

impl KeyDocument {
    pub(crate) async fn fetch(&self) -> Result<Vec<u8>, DocumentError> {
        match self {
            Self::Url(document) => document.fetch().await,
            Self::File(path) => {
                let path = path.clone();
                let reading = tokio::task::spawn_blocking(move || read(&path)).await;
                reading.map_err(|error| DocumentError::File(io::Error::other(error)))?
            }
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, DocumentError> {
    // Reading from a pipe or a device could block forever.
    if !path.metadata().map_err(DocumentError::File)?.is_file() {
        return Err(DocumentError::File(io::Error::other("it is not a regular file")));
    }
    let file = File::open(path).map_err(DocumentError::File)?;
    let limit = u64::try_from(MAX_KEY_SET_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(DocumentError::File)?;
    if bytes.len() > MAX_KEY_SET_BYTES {
        return Err(DocumentError::TooLarge);
    }
    Ok(bytes)
}
