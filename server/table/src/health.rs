//! State of a table, for health checks.

use crate::TableError;

/// State of a table, as its engine knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableHealth {
    /// The table answers, and no error is known.
    Ok,
    /// The table does not answer.
    Unavailable,
    /// The table answers, but the disk was full at the last write.
    DiskFull,
    /// The table answers, but does not write since a write failed; it must be opened again.
    ReadOnly,
    /// The table answers, but a part of it is damaged.
    Damaged,
}

impl From<&TableError> for TableHealth {
    fn from(error: &TableError) -> Self {
        match error {
            TableError::Corrupt { .. } => Self::Damaged,
            TableError::Unavailable { .. }
            | TableError::Conflict { .. }
            | TableError::Invalid { .. } => Self::Unavailable,
        }
    }
}
