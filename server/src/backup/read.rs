//! Reading the files of a backup one after the other, and checking it at its end.

use std::io::Read;

use aws_lc_rs::digest::{Context, SHA256};

use super::archive::hex;
use super::entry::Entry;
use super::tar::{BLOCK, Header, padding};

/// A file cannot be read as a backup.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    /// Its beginning is that of another file.
    #[error("it is not a backup of Gazette")]
    NotABackup,
    /// Its checksum is wrong, or it ends early.
    #[error("it is damaged or cut off: {0}; use another copy of it")]
    Damaged(&'static str),
    /// The system cannot read it.
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

/// Reads a backup.
pub(super) struct Reader<R> {
    input: R,
    sum: Context,
    is_begun: bool,
}

impl<R: Read> Reader<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, sum: Context::new(&SHA256), is_begun: false }
    }

    /// Returns the next file; `None` after the last one, when the checksum was right.
    pub(super) fn next(&mut self) -> Result<Option<(Entry, Vec<u8>)>, ReadError> {
        let block = self.read(BLOCK as u64).map_err(|error| self.early(error))?;
        let header = Header::of_block(&block);
        let entry = header.as_ref().and_then(|header| Entry::of_path(&header.name));
        let (Some(entry), Some(header)) = (entry, header) else {
            return Err(self.early(ReadError::Damaged("it holds something that is not known")));
        };
        if (entry == Entry::First) == self.is_begun || header.size > entry.max_bytes() {
            return Err(self.early(ReadError::Damaged("its files are not in their order")));
        }
        self.is_begun = true;
        if entry == Entry::Last {
            return self.check(&header).map(|()| None);
        }
        self.sum.update(&block);
        let mut content = self.read(header.size)?;
        let filling = self.read(padding(header.size) as u64)?;
        self.sum.update(&content);
        self.sum.update(&filling);
        content.shrink_to_fit();
        Ok(Some((entry, content)))
    }

    /// An error in the first file says that this is something else.
    fn early(&self, error: ReadError) -> ReadError {
        match error {
            ReadError::Damaged(_) if !self.is_begun => ReadError::NotABackup,
            error => error,
        }
    }

    /// Compares the checksum with that of everything before it, and reads to the end.
    fn check(&mut self, header: &Header) -> Result<(), ReadError> {
        let expected = format!("{}\n", hex(self.sum.clone().finish().as_ref()));
        if self.read(header.size)? != expected.as_bytes() {
            return Err(ReadError::Damaged("its checksum is wrong"));
        }
        let end = padding(header.size).saturating_add(2 * BLOCK);
        let rest = self.read(end as u64)?;
        if rest.iter().any(|byte| *byte != 0) || self.input.read(&mut [0])? != 0 {
            return Err(ReadError::Damaged("something follows its end"));
        }
        Ok(())
    }

    fn read(&mut self, size: u64) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::new();
        (&mut self.input).take(size).read_to_end(&mut bytes)?;
        if bytes.len() as u64 == size {
            return Ok(bytes);
        }
        Err(ReadError::Damaged("its end is missing"))
    }
}
