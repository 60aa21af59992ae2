//! What can go wrong, told by who can do something about it.

use std::path::PathBuf;

use gazette_table::TableError;

/// Why a pool could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// A setting is not as it must be.
    #[error("the user pool's {setting} is wrong: {reason}")]
    Setting {
        /// The field of the configuration.
        setting: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The private key cannot be read, made or used.
    #[error("the user pool's key {} cannot be used: {reason}", .path.display())]
    Key {
        /// The file or directory.
        path: PathBuf,
        /// What went wrong.
        reason: String,
    },
}

/// Why the directory did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The name is taken; names differing in case only are one name.
    #[error("there is already a user of this name")]
    UsernameExists,
    /// No user has this name.
    #[error("there is no user of this name")]
    UserNotFound,
    /// A name, address or group is not as it must be.
    #[error("{0}")]
    InvalidParameter(&'static str),
    /// The password is too short or too long.
    #[error("a password has 8 to 256 characters")]
    InvalidPassword,
    /// Others changed the user at the same time, again and again.
    #[error("the user is being changed by others")]
    Busy,
    /// Something below failed.
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl From<TableError> for DirectoryError {
    fn from(error: TableError) -> Self {
        Self::Failed(error.into())
    }
}

/// A fault that no caller caused; its text is for the operator only.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The table did not answer or holds something unreadable.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The random source, a signature or a hash failed.
    #[error("a cryptographic operation failed")]
    Cryptography,
    /// A value has no JSON form or no place in a header.
    #[error("a value cannot be written: {0}")]
    Encoding(String),
    /// The process is ending.
    #[error("the process is ending")]
    Ending,
}

impl From<aws_lc_rs::error::Unspecified> for Failure {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self::Cryptography
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Encoding(error.to_string())
    }
}
