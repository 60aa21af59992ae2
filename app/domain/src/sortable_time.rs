//! Times as text, so that the order of texts is that of the times.

use jiff::Timestamp;

/// Has a fixed width.
const FORMAT: &str = "%Y-%m-%dT%H:%M:%S.%3fZ";

/// Returns a time as text, in UTC and to the millisecond.
pub(crate) fn sortable(time: Timestamp) -> String {
    time.strftime(FORMAT).to_string()
}
