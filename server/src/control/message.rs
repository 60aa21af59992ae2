//! The messages of the socket.

use gazette_domain::ImageName;
use gazette_table::{Condition, Item, Key, TableError, Write};
use serde::{Deserialize, Serialize};

use crate::export::ItemLine;

/// The first message of a command. Its names stay in every version, so that different versions can
/// refuse each other.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Hello {
    /// Version, commit and target of the command's binary.
    pub(super) gazette: String,
    /// Name of the command, for the log.
    pub(super) command: String,
}

/// The first answer of the running process.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Welcome {
    /// Version, commit and target of its binary.
    pub(super) gazette: String,
    /// Facts, unless the command is refused.
    pub(super) facts: Option<ServerFacts>,
}

/// Settings of the running process that commands depend on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ServerFacts {
    /// The embedded pool is in use.
    pub(crate) has_own_pool: bool,
    /// Origin of the site.
    pub(crate) public_url: String,
    /// Name of the time zone of the site.
    pub(crate) time_zone: String,
}

/// A call of a command.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Call {
    Get {
        keys: Vec<WireKey>,
    },
    Query {
        partition: String,
        after: Option<String>,
        before: Option<String>,
        descending: bool,
        limit: usize,
    },
    Scan {
        after: Option<WireKey>,
        limit: usize,
    },
    Write {
        batch: Vec<WireWrite>,
    },
    PutImage {
        name: String,
    },
    GetImage {
        name: String,
    },
    DeleteImage {
        name: String,
    },
    ListImages {
        after: Option<String>,
    },
    Backup,
}

/// An answer of the running process.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    Items {
        items: Vec<Option<ItemLine>>,
    },
    /// The last items of a page.
    PageEnd {
        items: Vec<Option<ItemLine>>,
        more: bool,
    },
    Done,
    /// The bytes of the frame are the file.
    File,
    NoFile,
    Names {
        names: Vec<String>,
    },
    /// The bytes of the frame are the next ones of a backup.
    Part,
    TableFailed(WireTableError),
    Failed {
        reason: String,
    },
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WireKey(String, String);

impl From<&Key> for WireKey {
    fn from(key: &Key) -> Self {
        Self(key.partition.clone(), key.sort.clone())
    }
}

impl From<WireKey> for Key {
    fn from(key: WireKey) -> Self {
        Self::new(key.0, key.1)
    }
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum WireCondition {
    Any,
    Absent,
    Version(u64),
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum WireWrite {
    Put { item: ItemLine, condition: WireCondition },
    Delete { key: WireKey, condition: WireCondition },
}

impl From<Write> for WireWrite {
    fn from(write: Write) -> Self {
        let condition = match write.condition() {
            Condition::Any => WireCondition::Any,
            Condition::Absent => WireCondition::Absent,
            Condition::Version(version) => WireCondition::Version(version),
        };
        match write {
            Write::Put { item, .. } => Self::Put { item: item.into(), condition },
            Write::Delete { key, .. } => Self::Delete { key: WireKey::from(&key), condition },
        }
    }
}

impl From<WireCondition> for Condition {
    fn from(condition: WireCondition) -> Self {
        match condition {
            WireCondition::Any => Self::Any,
            WireCondition::Absent => Self::Absent,
            WireCondition::Version(version) => Self::Version(version),
        }
    }
}

impl From<WireWrite> for Write {
    fn from(write: WireWrite) -> Self {
        match write {
            WireWrite::Put { item, condition } => {
                Self::Put { item: Item::from(item), condition: condition.into() }
            }
            WireWrite::Delete { key, condition } => {
                Self::Delete { key: key.into(), condition: condition.into() }
            }
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum WireTableError {
    Conflict { key: WireKey },
    Unavailable { reason: String },
    Corrupt { key: WireKey, reason: String },
    Invalid { reason: String },
}

impl From<TableError> for WireTableError {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Conflict { key } => Self::Conflict { key: WireKey::from(&key) },
            TableError::Unavailable { reason } => Self::Unavailable { reason },
            TableError::Corrupt { key, reason } => {
                Self::Corrupt { key: WireKey::from(&key), reason }
            }
            TableError::Invalid { reason } => Self::Invalid { reason },
        }
    }
}

impl From<WireTableError> for TableError {
    fn from(error: WireTableError) -> Self {
        match error {
            WireTableError::Conflict { key } => Self::Conflict { key: key.into() },
            WireTableError::Unavailable { reason } => Self::Unavailable { reason },
            WireTableError::Corrupt { key, reason } => Self::Corrupt { key: key.into(), reason },
            WireTableError::Invalid { reason } => Self::Invalid { reason },
        }
    }
}

/// Reads the name of a picture.
pub(super) fn image_name(name: &str) -> Result<ImageName, Answer> {
    name.parse().map_err(|_| Answer::Failed { reason: format!("{name} is not a picture's name") })
}
