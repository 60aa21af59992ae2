//! The lines of an export.

use gazette_table::{Item, Key};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The layout of the lines; a file of another one is refused.
pub(super) const FORMAT: u32 = 1;

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Line {
    /// The first one.
    Head {
        /// Which layout the lines have.
        gazette_export: u32,
    },
    /// An item.
    Item(ItemLine),
    /// The last one, without which the file was cut off.
    Foot {
        /// How many items there are.
        items: usize,
    },
}

/// An item as a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemLine {
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
        Self { partition, sort, version, expires_at, body }
    }
}

impl From<ItemLine> for Item {
    fn from(line: ItemLine) -> Self {
        let ItemLine { partition, sort, version, expires_at, body } = line;
        Self { key: Key { partition, sort }, version, expires_at, body }
    }
}
