//! New stores and the lock of a file.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use redb::backends::FileBackend;
use redb::{Database, DatabaseError, StorageBackend};

use super::checked_file::CheckedFile;
use super::open_error::OpenError;
use super::transaction::{EXPIRIES, ITEMS};

/// Size of redb's cache of pages.
const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// Creates a store at the path, fills it with `fill` and returns it open.
///
/// It is created under another name and renamed at the end, so the path never has an incomplete
/// store.
pub(super) fn replace(
    path: &Path,
    fill: impl FnOnce(&Database) -> Result<(), OpenError>,
) -> Result<Database, OpenError> {
    let failed = |error: std::io::Error| OpenError::failed(path, error);
    let new = PathBuf::from(format!("{}.new", path.display()));
    let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).clone();
    let storage = lock(&new, &options)?;
    storage.set_len(0).map_err(failed)?;
    let database = create(&new, Box::new(storage))?;
    fill(&database)?;
    std::fs::rename(&new, path).map_err(failed)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // The new name is durable only after the folder was synced.
    File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(failed)?;
    Ok(database)
}

/// Opens a file for this process alone.
pub(super) fn lock(path: &Path, options: &OpenOptions) -> Result<FileBackend, OpenError> {
    let failed = |error: std::io::Error| OpenError::failed(path, error);
    let file = options.open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(OpenError::InUse(path.display().to_string())),
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    FileBackend::new(file).map_err(|error| OpenError::failed(path, error))
}

/// Creates an empty store in a storage.
pub(super) fn create(path: &Path, storage: Box<dyn StorageBackend>) -> Result<Database, OpenError> {
    let file = CheckedFile::create(storage).map_err(|error| OpenError::failed(path, error))?;
    let database = open_redb(path, file)?;
    let failed = |error: redb::Error| OpenError::failed(path, error);
    let mut transaction = database.begin_write().map_err(|error| failed(error.into()))?;
    transaction.set_quick_repair(true);
    transaction.open_table(ITEMS).map_err(|error| failed(error.into()))?;
    transaction.open_table(EXPIRIES).map_err(|error| failed(error.into()))?;
    transaction.commit().map_err(|error| failed(error.into()))?;
    Ok(database)
}

/// Opens or creates the redb database in a checked file.
pub(super) fn open_redb(path: &Path, file: CheckedFile) -> Result<Database, OpenError> {
    let mut builder = Database::builder();
    let opened = builder.set_cache_size(CACHE_BYTES).create_with_backend(file);
    opened.map_err(|error| match error {
        DatabaseError::DatabaseAlreadyOpen => OpenError::InUse(path.display().to_string()),
        error => OpenError::failed(path, redb::Error::from(error)),
    })
}
