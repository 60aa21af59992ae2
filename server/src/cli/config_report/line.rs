//! A line of the report.

use std::fmt::Display;

/// Returns a line with a name and a value.
pub(super) fn line(name: &str, value: impl Display) -> String {
    format!("{name:<16} {value}").trim_end().to_owned()
}
