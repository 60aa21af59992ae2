//! Output of the commands. The log goes to stderr separately.

use std::io::Write as _;

/// Prints a line to stdout. A closed pipe is not an error.
pub(super) fn print_line(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Returns stdout for output that is written in parts.
pub(super) fn stdout() -> std::io::Stdout {
    std::io::stdout()
}

/// Prints a line about the outcome to stderr, where stdout has the content itself.
pub(super) fn note_line(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints an error to stderr.
pub(super) fn error_line(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "gazette: {line}");
}
