//! A file of redb's in which every block carries a checksum.
//!
//! redb checks its pages only when it repairs, so a bit that flipped in a key or in an inner page
//! would make an item vanish without a word. Here nothing that was not written is ever read.
//!
//! | bytes | what |
//! |---|---|
//! | 0..512 | the format, see [`super::format`] |
//! | 512..1024 | redb's header and its checksum, in one sector, so that both are written or neither |
//! | 4096.. | redb's pages from the second on: 4096 bytes and their checksum each |

use std::io;
use std::ops::Bound;

use redb::{BackendError, StorageBackend};

use super::fault::FileFault;
use super::format;

/// The bytes of one of redb's pages.
const BLOCK: usize = 4096;
const SUM: usize = 4;
/// A block with its checksum.
const STRIDE: usize = BLOCK + SUM;
/// Where the header lies, and how much of it redb may use.
const HEADER_AT: u64 = 512;
const HEADER: usize = 512 - SUM;
/// Where the blocks begin.
const BLOCKS_AT: u64 = 4096;

/// A storage of redb's over another one.
#[derive(Debug)]
pub(super) struct CheckedFile {
    inner: Box<dyn StorageBackend>,
}

impl CheckedFile {
    /// Uses a store that has been begun.
    pub(super) fn new(inner: Box<dyn StorageBackend>) -> Self {
        Self { inner }
    }

    /// Begins a store in an empty storage.
    pub(super) fn create(inner: Box<dyn StorageBackend>) -> Result<Self, FileFault> {
        inner.set_len(BLOCKS_AT).map_err(FileFault::Write)?;
        format::write_version(&*inner)?;
        Ok(Self { inner })
    }

    fn read_header(&self, offset: usize, out: &mut [u8]) -> Result<(), FileFault> {
        let mut sector = [0; HEADER + SUM];
        self.inner.read(HEADER_AT, &mut sector).map_err(read_fault)?;
        let (header, sum) = sector.split_at(HEADER);
        if sum != checksum(0, header) {
            return Err(FileFault::damaged("the header of the store is damaged"));
        }
        let wanted = header.get(offset..offset.saturating_add(out.len()));
        out.copy_from_slice(wanted.ok_or_else(unaligned)?);
        Ok(())
    }

    fn write_header(&self, data: &[u8]) -> Result<(), FileFault> {
        let mut sector = data.to_vec();
        if sector.len() > HEADER {
            return Err(unaligned());
        }
        sector.resize(HEADER, 0);
        sector.extend(checksum(0, &sector));
        self.inner.write(HEADER_AT, &sector).map_err(FileFault::Write)
    }

    fn read_blocks(&self, offset: u64, out: &mut [u8]) -> Result<(), FileFault> {
        let first = first_block(offset, out.len())?;
        // Nearly every read is of one page, for which the stack has room.
        let (mut one, mut several);
        let stored: &mut [u8] = if out.len() == BLOCK {
            one = [0; STRIDE];
            &mut one
        } else {
            several = vec![0; out.len() / BLOCK * STRIDE];
            &mut several
        };
        self.inner.read(place(first), stored).map_err(read_fault)?;
        let blocks = stored.chunks_exact(STRIDE).zip(out.chunks_exact_mut(BLOCK));
        for (number, (stored, out)) in (first..).zip(blocks) {
            let (block, sum) = stored.split_at(BLOCK);
            if sum != checksum(number, block) {
                return Err(FileFault::damaged(format!("block {number} of the store is damaged")));
            }
            out.copy_from_slice(block);
        }
        Ok(())
    }

    fn write_blocks(&self, offset: u64, data: &[u8]) -> Result<(), FileFault> {
        let first = first_block(offset, data.len())?;
        let mut stored = Vec::with_capacity(data.len() / BLOCK * STRIDE);
        for (number, block) in (first..).zip(data.chunks_exact(BLOCK)) {
            stored.extend_from_slice(block);
            stored.extend(checksum(number, block));
        }
        self.inner.write(place(first), &stored).map_err(FileFault::Write)
    }
}

impl StorageBackend for CheckedFile {
    fn len(&self) -> io::Result<u64> {
        let length = self.inner.len().map_err(FileFault::Read)?;
        // A store that has only been begun is empty to redb, which then makes its header.
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
        self.inner.set_len(place(blocks + 1)).map_err(FileFault::Write)?;
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(self.inner.sync_data().map_err(FileFault::Write)?)
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

/// Where the block of this number lies; the header is block 0.
fn place(number: u64) -> u64 {
    BLOCKS_AT + number.saturating_sub(1) * STRIDE as u64
}

/// The number of the first of some whole blocks.
fn first_block(offset: u64, length: usize) -> Result<u64, FileFault> {
    let block = BLOCK as u64;
    if offset.is_multiple_of(block) && length.is_multiple_of(BLOCK) {
        return Ok(offset / block);
    }
    Err(unaligned())
}

/// The number of the block is part of it, so that a block in the wrong place is damaged.
fn checksum(number: u64, block: &[u8]) -> [u8; SUM] {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&number.to_le_bytes());
    hasher.update(block);
    hasher.finalize().to_le_bytes()
}

fn read_fault(error: io::Error) -> FileFault {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => FileFault::damaged("the file of the store is cut short"),
        _ => FileFault::Read(error),
    }
}

fn unaligned() -> FileFault {
    FileFault::Read(io::Error::from(io::ErrorKind::InvalidInput))
}
