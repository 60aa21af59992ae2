//! Errors of sessions. None of them ends a session.

use aws_lc_rs::error::Unspecified;
use gazette_table::TableError;
use tokio::task::JoinError;

/// Errors of reading and changing sessions.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SessionError {
    /// The table failed.
    #[error("the session table failed: {0}")]
    Table(#[from] TableError),
    /// The session of the request cannot be loaded or saved.
    #[error("the session store failed: {0}")]
    Store(#[from] tower_sessions::session::Error),
    /// The session data cannot be serialized.
    #[error("the session cannot be serialized: {0}")]
    Serialize(#[from] serde_json::Error),
    /// The refresh token cannot be encrypted.
    #[error("the refresh token cannot be encrypted")]
    Encrypt(#[from] Unspecified),
    /// The task that changed the session panicked.
    #[error("a session task failed: {0}")]
    Task(#[from] JoinError),
    /// Another callback has completed the login.
    #[error("the login was already completed")]
    LoginCompleted,
    /// The claims are too old, and the pool cannot renew them now.
    #[error("the user pool is unavailable, so the session cannot be renewed")]
    PoolUnavailable,
}
