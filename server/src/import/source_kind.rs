//! Which system a file comes from.

use std::fs::File;
use std::io::{Read as _, Result};
use std::path::Path;

/// Bytes that are looked at.
const HEAD_BYTES: u64 = 64 * 1024;

/// The system that a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SourceKind {
    /// An export of WordPress.
    WordPress,
    /// An export of Ghost.
    Ghost,
    /// Another file, such as an export of Gazette.
    Other,
}

/// Recognizes a file by its beginning.
///
/// # Errors
/// The error of the system when the file cannot be read.
pub(crate) fn source_kind(path: &Path) -> Result<SourceKind> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(kind_of(&String::from_utf8_lossy(&head)))
}

fn kind_of(head: &str) -> SourceKind {
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let is_feed = head.contains("<rss") || head.contains("<channel");
    if head.starts_with('<') && is_feed && head.contains("wordpress.org/export/") {
        return SourceKind::WordPress;
    }
    let compact: String = head.chars().filter(|c| !c.is_whitespace()).take(4_000).collect();
    let is_ghost = compact.starts_with("{\"db\":[{")
        || compact.starts_with("{\"data\":{")
        || compact.starts_with("{\"meta\":{");
    if is_ghost { SourceKind::Ghost } else { SourceKind::Other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_recognized_by_their_beginning() {
        let rss =
            "\u{feff}<?xml version=\"1.0\"?>\n<rss xmlns:wp=\"http://wordpress.org/export/1.2/\">";
        for (head, kind) in [
            (rss, SourceKind::WordPress),
            ("<?xml?><rss>", SourceKind::Other),
            ("{\n \"db\": [ {\"meta\"", SourceKind::Ghost),
            ("{\"meta\":{\"exported_on\":1}", SourceKind::Ghost),
            ("{\"gazette_export\":1}", SourceKind::Other),
            ("", SourceKind::Other),
        ] {
            assert_eq!(kind_of(head), kind, "{head}");
        }
    }
}
