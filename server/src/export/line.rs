//! The lines of an export file.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::sync::Arc;

use gazette_table::{Item, Key};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Version of the file format; files of other versions are refused.
pub(super) const FORMAT: u32 = 1;
/// Maximum length of a line in bytes: an item as JSON with every character escaped.
const MAX_LINE_BYTES: u64 = 4 * 1024 * 1024;

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Line {
    /// The first line.
    Head {
        /// Version of the file format.
        gazette_export: u32,
    },
    /// An item.
    Item(ItemLine),
    /// The last line; a file without it is incomplete.
    Foot {
        /// Number of items in the file.
        items: usize,
    },
}

/// An item as a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ItemLine {
    partition: String,
    sort: String,
    version: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<i64>,
    body: Value,
}

impl From<Item> for ItemLine {
    fn from(item: Item) -> Self {
        let Item { key: Key { partition, sort }, version, expires_at, body } = item;
        Self { partition, sort, version, expires_at, body: Arc::unwrap_or_clone(body) }
    }
}

impl From<ItemLine> for Item {
    fn from(line: ItemLine) -> Self {
        let ItemLine { partition, sort, version, expires_at, body } = line;
        Self { key: Key { partition, sort }, version, expires_at, body: body.into() }
    }
}

/// Reads a file line by line, each of limited length.
pub(super) struct LineReader {
    reader: BufReader<File>,
    /// Number of the last line, from 1.
    pub(super) number: usize,
    /// Number of bytes read so far.
    pub(super) bytes: u64,
}

impl LineReader {
    pub(super) fn new(file: File) -> Self {
        Self { reader: BufReader::new(file), number: 0, bytes: 0 }
    }

    /// Returns the next line; `None` at the end of the file.
    pub(super) fn next(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        self.reader.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        self.bytes += line.len() as u64;
        Ok(Some(line))
    }
}
