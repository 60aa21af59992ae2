//! Replacement of a part of a text, in bytes.

/// Replacement in bytes.
#[derive(Debug)]
pub(super) struct Replacement {
    /// First byte.
    pub(super) start: usize,
    /// Byte after the last.
    pub(super) end: usize,
    /// New text.
    pub(super) text: String,
    /// Start of the selection, from the start of the new text.
    pub(super) select_start: usize,
    /// End of the selection, from the start of the new text.
    pub(super) select_end: usize,
}

/// Returns a part of a text; empty when the offsets are not in it.
pub(super) fn part(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}
