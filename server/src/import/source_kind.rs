//! Which system a file comes from.

use std::fs::File;
use std::io::{Read as _, Result};
use std::path::Path;

/// Bytes that are looked at.
const HEAD_BYTES: u64 = 64 * 1024;
/// The reason for any other file.
const UNREADABLE: &str = "cannot be imported; name a folder of Markdown files, or an export of \
                          WordPress (.xml), Ghost (.json) or Gazette (.ndjson)";

/// The system that a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SourceKind {
    /// An export of WordPress.
    WordPress,
    /// An export of Ghost.
    Ghost,
    /// A file that nothing can be imported from, and what it is.
    Unknown(&'static str),
    /// An export of Gazette.
    Gazette,
}

/// Recognizes a file by its beginning.
///
/// # Errors
/// The error of the system when the file cannot be read.
pub(crate) fn source_kind(path: &Path) -> Result<SourceKind> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(match head.as_slice() {
        [b'P', b'K', ..] | [0x1f, 0x8b, ..] => {
            SourceKind::Unknown("is an archive; unpack it first")
        }
        head => kind_of(&String::from_utf8_lossy(head)),
    })
}

fn kind_of(head: &str) -> SourceKind {
    let head = head.trim_start_matches('\u{feff}').trim_start();
    if head.is_empty() {
        return SourceKind::Unknown("is empty");
    }
    let is_feed = head.contains("<rss") || head.contains("<channel");
    if head.starts_with('<') && is_feed && head.contains("wordpress.org/export/") {
        return SourceKind::WordPress;
    }
    if head.starts_with('<') {
        let reason = "is not an export of WordPress; make one with Tools, Export, All content";
        return SourceKind::Unknown(reason);
    }
    let compact: String = head.chars().filter(|c| !c.is_whitespace()).take(4_000).collect();
    let is_ghost = compact.starts_with("{\"db\":[{")
        || compact.starts_with("{\"data\":{")
        || compact.starts_with("{\"meta\":{");
    if is_ghost {
        return SourceKind::Ghost;
    }
    if compact.starts_with("{\"gazette_export\"") {
        return SourceKind::Gazette;
    }
    let is_json = head.starts_with(['{', '[']);
    SourceKind::Unknown(if is_json { "is not an export of Gazette or Ghost" } else { UNREADABLE })
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
            ("{\n \"db\": [ {\"meta\"", SourceKind::Ghost),
            ("{\"meta\":{\"exported_on\":1}", SourceKind::Ghost),
            ("{\"gazette_export\":1}", SourceKind::Gazette),
        ] {
            assert_eq!(kind_of(head), kind, "{head}");
        }
        assert_eq!(kind_of("---\ntitle: x\n---\n"), SourceKind::Unknown(UNREADABLE));
        for head in ["", "<?xml?><rss>", "<html>", "[1]", "{\"a\": 1}"] {
            assert!(matches!(kind_of(head), SourceKind::Unknown(_)), "{head}");
        }
    }
}
