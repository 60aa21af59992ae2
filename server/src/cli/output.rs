//! The one place that writes to the terminal; everything else goes to the log.

use std::io::Write as _;

/// Writes a line for people or scripts; nobody may be listening any more.
pub(super) fn say(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes a line about what went wrong.
pub(super) fn complain(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "gazette: {line}");
}
