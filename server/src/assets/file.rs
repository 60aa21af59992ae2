//! A file as it is served.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use axum::http::HeaderValue;
use bytes::Bytes;
use tokio::task::spawn_blocking;

use super::AssetsError;
use crate::encoding::{EncodedForms, Encoding};
use crate::etag::etag_of_hash;
use crate::sha256::sha256;

/// Characters of the hash in a name.
const HASH_LENGTH: usize = 12;

/// File as it is served. It is read when it is first needed, since hardly any is at a start.
pub(crate) struct File {
    path: PathBuf,
    built_forms: Vec<(Encoding, PathBuf)>,
    pub(crate) content_type: HeaderValue,
    content: OnceLock<Content>,
    /// Locked while it is read, so that many requests at once read it once.
    reading: Mutex<()>,
}

/// Content of a file.
pub(crate) struct Content {
    pub(crate) bytes: Bytes,
    /// Its compressed forms, as far as the build made them; others are made when needed.
    pub(crate) forms: Arc<EncodedForms>,
    /// Made when needed.
    hash: OnceLock<String>,
}

impl File {
    /// Makes a file of its path, and that of each form that the build has made of it.
    pub(super) fn new(path: PathBuf, built_forms: Vec<(Encoding, PathBuf)>) -> Self {
        let content_type = HeaderValue::from_static(content_type(&path));
        Self { path, built_forms, content_type, content: OnceLock::new(), reading: Mutex::new(()) }
    }

    /// Returns its content, which it reads unless that was done before.
    pub(super) fn read(&self) -> Result<&Content, AssetsError> {
        let _reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(content) = self.content.get() {
            return Ok(content);
        }
        let content = self.read_from_disk()?;
        Ok(self.content.get_or_init(|| content))
    }

    /// Returns its content like [`File::read`], without blocking.
    pub(crate) async fn load(self: &Arc<Self>) -> Result<&Content, AssetsError> {
        if let Some(content) = self.content.get() {
            return Ok(content);
        }
        let file = Arc::clone(self);
        // With its hash, which each response has.
        let reading = spawn_blocking(move || file.read().map(|content| drop(content.etag())));
        reading.await.map_err(|error| self.unreadable(io::Error::other(error)))??;
        self.read()
    }

    /// Checks that the file can be opened.
    pub(super) fn check(&self) -> Result<(), AssetsError> {
        std::fs::File::open(&self.path).map(drop).map_err(|source| self.unreadable(source))
    }

    fn unreadable(&self, source: io::Error) -> AssetsError {
        AssetsError::Unreadable { path: self.path.clone(), source }
    }

    fn read_from_disk(&self) -> Result<Content, AssetsError> {
        let bytes = read(&self.path)?;
        let forms = Arc::new(EncodedForms::default());
        for (encoding, path) in &self.built_forms {
            // A tool that builds the file alone leaves an older form behind.
            if modified(path) >= modified(&self.path) {
                forms.insert(*encoding, read(path)?.into());
            }
        }
        Ok(Content { bytes: bytes.into(), forms, hash: OnceLock::new() })
    }
}

impl Content {
    /// Returns its entity tag.
    pub(crate) fn etag(&self) -> String {
        etag_of_hash(self.hash())
    }

    pub(super) fn hash(&self) -> &str {
        self.hash.get_or_init(|| sha256(&self.bytes))
    }

    /// Returns the part of its hash that is in its name.
    pub(super) fn hash_in_name(&self) -> &str {
        self.hash().get(..HASH_LENGTH).unwrap_or_default()
    }
}

fn read(path: &Path) -> Result<Vec<u8>, AssetsError> {
    std::fs::read(path).map_err(|source| AssetsError::Unreadable { path: path.to_owned(), source })
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|data| data.modified()).ok()
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(OsStr::to_str).unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
