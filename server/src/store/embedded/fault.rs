//! What can go wrong with the file of a store, and what redb makes of it.

use std::io;

use gazette_table::{Key, TableError};

/// Why the file of a store did not do what was asked of it.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileFault {
    /// What was read is not what was written.
    #[error("{0}; restore the store from a backup")]
    Damaged(String),
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Read(#[source] io::Error),
    /// The file cannot be written or synced.
    #[error("it cannot be written: {0}")]
    Write(#[source] io::Error),
}

impl FileFault {
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }

    /// Whether there is merely no room, which passes without anybody mending the disk.
    fn is_full(error: &io::Error) -> bool {
        use io::ErrorKind::{QuotaExceeded, StorageFull};
        matches!(error.kind(), StorageFull | QuotaExceeded)
    }
}

impl From<FileFault> for io::Error {
    fn from(fault: FileFault) -> Self {
        Self::other(fault)
    }
}

/// Why an operation on the store failed, told by what has to happen next.
#[derive(Debug)]
pub(super) enum Failure {
    /// The caller is told, and nothing else happens.
    Answer(TableError),
    /// The store refuses to go on because of an earlier failure; it must be opened anew.
    Latched,
    /// What was read is not what was written.
    Damaged(String),
    /// There is no room on the disk.
    Full(String),
    /// A write or a sync failed, so the disk cannot be trusted with further ones.
    Broken(String),
    /// Something else, of the moment.
    Other(String),
}

impl Failure {
    /// Names the item that the operation was about, if it turned out to be damaged.
    pub(super) fn at(self, key: &Key) -> Self {
        match self {
            Self::Damaged(reason) => Self::Answer(TableError::Corrupt { key: key.clone(), reason }),
            other => other,
        }
    }

    /// What the caller of the table is told.
    pub(super) fn into_table_error(self) -> TableError {
        let reason = match self {
            Self::Answer(error) => return error,
            Self::Damaged(reason) => {
                return TableError::Corrupt { key: Key::new("(inside of the store)", ""), reason };
            }
            Self::Latched => "the store must be opened anew".to_owned(),
            Self::Full(reason) => format!("the disk is full: {reason}"),
            Self::Broken(reason) | Self::Other(reason) => reason,
        };
        TableError::Unavailable { reason }
    }
}

impl From<TableError> for Failure {
    fn from(error: TableError) -> Self {
        Self::Answer(error)
    }
}

/// Sorts what redb says; every one of its errors becomes a [`redb::Error`].
pub(super) fn failure(error: impl Into<redb::Error>) -> Failure {
    let error = error.into();
    let said = error.to_string();
    match error {
        redb::Error::PreviousIo | redb::Error::DatabaseClosed | redb::Error::LockPoisoned(_) => {
            Failure::Latched
        }
        redb::Error::Corrupted(_) => Failure::Damaged(said),
        redb::Error::Io(error) => match error.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(FileFault::Damaged(_)) => Failure::Damaged(said),
            Some(FileFault::Write(error)) if FileFault::is_full(error) => Failure::Full(said),
            Some(FileFault::Write(_)) => Failure::Broken(said),
            Some(FileFault::Read(_)) | None => Failure::Other(said),
        },
        _ => Failure::Other(said),
    }
}
