//! Storage of the files of pictures.

mod folder;
mod s3;

use async_trait::async_trait;
use bytes::Bytes;
use gazette_domain::ImageName;

use crate::aws::SigningError;
use crate::error_causes::with_causes;

pub(crate) use self::folder::FolderStore;
pub(crate) use self::s3::S3Store;

/// Maximum number of names in a list.
const MAX_LISTED: usize = 1_000;

/// `Cache-Control` of every picture: a name always has the same content.
pub(crate) const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// The store of pictures failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImageStoreError {
    /// The operating system refused.
    #[error("the folder of the pictures cannot be used: {0}")]
    Io(#[from] std::io::Error),
    /// A task of the process was stopped.
    #[error("the store of the pictures was stopped")]
    Stopped,
    /// The bucket does not answer.
    #[error("the bucket of the pictures does not answer: {}", with_causes(.0))]
    Unreachable(#[from] reqwest::Error),
    /// The bucket refused a request.
    #[error("the bucket of the pictures answered {status}{}", code.as_deref().map(|code| format!(" ({code})")).unwrap_or_default())]
    Refused {
        /// HTTP status.
        status: u16,
        /// Code of the error.
        code: Option<String>,
    },
    /// A request could not be signed.
    #[error("a request to the bucket of the pictures could not be made: {}", with_causes(.0))]
    Signing(#[from] SigningError),
}

/// Keeps the files of pictures under their names. A name always has the same content, so `put`
/// may replace a file and retries are safe.
#[async_trait]
pub(crate) trait ImageStore: Send + Sync {
    /// Stores a file durably.
    async fn put(&self, name: ImageName, bytes: Bytes) -> Result<(), ImageStoreError>;

    /// Returns a file; `None` if there is none of this name.
    async fn get(&self, name: ImageName) -> Result<Option<Bytes>, ImageStoreError>;

    /// Deletes a file, if it exists.
    async fn delete(&self, name: ImageName) -> Result<(), ImageStoreError>;

    /// Lists names in their order: at most [`MAX_LISTED`] after `after`, from the first one without
    /// it. The list is empty at the end.
    async fn list(&self, after: Option<ImageName>) -> Result<Vec<ImageName>, ImageStoreError>;
}

#[cfg(test)]
mod tests;
