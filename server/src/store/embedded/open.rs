//! Opening of a store: its lock, its version, and errors that say what to do.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use redb::backends::FileBackend;
use redb::{Database, DatabaseError, StorageBackend};

use super::checked_file::CheckedFile;
use super::error::FileError;
use super::format;
use super::migration::migrate;
use super::transaction::{EXPIRIES, ITEMS};

/// Size of redb's cache of pages.
const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// The reason a store cannot be opened; the message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file does not exist and must not be created.
    #[error("no store at {0}; check GAZETTE_DATA_DIR")]
    Absent(String),
    /// Another process has opened it.
    #[error("the store {0} is in use by another process; stop the other gazette first")]
    InUse(String),
    /// A newer version of Gazette wrote it.
    #[error(
        "the store {path} has version {found}, but this gazette supports up to version {known}; update gazette"
    )]
    Newer {
        /// The file.
        path: String,
        /// Version of its format.
        found: u32,
        /// Newest supported version.
        known: u32,
    },
    /// The file cannot be read or is not a valid store.
    #[error("the store {path} cannot be opened: {source}")]
    Failed {
        /// The file.
        path: String,
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl OpenError {
    pub(super) fn failed(
        path: &Path,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Failed { path: path.display().to_string(), source: source.into() }
    }
}

/// Opens the store in a file, creates a missing one and migrates an older one.
pub(super) fn open_or_create(path: &Path) -> Result<Database, OpenError> {
    let absent = !path.try_exists().map_err(|error| OpenError::failed(path, error))?;
    if absent {
        return replace(path, |_| Ok(()));
    }
    open_and_migrate(path)
}

/// Opens the store in an existing file and migrates an older one.
pub(super) fn open_present(path: &Path) -> Result<Database, OpenError> {
    let absent = !path.try_exists().map_err(|error| OpenError::failed(path, error))?;
    if absent {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        return Err(OpenError::Absent(path.display().to_string()));
    }
    open_and_migrate(path)
}

/// Opens the store in an existing file.
pub(super) fn open_existing(path: &Path) -> Result<Database, OpenError> {
    open(path, Box::new(lock(path, OpenOptions::new().read(true).write(true))?))
}

/// Opens the store in a storage; creates one in an empty storage.
pub(super) fn open_storage(storage: Box<dyn StorageBackend>) -> Result<Database, OpenError> {
    let path = Path::new("in another storage");
    let empty = storage.len().map_err(|error| OpenError::failed(path, error))? == 0;
    if empty { create(path, storage) } else { open(path, storage) }
}

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

fn open_and_migrate(path: &Path) -> Result<Database, OpenError> {
    let storage = lock(path, OpenOptions::new().read(true).write(true))?;
    match format::read_version(&storage).map_err(|error| OpenError::failed(path, error))? {
        1 => migrate(path, storage),
        _ => open(path, Box::new(storage)),
    }
}

fn lock(path: &Path, options: &OpenOptions) -> Result<FileBackend, OpenError> {
    let failed = |error: std::io::Error| OpenError::failed(path, error);
    let file = options.open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(OpenError::InUse(path.display().to_string())),
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    FileBackend::new(file).map_err(|error| OpenError::failed(path, error))
}

fn create(path: &Path, storage: Box<dyn StorageBackend>) -> Result<Database, OpenError> {
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

fn open(path: &Path, storage: Box<dyn StorageBackend>) -> Result<Database, OpenError> {
    let version =
        format::read_version(&*storage).map_err(|error| OpenError::failed(path, error))?;
    if version > format::VERSION {
        let path = path.display().to_string();
        return Err(OpenError::Newer { path, found: version, known: format::VERSION });
    }
    let file = CheckedFile::new(storage);
    let length = file.len().map_err(|error| OpenError::failed(path, error))?;
    if version < format::VERSION || length == 0 {
        return Err(OpenError::failed(path, FileError::damaged("the store has no content")));
    }
    open_redb(path, file)
}

fn open_redb(path: &Path, file: CheckedFile) -> Result<Database, OpenError> {
    let mut builder = Database::builder();
    let opened = builder.set_cache_size(CACHE_BYTES).create_with_backend(file);
    opened.map_err(|error| match error {
        DatabaseError::DatabaseAlreadyOpen => OpenError::InUse(path.display().to_string()),
        error => OpenError::failed(path, redb::Error::from(error)),
    })
}
