//! A reader that refuses to give more than a limit at once.

use std::io::{BufRead, Error, Read, Result};

/// Input with a limit, which is renewed at each step.
pub(super) struct LimitedReader<R> {
    input: R,
    left: usize,
    limit: usize,
}

impl<R> LimitedReader<R> {
    /// Limits an input.
    pub(super) fn new(input: R, limit: usize) -> Self {
        Self { input, left: limit, limit }
    }

    /// Begins a new step.
    pub(super) fn renew(&mut self) {
        self.left = self.limit;
    }
}

impl<R: BufRead> Read for LimitedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let size = self.fill_buf()?.read(buffer)?;
        self.consume(size);
        Ok(size)
    }
}

impl<R: BufRead> BufRead for LimitedReader<R> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        if self.left == 0 {
            return Err(Error::other(format!("it has more than {} bytes", self.limit)));
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, size: usize) {
        self.left = self.left.saturating_sub(size);
        self.input.consume(size);
    }
}
