//! What can go wrong with a table, told by what the caller can do about it.

use crate::Key;

/// Why an operation on the table did not happen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// A condition did not hold; nothing of the batch was written.
    #[error("the item at {}/{} is not as expected", .key.partition, .key.sort)]
    Conflict {
        /// The first key whose condition failed.
        key: Key,
    },
    /// The engine cannot answer now; the same call may succeed later.
    #[error("the table is unavailable: {reason}")]
    Unavailable {
        /// For the operator, never for the caller.
        reason: String,
    },
    /// A stored item cannot be read; retrying does not help.
    #[error("the item at {}/{} is damaged: {reason}", .key.partition, .key.sort)]
    Corrupt {
        /// Where the damage is.
        key: Key,
        /// For the operator.
        reason: String,
    },
    /// The call breaks a rule of the port (sizes, an empty key, a key twice in a batch).
    #[error("not a valid table operation: {reason}")]
    Invalid {
        /// Which rule.
        reason: String,
    },
}

impl TableError {
    /// Whether the same call may succeed later: the engine is away, or others were faster.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unavailable { .. } | Self::Conflict { .. } => true,
            Self::Corrupt { .. } | Self::Invalid { .. } => false,
        }
    }
}
