//! A storage for redb in which every block has a checksum.
//!
//! redb checks its pages only during a repair, so a flipped bit in a key or an inner page could make
//! an item disappear silently. With checksums, a damaged block is an error.
//!
//! | bytes | content |
//! |---|---|
//! | 0..512 | the format, see [`super::format`] |
//! | 512..1024 | redb's header and its checksum, in one sector, which is written atomically |
//! | 4096.. | redb's pages from the second on: 4096 bytes and their checksum each |

use std::io;
use std::ops::Bound;

use redb::{BackendError, StorageBackend};

use super::error::FileError;
use super::format;

/// Size of a page of redb.
const BLOCK: usize = 4096;
/// Size of a checksum.
const SUM: usize = 4;
/// Size of a block with its checksum.
const STRIDE: usize = BLOCK + SUM;
/// Offset of the header.
const HEADER_AT: u64 = 512;
/// The part of the header that redb uses.
const HEADER: usize = 512 - SUM;
/// Offset of the first block.
const BLOCKS_AT: u64 = 4096;

/// A storage that checks and writes checksums on top of another storage.
#[derive(Debug)]
pub(super) struct CheckedFile {
    inner: Box<dyn StorageBackend>,
}

impl CheckedFile {
    /// Wraps a storage with a store.
    pub(super) fn new(inner: Box<dyn StorageBackend>) -> Self {
        Self { inner }
    }

    /// Creates a store in an empty storage.
    pub(super) fn create(inner: Box<dyn StorageBackend>) -> Result<Self, FileError> {
        inner.set_len(BLOCKS_AT).map_err(FileError::Write)?;
        format::write_version(&*inner)?;
        Ok(Self { inner })
    }

    fn read_header(&self, offset: usize, out: &mut [u8]) -> Result<(), FileError> {
        let mut sector = [0; HEADER + SUM];
        self.inner.read(HEADER_AT, &mut sector).map_err(read_error)?;
        let (header, sum) = sector.split_at(HEADER);
        if sum != checksum(0, header) {
            return Err(FileError::damaged("the header of the store is damaged"));
        }
        let wanted = header.get(offset..offset.saturating_add(out.len()));
        out.copy_from_slice(wanted.ok_or_else(unaligned)?);
        Ok(())
    }

    fn write_header(&self, data: &[u8]) -> Result<(), FileError> {
        let mut sector = data.to_vec();
        if sector.len() > HEADER {
            return Err(unaligned());
        }
        sector.resize(HEADER, 0);
        sector.extend(checksum(0, &sector));
        self.inner.write(HEADER_AT, &sector).map_err(FileError::Write)
    }

    fn read_blocks(&self, offset: u64, out: &mut [u8]) -> Result<(), FileError> {
        let first = first_block(offset, out.len())?;
        // Nearly every read is of one page, which fits on the stack.
        let (mut one, mut several);
        let stored: &mut [u8] = if out.len() == BLOCK {
            one = [0; STRIDE];
            &mut one
        } else {
            several = vec![0; out.len() / BLOCK * STRIDE];
            &mut several
        };
        self.inner.read(block_offset(first), stored).map_err(read_error)?;
        let blocks = stored.chunks_exact(STRIDE).zip(out.chunks_exact_mut(BLOCK));
        for (number, (stored, out)) in (first..).zip(blocks) {
            let (block, sum) = stored.split_at(BLOCK);
            if sum != checksum(number, block) {
                return Err(FileError::damaged(format!("block {number} of the store is damaged")));
            }
            out.copy_from_slice(block);
        }
        Ok(())
    }

    fn write_blocks(&self, offset: u64, data: &[u8]) -> Result<(), FileError> {
        let first = first_block(offset, data.len())?;
        let mut stored = Vec::with_capacity(data.len() / BLOCK * STRIDE);
        for (number, block) in (first..).zip(data.chunks_exact(BLOCK)) {
            stored.extend_from_slice(block);
            stored.extend(checksum(number, block));
        }
        self.inner.write(block_offset(first), &stored).map_err(FileError::Write)
    }
}

impl StorageBackend for CheckedFile {
    fn len(&self) -> io::Result<u64> {
        let length = self.inner.len().map_err(FileError::Read)?;
        // A store without blocks must appear empty to redb, which then writes its header.
        let blocks = length.saturating_sub(BLOCKS_AT) / STRIDE as u64;
        Ok(if length <= BLOCKS_AT { 0 } else { (blocks + 1) * BLOCK as u64 })
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        match usize::try_from(offset) {
            Ok(within) if within < BLOCK => self.read_header(within, out)?,
            _ => self.read_blocks(offset, out)?,
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let blocks = (len / BLOCK as u64).saturating_sub(1);
        self.inner.set_len(block_offset(blocks + 1)).map_err(FileError::Write)?;
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(self.inner.sync_data().map_err(FileError::Write)?)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        match offset {
            0 => self.write_header(data)?,
            _ => self.write_blocks(offset, data)?,
        }
        Ok(())
    }

    fn close(&self) -> io::Result<()> {
        self.inner.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.inner.try_lock_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.inner.unlock_range(start, end)
    }
}

/// Returns the offset of a block; the header is block 0.
fn block_offset(number: u64) -> u64 {
    BLOCKS_AT + number.saturating_sub(1) * STRIDE as u64
}

/// Returns the number of the first block of a range of whole blocks.
fn first_block(offset: u64, length: usize) -> Result<u64, FileError> {
    let block = BLOCK as u64;
    if offset.is_multiple_of(block) && length.is_multiple_of(BLOCK) {
        return Ok(offset / block);
    }
    Err(unaligned())
}

/// Includes the number of the block, so that a block at the wrong offset is detected.
fn checksum(number: u64, block: &[u8]) -> [u8; SUM] {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&number.to_le_bytes());
    hasher.update(block);
    hasher.finalize().to_le_bytes()
}

fn read_error(error: io::Error) -> FileError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => FileError::damaged("the file of the store is cut short"),
        _ => FileError::Read(error),
    }
}

fn unaligned() -> FileError {
    FileError::Read(io::Error::from(io::ErrorKind::InvalidInput))
}
