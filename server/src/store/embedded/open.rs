//! Opening of a store by its version.

mod unchanged_file;

use std::fs::OpenOptions;
use std::path::Path;

use redb::backends::FileBackend;
use redb::{Database, StorageBackend};

use self::unchanged_file::UnchangedFile;
use super::checked_file::CheckedFile;
use super::error::FileError;
use super::format;
use super::migration::migrate;
use super::new_store::{create, create_new, lock, lock_file, open_redb};
use super::open_error::OpenError;

/// Opens the store in a file, creates a missing one and migrates an older one.
pub(super) fn open_or_create(path: &Path) -> Result<Database, OpenError> {
    let absent = !path.try_exists().map_err(|error| OpenError::failed(path, error))?;
    if absent && let Some(database) = create_new(path)? {
        return Ok(database);
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

/// Checks that this version can open an existing file, without opening it. A file that another
/// process has opened is not checked.
pub(super) fn check(path: &Path) -> Result<(), OpenError> {
    let Some(storage) = lock_for_check(path)? else { return Ok(()) };
    let version = format::read_version(&storage).map_err(|error| OpenError::failed(path, error))?;
    check_version(path, version)?;
    if version == format::VERSION {
        with_content(path, Box::new(storage)).map(drop)
    } else {
        Ok(())
    }
}

/// Opens an existing file and leaves it as it is: a repair is made in memory. A file that another
/// process has opened, or that is to be migrated, is not checked.
pub(super) fn check_content(path: &Path) -> Result<(), OpenError> {
    let Some(storage) = lock_for_check(path)? else { return Ok(()) };
    let version = format::read_version(&storage).map_err(|error| OpenError::failed(path, error))?;
    if version < format::VERSION {
        return Ok(());
    }
    let storage = UnchangedFile::new(storage).map_err(|error| OpenError::failed(path, error))?;
    open(path, Box::new(storage)).map(drop)
}

/// Locks an existing file that no other process has opened.
fn lock_for_check(path: &Path) -> Result<Option<FileBackend>, OpenError> {
    // A folder that cannot be read is reported by its own check.
    if !path.exists() {
        return Ok(None);
    }
    let file = OpenOptions::new().read(true).write(true).open(path);
    let file = file.map_err(|error| OpenError::failed(path, error))?;
    match lock_file(path, file) {
        Ok(storage) => Ok(Some(storage)),
        Err(OpenError::InUse(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn check_version(path: &Path, version: u32) -> Result<(), OpenError> {
    if version > format::VERSION {
        let path = path.display().to_string();
        return Err(OpenError::Newer { path, found: version, known: format::VERSION });
    }
    Ok(())
}

fn open_and_migrate(path: &Path) -> Result<Database, OpenError> {
    let storage = lock(path, OpenOptions::new().read(true).write(true))?;
    match format::read_version(&storage).map_err(|error| OpenError::failed(path, error))? {
        1 => migrate(path, storage),
        _ => open(path, Box::new(storage)),
    }
}

fn open(path: &Path, storage: Box<dyn StorageBackend>) -> Result<Database, OpenError> {
    let version =
        format::read_version(&*storage).map_err(|error| OpenError::failed(path, error))?;
    check_version(path, version)?;
    if version < format::VERSION {
        return Err(OpenError::failed(path, FileError::damaged("the store has no content")));
    }
    let file = with_content(path, storage)?;
    open_redb(path, file)
}

/// Returns the checked file of a store that has a valid header.
fn with_content(path: &Path, storage: Box<dyn StorageBackend>) -> Result<CheckedFile, OpenError> {
    let file = CheckedFile::new(storage);
    if file.len().map_err(|error| OpenError::failed(path, error))? == 0 {
        return Err(OpenError::failed(path, FileError::damaged("the store has no content")));
    }
    let mut first = [0];
    file.read(0, &mut first).map_err(|error| OpenError::failed(path, error))?;
    Ok(file)
}
