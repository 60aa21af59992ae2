//! Pictures in a folder of the data folder, spread over 256 folders by the beginning of their id.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use gazette_domain::{ImageId, ImageName};
use tokio::task::spawn_blocking;

use super::{ImageStore, ImageStoreError, MAX_LISTED};

/// Digits of an id that name its folder.
const FOLDER_DIGITS: usize = 2;

/// Pictures in a folder.
#[derive(Clone, Debug)]
pub(crate) struct FolderStore {
    root: PathBuf,
    /// Number of the next temporary file.
    next: Arc<AtomicU64>,
}

impl FolderStore {
    /// Makes a store in a folder, which is created with the first picture.
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root, next: Arc::default() }
    }

    fn folder(&self, id: ImageId) -> PathBuf {
        let id = id.to_string();
        self.root.join(id.get(..FOLDER_DIGITS).unwrap_or(&id))
    }

    /// Returns the path of a file. A name has only digits, letters, a hyphen and a dot.
    fn path(&self, name: ImageName) -> PathBuf {
        self.folder(name.id).join(name.to_string())
    }

    /// Writes beside the file and renames, so that a file is whole or absent.
    fn write(&self, name: ImageName, bytes: &[u8]) -> io::Result<()> {
        let (folder, path) = (self.folder(name.id), self.path(name));
        fs::create_dir_all(&folder)?;
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let temporary = folder.join(format!(".{}-{number}", std::process::id()));
        let written = write_synced(&temporary, bytes).and_then(|()| fs::rename(&temporary, path));
        if written.is_err() {
            // The error that matters is that of writing.
            let _ = fs::remove_file(&temporary);
            return written;
        }
        // The names are durable once their folders are.
        File::open(&folder)?.sync_all()?;
        File::open(&self.root)?.sync_all()
    }
}

impl FolderStore {
    fn names(&self, after: Option<ImageName>) -> io::Result<Vec<ImageName>> {
        let after = after.map(|name| name.to_string()).unwrap_or_default();
        let mut names = Vec::new();
        for folder in sorted(&self.root)? {
            if after.get(..FOLDER_DIGITS).is_some_and(|begin| folder.as_str() < begin) {
                continue;
            }
            let files = sorted(&self.root.join(&folder))?.into_iter();
            let files = files.filter(|file| *file > after);
            names.extend(files.filter_map(|file| file.parse::<ImageName>().ok()));
            if names.len() >= MAX_LISTED {
                names.truncate(MAX_LISTED);
                break;
            }
        }
        Ok(names)
    }
}

/// Returns the names in a folder in their order; none if it does not exist.
fn sorted(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in if_found(fs::read_dir(folder))?.into_iter().flatten() {
        names.extend(entry?.file_name().into_string().ok());
    }
    names.sort_unstable();
    Ok(names)
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Runs file operations on a thread for them.
async fn blocking<T: Send + 'static>(
    task: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, ImageStoreError> {
    Ok(spawn_blocking(task).await.map_err(|_| ImageStoreError::Stopped)??)
}

/// Returns `None` for a file or folder that does not exist.
fn if_found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[async_trait]
impl ImageStore for FolderStore {
    async fn put(&self, name: ImageName, bytes: Bytes) -> Result<(), ImageStoreError> {
        let store = self.clone();
        blocking(move || store.write(name, &bytes)).await
    }

    async fn get(&self, name: ImageName) -> Result<Option<Bytes>, ImageStoreError> {
        let path = self.path(name);
        blocking(move || Ok(if_found(fs::read(path))?.map(Bytes::from))).await
    }

    async fn delete(&self, name: ImageName) -> Result<(), ImageStoreError> {
        let path = self.path(name);
        blocking(move || if_found(fs::remove_file(path)).map(drop)).await
    }

    async fn list(&self, after: Option<ImageName>) -> Result<Vec<ImageName>, ImageStoreError> {
        let store = self.clone();
        blocking(move || store.names(after)).await
    }
}
