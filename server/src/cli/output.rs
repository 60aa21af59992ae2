//! Output of the commands. The log goes to stderr separately.

use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::sync::{Mutex, PoisonError};

/// The first line that could not be written.
static LOST: Mutex<Option<StdoutError>> = Mutex::new(None);

/// Error writing to stdout.
#[derive(Debug, thiserror::Error)]
#[error("cannot write to stdout: {0}")]
struct StdoutError(io::Error);

/// Prints a line to stdout. An error of it is that of [`finish`].
pub(super) fn print_line(line: impl fmt::Display) {
    if let Err(error) = writeln!(io::stdout(), "{line}")
        && error.kind() != ErrorKind::BrokenPipe
    {
        LOST.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(StdoutError(error));
    }
}

/// Ends the output of a command: fails if a line was lost. A closed pipe is not an error, since its
/// reader has what it wanted.
pub(super) fn finish() -> anyhow::Result<()> {
    let lost = LOST.lock().unwrap_or_else(PoisonError::into_inner).take();
    lost.map_or(Ok(()), |error| Err(error.into()))
}

/// Returns stdout for output that is written in parts.
pub(super) fn stdout() -> Stdout {
    Stdout(io::stdout())
}

/// Stdout, whose errors tell that they are its own.
pub(super) struct Stdout(io::Stdout);

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(own)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(own)
    }
}

fn own(error: io::Error) -> io::Error {
    match error.kind() {
        // `write_all` repeats it.
        ErrorKind::Interrupted => error,
        kind => io::Error::new(kind, StdoutError(error)),
    }
}

/// Checks for the error of a list whose reader closed the pipe, which ends the list.
pub(super) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|error| {
        let own = error.get_ref().and_then(|inner| inner.downcast_ref::<StdoutError>());
        own.is_some_and(|own| own.0.kind() == ErrorKind::BrokenPipe)
    })
}

/// Prints a line about the outcome to stderr, where stdout has the content itself.
pub(super) fn note_line(line: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Prints an error to stderr.
pub(super) fn error_line(line: impl fmt::Display) {
    let _ = writeln!(io::stderr(), "gazette: {line}");
}
