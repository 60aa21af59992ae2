//! The first block of a store: which format follows it.

use redb::StorageBackend;

use super::fault::FileFault;

/// The format that is written here. Version 1 was a bare redb file without checksums.
pub(super) const VERSION: u32 = 2;

/// What a store begins with.
const MAGIC: [u8; 8] = *b"gazette\0";
/// What a store of version 1 begins with, which is what redb begins with.
const VERSION_1_MAGIC: [u8; 9] = *b"redb\x1A\x0A\xA9\x0D\x0A";
const VERSION_AT: usize = MAGIC.len();
const SUM_AT: usize = VERSION_AT + 4;
const LENGTH: usize = SUM_AT + 4;

/// Reads the version of a store.
///
/// # Errors
/// [`FileFault::Damaged`] when it does not begin as a store of any version does.
pub(super) fn read_version(file: &dyn StorageBackend) -> Result<u32, FileFault> {
    let mut start = [0; LENGTH];
    let length = file.len().map_err(FileFault::Read)?;
    if length < LENGTH as u64 {
        return Err(FileFault::damaged("the file is too short for a store"));
    }
    file.read(0, &mut start).map_err(FileFault::Read)?;
    if start.starts_with(&VERSION_1_MAGIC) {
        return Ok(1);
    }
    let (said, sum) = start.split_at(SUM_AT);
    if !said.starts_with(&MAGIC) || sum != crc32fast::hash(said).to_le_bytes() {
        return Err(FileFault::damaged("the file does not begin as a store does"));
    }
    let version = said.get(VERSION_AT..).and_then(|bytes| bytes.try_into().ok());
    Ok(version.map_or(0, u32::from_le_bytes))
}

/// Begins a store of the version that is written here.
pub(super) fn write_version(file: &dyn StorageBackend) -> Result<(), FileFault> {
    let mut start = Vec::with_capacity(LENGTH);
    start.extend_from_slice(&MAGIC);
    start.extend_from_slice(&VERSION.to_le_bytes());
    start.extend_from_slice(&crc32fast::hash(&start).to_le_bytes());
    file.write(0, &start).map_err(FileFault::Write)
}
