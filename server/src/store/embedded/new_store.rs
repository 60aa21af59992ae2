//! New stores and the lock of a file.

use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use redb::backends::FileBackend;
use redb::{Database, DatabaseError, StorageBackend};

use super::checked_file::CheckedFile;
use super::open_error::OpenError;
use super::transaction::{EXPIRIES, ITEMS};

/// Permissions of a store: only its owner can read and write it.
const PRIVATE: u32 = 0o600;
/// Size of redb's cache of pages.
const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// Creates an empty store at the path; `None` if another process has just created one.
pub(super) fn create_new(path: &Path) -> Result<Option<Database>, OpenError> {
    let (new, storage) = lock_unfinished(path)?;
    // Only the process with this lock can rename the file to the path.
    if path.try_exists().map_err(|error| OpenError::failed(path, error))? {
        return Ok(None);
    }
    finish(path, &new, storage, |_| Ok(())).map(Some)
}

/// Creates a store in place of the one at the path, fills it with `fill` and returns it open.
pub(super) fn replace(
    path: &Path,
    fill: impl FnOnce(&Database) -> Result<(), OpenError>,
) -> Result<Database, OpenError> {
    let (new, storage) = lock_unfinished(path)?;
    finish(path, &new, storage, fill)
}

/// Opens the file in which a store is created. It is renamed at the end, so the path never has an
/// incomplete store.
fn lock_unfinished(path: &Path) -> Result<(PathBuf, FileBackend), OpenError> {
    let new = PathBuf::from(format!("{}.new", path.display()));
    let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).clone();
    let storage = lock(&new, &options)?;
    Ok((new, storage))
}

fn finish(
    path: &Path,
    new: &Path,
    storage: FileBackend,
    fill: impl FnOnce(&Database) -> Result<(), OpenError>,
) -> Result<Database, OpenError> {
    let failed = |error: std::io::Error| OpenError::failed(path, error);
    storage.set_len(0).map_err(failed)?;
    let database = create(new, Box::new(storage))?;
    fill(&database)?;
    std::fs::rename(new, path).map_err(failed)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // The new name is durable only after the folder was synced.
    File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(failed)?;
    Ok(database)
}

/// Opens a file for this process alone, and restricts its permissions to the owner.
pub(super) fn lock(path: &Path, options: &OpenOptions) -> Result<FileBackend, OpenError> {
    let failed = |error: std::io::Error| OpenError::failed(path, error);
    let mut options = options.clone();
    options.mode(PRIVATE);
    let file = options.open(path).map_err(failed)?;
    make_private(path, &file);
    lock_file(path, file)
}

/// Locks an open file for this process alone.
pub(super) fn lock_file(path: &Path, file: File) -> Result<FileBackend, OpenError> {
    let failed = |error: std::io::Error| OpenError::failed(path, error);
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(OpenError::InUse(path.display().to_string())),
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    FileBackend::new(file).map_err(|error| OpenError::failed(path, error))
}

/// Restricts the permissions to the owner: the store has password hashes and sessions.
fn make_private(path: &Path, file: &File) {
    let made_private = file.metadata().and_then(|metadata| {
        let mode = metadata.permissions().mode();
        if mode & !PRIVATE & 0o777 != 0 {
            file.set_permissions(Permissions::from_mode(PRIVATE))?;
        }
        Ok(())
    });
    if let Err(error) = made_private {
        // A volume may not have permissions, or another owner.
        tracing::warn!(path = %path.display(), %error, "other users may be able to read the store");
    }
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
