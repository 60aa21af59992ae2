//! Errors of opening a store.

use std::path::Path;

/// Error opening a store; the message contains the remedy.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file does not exist and must not be created.
    #[error("no store at {0}; check GAZETTE_DATA_DIR")]
    Absent(String),
    /// Another process has opened it.
    #[error("the store {0} is in use by another process; stop the other gazette first")]
    InUse(String),
    /// A newer version of Gazette wrote it.
    #[error(
        "the store {path} has version {found}, but this gazette supports up to version {known}; update gazette"
    )]
    Newer {
        /// The file.
        path: String,
        /// Version of its format.
        found: u32,
        /// Newest supported version.
        known: u32,
    },
    /// The file cannot be read or is not a valid store.
    #[error("the store {path} cannot be opened: {source}")]
    Failed {
        /// The file.
        path: String,
        /// The cause.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl OpenError {
    pub(super) fn failed(
        path: &Path,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Failed { path: path.display().to_string(), source: source.into() }
    }
}
