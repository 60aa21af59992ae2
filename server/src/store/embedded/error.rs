//! Errors of the file of a store, and their classification when redb returns them.

use std::io;

use gazette_table::{Key, TableError};

/// An error of the file of a store.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    /// A checksum is wrong.
    #[error("{0}; restore the store from a backup")]
    Damaged(String),
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Read(#[source] io::Error),
    /// The file cannot be written or synced.
    #[error("it cannot be written: {0}")]
    Write(#[source] io::Error),
}

impl FileError {
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }

    /// Checks whether the disk is full: the only write error after which writing can continue.
    fn is_full(error: &io::Error) -> bool {
        use io::ErrorKind::{QuotaExceeded, StorageFull};
        matches!(error.kind(), StorageFull | QuotaExceeded)
    }
}

impl From<FileError> for io::Error {
    fn from(error: FileError) -> Self {
        Self::other(error)
    }
}

/// An error of an operation on the store, by what has to happen next.
#[derive(Debug)]
pub(super) enum StoreError {
    /// Returned to the caller; the store is fine.
    Table(TableError),
    /// An earlier error made the store unusable; it must be reopened.
    Latched,
    /// A checksum is wrong.
    Damaged(String),
    /// The disk is full.
    Full(String),
    /// A write or a sync failed, so the disk must not be written again.
    Broken(String),
    /// Another error, which may be temporary.
    Other(String),
}

impl StoreError {
    /// Adds the key of the item if the error is damage.
    pub(super) fn at(self, key: &Key) -> Self {
        match self {
            Self::Damaged(reason) => Self::Table(TableError::Corrupt { key: key.clone(), reason }),
            other => other,
        }
    }

    /// Converts to the error for the caller of the table.
    pub(super) fn into_table_error(self) -> TableError {
        let reason = match self {
            Self::Table(error) => return error,
            Self::Damaged(reason) => {
                return TableError::Corrupt { key: Key::new("(internal)", ""), reason };
            }
            Self::Latched => "the store must be reopened".to_owned(),
            Self::Full(reason) => format!("the disk is full: {reason}"),
            Self::Broken(reason) | Self::Other(reason) => reason,
        };
        TableError::Unavailable { reason }
    }
}

impl From<TableError> for StoreError {
    fn from(error: TableError) -> Self {
        Self::Table(error)
    }
}

/// Classifies an error of redb.
pub(super) fn store_error(error: impl Into<redb::Error>) -> StoreError {
    let error = error.into();
    let message = error.to_string();
    match error {
        redb::Error::PreviousIo | redb::Error::DatabaseClosed | redb::Error::LockPoisoned(_) => {
            StoreError::Latched
        }
        redb::Error::Corrupted(_) => StoreError::Damaged(message),
        redb::Error::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(FileError::Damaged(_)) => StoreError::Damaged(message),
            Some(FileError::Write(error)) if FileError::is_full(error) => StoreError::Full(message),
            Some(FileError::Write(_)) => StoreError::Broken(message),
            Some(FileError::Read(_)) | None => StoreError::Other(message),
        },
        _ => StoreError::Other(message),
    }
}
