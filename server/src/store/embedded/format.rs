//! The first block of a store: a magic number and the version of the format.

use std::fs::File;
use std::io::Read as _;

use redb::StorageBackend;

use super::error::FileError;

/// The current version of the format. Version 1 was a plain redb file without checksums.
pub(super) const VERSION: u32 = 2;

/// The first bytes of a store.
const MAGIC: [u8; 8] = *b"gazette\0";
/// The first bytes of a store of version 1: those of a redb file.
const VERSION_1_MAGIC: [u8; 9] = *b"redb\x1A\x0A\xA9\x0D\x0A";
const VERSION_AT: usize = MAGIC.len();
const SUM_AT: usize = VERSION_AT + 4;
const LENGTH: usize = SUM_AT + 4;

/// Reads the version of a store.
///
/// # Errors
/// [`FileError::Damaged`] when the file does not begin like a store of any version.
pub(super) fn read_version(file: &dyn StorageBackend) -> Result<u32, FileError> {
    let mut start = [0; LENGTH];
    let length = file.len().map_err(FileError::Read)?;
    if length < LENGTH as u64 {
        return Err(FileError::damaged("the file is too short for a store"));
    }
    file.read(0, &mut start).map_err(FileError::Read)?;
    version(&start)
}

/// Reads the version from a file that another handle has locked.
pub(super) fn read_version_of(mut file: &File) -> Result<u32, FileError> {
    let mut start = [0; LENGTH];
    file.read_exact(&mut start).map_err(FileError::Read)?;
    version(&start)
}

fn version(start: &[u8; LENGTH]) -> Result<u32, FileError> {
    if start.starts_with(&VERSION_1_MAGIC) {
        return Ok(1);
    }
    let (content, sum) = start.split_at(SUM_AT);
    if !content.starts_with(&MAGIC) || sum != crc32fast::hash(content).to_le_bytes() {
        return Err(FileError::damaged("the file does not begin like a store"));
    }
    let version = content.get(VERSION_AT..).and_then(|bytes| bytes.try_into().ok());
    Ok(version.map_or(0, u32::from_le_bytes))
}

/// Writes the first block of a store of the current version.
pub(super) fn write_version(file: &dyn StorageBackend) -> Result<(), FileError> {
    let mut start = Vec::with_capacity(LENGTH);
    start.extend_from_slice(&MAGIC);
    start.extend_from_slice(&VERSION.to_le_bytes());
    start.extend_from_slice(&crc32fast::hash(&start).to_le_bytes());
    file.write(0, &start).map_err(FileError::Write)
}
