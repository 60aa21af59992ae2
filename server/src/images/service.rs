//! Taking pictures in: a queue of conversions, and the files of each picture.

use std::sync::Arc;

use bytes::Bytes;
use gazette_domain::{ImageName, ImageRecord, NewImage};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

use super::convert::{Converted, convert};
use super::deletions::{Deletions, HeldDeletions};
use super::error::{ImageError, ImagesError};
use super::metadata::Rights;
use super::store::{ImageStore, ImageStoreError};

/// Conversions at a time.
const CONVERSIONS: usize = 2;
/// Uploads that wait for a conversion or are received, besides those that are converted.
const WAITING: usize = 8;
/// Characters of a file name that are kept.
const MAX_FILE_NAME_LENGTH: usize = 120;

/// The pictures of the site; cheap to clone.
#[derive(Clone)]
pub(crate) struct Images {
    store: Arc<dyn ImageStore>,
    conversions: Arc<Semaphore>,
    places: Arc<Semaphore>,
    deletions: Arc<Deletions>,
}

/// A place in the queue of conversions.
#[derive(Debug)]
pub(crate) struct Place(
    #[expect(dead_code, reason = "held until it is dropped")] OwnedSemaphorePermit,
);

/// A picture whose files are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredImage {
    /// Name of the largest size.
    pub(crate) name: ImageName,
    /// Metadata of the file.
    pub(crate) rights: Rights,
    /// Name of the uploaded file, on one line.
    pub(crate) file_name: String,
}

impl Images {
    /// Makes the pictures of a store.
    pub(crate) fn new(store: Arc<dyn ImageStore>) -> Self {
        Self {
            store,
            conversions: Arc::new(Semaphore::new(CONVERSIONS)),
            places: Arc::new(Semaphore::new(CONVERSIONS + WAITING)),
            deletions: Arc::default(),
        }
    }

    /// Takes a place in the queue, before the file of a client is received.
    ///
    /// # Errors
    /// [`ImagesError::Busy`] if all places are taken.
    pub(crate) fn place(&self) -> Result<Place, ImagesError> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        place.map(Place).map_err(|_| ImagesError::Busy)
    }

    /// Converts a file and stores it in all sizes. The same file gives the same names.
    ///
    /// Waits for its turn; commands may call it as often as they like. The picture has a record
    /// once `add_image` of a desk gets [`StoredImage::into_new`].
    ///
    /// # Errors
    /// [`ImagesError::Refused`] says why the file cannot be used.
    pub(crate) async fn import(
        &self,
        bytes: Bytes,
        name: &str,
    ) -> Result<StoredImage, ImagesError> {
        let turn = Arc::clone(&self.conversions).acquire_owned().await;
        let turn = turn.map_err(|_| ImageStoreError::Stopped)?;
        let converted = spawn_blocking(move || {
            let converted = convert(bytes);
            drop(turn);
            converted
        });
        // A decoder that panics has met a file that it does not understand.
        let converted = converted.await.unwrap_or_else(|error| {
            tracing::error!(%error, "a picture made its decoder fail");
            Err(ImageError::Damaged("a picture"))
        });
        let Converted { name: largest, files, rights } = converted?;
        for (name, bytes) in files {
            self.put(name, bytes).await?;
        }
        Ok(StoredImage { name: largest, rights, file_name: file_name(name) })
    }

    /// Returns a file; `None` if there is none of this name.
    pub(crate) async fn get(&self, name: ImageName) -> Result<Option<Bytes>, ImageStoreError> {
        self.store.get(name).await
    }

    /// Deletes the files of a picture whose record was deleted.
    pub(crate) async fn delete(&self, image: &ImageRecord) -> Result<(), ImageStoreError> {
        for name in image.name().sizes() {
            self.delete_file(name).await?;
        }
        Ok(())
    }

    /// Stores a file under its name.
    pub(crate) async fn put(&self, name: ImageName, bytes: Bytes) -> Result<(), ImageStoreError> {
        self.deletions.cancel(name);
        self.store.put(name, bytes).await
    }

    /// Deletes a file, or does so later while deletions are held.
    pub(crate) async fn delete_file(&self, name: ImageName) -> Result<(), ImageStoreError> {
        if self.deletions.defer(name) { Ok(()) } else { self.store.delete(name).await }
    }

    /// Lists the names of files like [`ImageStore::list`].
    pub(crate) async fn list(
        &self,
        after: Option<ImageName>,
    ) -> Result<Vec<ImageName>, ImageStoreError> {
        self.store.list(after).await
    }

    /// Makes deletions of files wait.
    pub(crate) fn hold_deletions(&self) -> HeldDeletions {
        HeldDeletions::new(Arc::clone(&self.deletions), Arc::clone(&self.store))
    }
}

impl StoredImage {
    /// Returns the picture for its record. What a person says about it counts more than what its
    /// file says.
    pub(crate) fn into_new(self, alt: Option<String>, credit: Option<String>) -> NewImage {
        let Self { name, rights, file_name } = self;
        NewImage {
            name,
            alt: alt.or(rights.alt),
            credit: credit.or(rights.credit),
            licence: rights.licence,
            file_name,
        }
    }
}

/// Returns the last part of a path on one line; some browsers send whole paths.
fn file_name(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_shown = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
    };
    let name: String = name.chars().filter(is_shown).take(MAX_FILE_NAME_LENGTH).collect();
    let name = name.trim();
    if name.is_empty() { "picture".to_owned() } else { name.to_owned() }
}
