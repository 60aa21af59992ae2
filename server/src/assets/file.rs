//! A file as it is served.

use std::sync::{Arc, OnceLock};

use axum::http::HeaderValue;
use bytes::Bytes;

use crate::encoding::EncodedForms;
use crate::etag::etag_of_hash;
use crate::sha256::sha256;

/// Characters of the hash in a name.
const HASH_LENGTH: usize = 12;

/// File as it is served.
pub(crate) struct File {
    pub(crate) bytes: Bytes,
    /// Its compressed forms, as far as the build made them; others are made when needed.
    pub(crate) forms: Arc<EncodedForms>,
    pub(crate) content_type: HeaderValue,
    /// Made when needed, since most starts need that of few files.
    hash: OnceLock<String>,
}

impl File {
    /// Makes a file of its path on the site and its content.
    pub(super) fn new(path: &str, bytes: Vec<u8>) -> Self {
        Self {
            bytes: bytes.into(),
            forms: Arc::default(),
            content_type: HeaderValue::from_static(content_type(path)),
            hash: OnceLock::new(),
        }
    }

    /// Returns its entity tag.
    pub(crate) fn etag(&self) -> String {
        etag_of_hash(self.hash())
    }

    fn hash(&self) -> &str {
        self.hash.get_or_init(|| sha256(&self.bytes))
    }

    /// Returns the part of its hash that is in its name.
    pub(super) fn hash_in_name(&self) -> &str {
        self.hash().get(..HASH_LENGTH).unwrap_or_default()
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
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
