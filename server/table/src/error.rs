//! Errors of a table, by the possible reaction.

use crate::Key;

/// Error of a table call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// A condition failed; nothing of the batch was written.
    #[error("the item at {}/{} is not as expected", .key.partition, .key.sort)]
    Conflict {
        /// The first key whose condition failed.
        key: Key,
    },
    /// The engine cannot respond now; the same call may succeed later.
    #[error("the table is unavailable: {reason}")]
    Unavailable {
        /// For the log; never sent to clients.
        reason: String,
    },
    /// A stored item is damaged; retrying does not help.
    #[error("the item at {}/{} is damaged: {reason}", .key.partition, .key.sort)]
    Corrupt {
        /// The damaged item.
        key: Key,
        /// For the log.
        reason: String,
    },
    /// The call breaks a rule of the port, such as a size, an empty key or a repeated key.
    #[error("not a valid table operation: {reason}")]
    Invalid {
        /// The broken rule.
        reason: String,
    },
}

impl TableError {
    /// Checks whether the same call may succeed later: the engine was unavailable or another writer
    /// came first.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unavailable { .. } | Self::Conflict { .. } => true,
            Self::Corrupt { .. } | Self::Invalid { .. } => false,
        }
    }
}
