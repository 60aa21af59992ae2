//! Where the files of pictures are kept.

mod folder;

use async_trait::async_trait;
use bytes::Bytes;
use gazette_domain::{ImageId, ImageName};

pub(crate) use self::folder::FolderStore;

/// The store of pictures failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImageStoreError {
    /// The operating system refused.
    #[error("the folder of the pictures cannot be used: {0}")]
    Io(#[from] std::io::Error),
    /// A task of the process was stopped.
    #[error("the store of the pictures was stopped")]
    Stopped,
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

    /// Lists the files of a picture.
    async fn list(&self, id: ImageId) -> Result<Vec<ImageName>, ImageStoreError>;
}
