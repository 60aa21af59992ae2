//! The bytes of a picture, as decoders read them until a deadline.

use std::cell::Cell;
use std::io::{self, BufRead, Cursor, Read, Seek, SeekFrom};
use std::rc::Rc;
use std::time::Instant;

use super::super::error::ImageError;
use super::super::sniff::SourceFormat;

/// Reads between two looks at the clock. Decoders read single bytes.
const READS_BETWEEN_CHECKS: u32 = 256;

/// The bytes of a picture.
pub(super) struct Source<'a> {
    format: SourceFormat,
    bytes: &'a [u8],
    deadline: Instant,
    outcome: Rc<Cell<Outcome>>,
}

/// Reader of a [`Source`].
pub(super) struct SourceReader<'a> {
    cursor: Cursor<&'a [u8]>,
    deadline: Instant,
    reads: u32,
    outcome: Rc<Cell<Outcome>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Reading,
    /// The decoder wanted more bytes than there are.
    Ended,
    /// The deadline has passed.
    Late,
}

impl<'a> Source<'a> {
    pub(super) fn new(format: SourceFormat, bytes: &'a [u8], deadline: Instant) -> Self {
        Self { format, bytes, deadline, outcome: Rc::new(Cell::new(Outcome::Reading)) }
    }

    /// Returns a reader from the beginning.
    pub(super) fn reader(&self) -> SourceReader<'a> {
        let outcome = Rc::clone(&self.outcome);
        SourceReader { cursor: Cursor::new(self.bytes), deadline: self.deadline, reads: 0, outcome }
    }

    /// Returns the error of a decoder that failed.
    pub(super) fn error(&self) -> ImageError {
        match self.outcome.get() {
            Outcome::Late => ImageError::TooSlow,
            Outcome::Ended => ImageError::Truncated,
            Outcome::Reading => ImageError::Damaged(self.format.name()),
        }
    }

    /// Returns the error of a feature that the decoder lacks.
    pub(super) fn unsupported(&self, feature: &'static str) -> ImageError {
        ImageError::UnsupportedFeature { format: self.format.name(), feature }
    }

    /// Checks the deadline.
    pub(super) fn check_time(&self) -> Result<(), ImageError> {
        if Instant::now() > self.deadline { Err(ImageError::TooSlow) } else { Ok(()) }
    }
}

impl SourceReader<'_> {
    fn check_time(&mut self) -> io::Result<()> {
        self.reads += 1;
        if self.reads.is_multiple_of(READS_BETWEEN_CHECKS) && Instant::now() > self.deadline {
            self.outcome.set(Outcome::Late);
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok(())
    }
}

impl Read for SourceReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.check_time()?;
        let read = self.cursor.read(buffer)?;
        if read == 0 && !buffer.is_empty() {
            self.outcome.set(Outcome::Ended);
        }
        Ok(read)
    }
}

impl BufRead for SourceReader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.check_time()?;
        let buffer = self.cursor.fill_buf()?;
        if buffer.is_empty() {
            self.outcome.set(Outcome::Ended);
        }
        Ok(buffer)
    }

    fn consume(&mut self, amount: usize) {
        self.cursor.consume(amount);
    }
}

impl Seek for SourceReader<'_> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.cursor.seek(position)
    }
}
