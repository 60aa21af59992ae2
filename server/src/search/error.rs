//! Errors of the search.

use gazette_domain::DeskError;

/// A search that has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SearchError {
    /// The index is not ready yet.
    #[error("the search index is being built")]
    Building,
    /// The data folder cannot hold an index.
    #[error("there is no folder for the search index")]
    Off,
    /// Too many searches run at once.
    #[error("too many searches run at once")]
    Busy,
    /// The stories cannot be read.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// The index cannot be read or written. It is built again.
    #[error("the search index failed: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// The work on the index stopped.
    #[error("the work on the search index stopped: {0}")]
    Stopped(#[from] tokio::task::JoinError),
}
