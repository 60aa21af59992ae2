//! The one place that writes to the terminal; everything else goes to the log.

/// Writes a line for people or scripts.
#[expect(clippy::print_stdout, reason = "this is where commands speak")]
pub(super) fn say(line: impl std::fmt::Display) {
    println!("{line}");
}

/// Writes a line about what went wrong.
#[expect(clippy::print_stderr, reason = "this is where commands complain")]
pub(super) fn complain(line: impl std::fmt::Display) {
    eprintln!("gazette: {line}");
}
