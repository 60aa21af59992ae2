//! The errors of the pool.

mod account;
mod attribute;

use std::path::PathBuf;

use axum::http::header::InvalidHeaderValue;
use gazette_table::TableError;

pub(crate) use account::AccountError;
pub(crate) use attribute::AttributeError;

/// Error from opening a pool.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// A setting is invalid.
    #[error("the user pool's {setting} is invalid: {reason}")]
    Setting {
        /// Field of the configuration.
        setting: &'static str,
        /// Reason why it is invalid.
        reason: String,
    },
    /// A private key cannot be read, created or used.
    #[error("the user pool's key {} cannot be used: {reason}", .path.display())]
    Key {
        /// File or directory.
        path: PathBuf,
        /// Reason why it cannot be used.
        reason: String,
    },
    /// Users that an earlier version stored cannot be upgraded.
    #[error("the users of the pool cannot be read: {0}")]
    Users(#[from] DirectoryError),
}

/// Error from an operation of the directory.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The username is taken; usernames are not case-sensitive.
    #[error("a user with this name already exists")]
    UsernameExists,
    /// No user has this username.
    #[error("no user has this name")]
    UserNotFound,
    /// Another user has verified the email address.
    #[error("a user with this email address already exists")]
    EmailExists,
    /// No group has this name.
    #[error("no group has this name")]
    GroupNotFound,
    /// A username, an email address or a group name is invalid.
    #[error("{0}")]
    InvalidParameter(&'static str),
    /// The password is too short or too long.
    #[error("a password must have 8 to 256 characters")]
    InvalidPassword,
    /// The user has a permanent password, so that an invitation cannot be sent again.
    #[error("the user has signed in already and has a password of their own")]
    UnsupportedState,
    /// Every attempt to change the user conflicted with another change.
    #[error("the user is being changed by another process; try again")]
    Busy,
    /// The table or a cryptographic operation failed.
    #[error(transparent)]
    Internal(#[from] InternalError),
}

impl From<TableError> for DirectoryError {
    fn from(error: TableError) -> Self {
        Self::Internal(error.into())
    }
}

/// Internal error; its text is only logged.
#[derive(Debug, thiserror::Error)]
pub enum InternalError {
    /// The table is unavailable or holds an unreadable item.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The random source, a signature or a hash failed.
    #[error("a cryptographic operation failed")]
    Cryptography,
    /// A value cannot be written as JSON or as a header.
    #[error("a value cannot be encoded: {0}")]
    Encoding(String),
    /// Too many passwords wait to be hashed.
    #[error("too many passwords are being checked")]
    Overloaded,
    /// The process is shutting down.
    #[error("the process is shutting down")]
    ShuttingDown,
}

impl InternalError {
    /// Logs the error; called once for each, where the response is made.
    pub(crate) fn log(&self) {
        tracing::error!(error = %self, "the user pool could not handle a request");
    }
}

impl From<aws_lc_rs::error::Unspecified> for InternalError {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self::Cryptography
    }
}

impl From<InvalidHeaderValue> for InternalError {
    fn from(error: InvalidHeaderValue) -> Self {
        Self::Encoding(error.to_string())
    }
}

impl From<serde_json::Error> for InternalError {
    fn from(error: serde_json::Error) -> Self {
        Self::Encoding(error.to_string())
    }
}

/// Error from a sign-in with a username and a password.
#[derive(Debug)]
pub(crate) enum SignInError {
    /// The username or the password is wrong; the response does not tell which.
    WrongCredentials,
    /// The username is locked after too many failures.
    Locked(LockedError),
    /// The password is right, but the user is disabled.
    Disabled,
    /// The password is right, but it was temporary and has expired.
    TemporaryPasswordExpired,
    /// The password is right, but the sign-up is not confirmed.
    NotConfirmed,
    /// The password is right, but an administrator wants it to be replaced by code.
    ResetRequired,
    /// The table or a cryptographic operation failed.
    Internal(InternalError),
}

/// Error of the session of a sign-in in several steps; its text is Cognito's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SessionError {
    /// The sign-in took too long, or the account has changed since.
    #[error("Invalid session for the user, session is expired.")]
    Expired,
    /// The step was done before.
    #[error("Invalid session for the user, session can only be used once.")]
    Used,
    /// The pool issued no such session, or not for this step.
    #[error("Invalid session for the user.")]
    Invalid,
}

/// Error from finding a step of a sign-in.
#[derive(Debug)]
pub(crate) enum StepError {
    Session(SessionError),
    Internal(InternalError),
}

impl From<SessionError> for StepError {
    fn from(error: SessionError) -> Self {
        Self::Session(error)
    }
}

impl From<InternalError> for StepError {
    fn from(error: InternalError) -> Self {
        Self::Internal(error)
    }
}

impl From<TableError> for StepError {
    fn from(error: TableError) -> Self {
        Self::Internal(error.into())
    }
}

/// Error from replacing a temporary password.
#[derive(Debug)]
pub(crate) enum NewPasswordError {
    Session(SessionError),
    /// The new password is too short or too long.
    InvalidPassword,
    /// The table or a cryptographic operation failed.
    Internal(InternalError),
}

impl From<InternalError> for NewPasswordError {
    fn from(error: InternalError) -> Self {
        Self::Internal(error)
    }
}

impl From<StepError> for NewPasswordError {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Session(error) => Self::Session(error),
            StepError::Internal(error) => Self::Internal(error),
        }
    }
}

impl From<DirectoryError> for NewPasswordError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::InvalidPassword => Self::InvalidPassword,
            DirectoryError::Internal(error) => Self::Internal(error),
            DirectoryError::UsernameExists
            | DirectoryError::EmailExists
            | DirectoryError::UserNotFound
            | DirectoryError::GroupNotFound
            | DirectoryError::InvalidParameter(_)
            | DirectoryError::UnsupportedState
            | DirectoryError::Busy => Self::Session(SessionError::Expired),
        }
    }
}

/// Error for a username that is locked after too many failed sign-ins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LockedError {
    /// Seconds until the next attempt is possible.
    pub(crate) retry_after: i64,
}

impl From<LockedError> for SignInError {
    fn from(error: LockedError) -> Self {
        Self::Locked(error)
    }
}

impl From<InternalError> for SignInError {
    fn from(error: InternalError) -> Self {
        Self::Internal(error)
    }
}

impl From<TableError> for SignInError {
    fn from(error: TableError) -> Self {
        Self::Internal(error.into())
    }
}
