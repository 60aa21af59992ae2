//! Errors of what users do with their accounts, in Cognito's words.

use gazette_table::TableError;

use super::{AttributeError, DirectoryError, InternalError};

/// Error from a change of an account or a group; its text is Cognito's, and may be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccountError {
    /// The username is taken.
    #[error("User already exists")]
    UsernameExists,
    /// Another user has verified the address.
    #[error("An account with the given email already exists.")]
    AliasExists,
    /// No user has this username or verified address.
    #[error("User does not exist.")]
    UserNotFound,
    /// The group name is taken.
    #[error("A group with the name already exists.")]
    GroupExists,
    /// No group has this name.
    #[error("Group not found.")]
    GroupNotFound,
    /// The pool has as many groups as it can have.
    #[error("The user pool has reached its limit of 10000 groups.")]
    TooManyGroups,
    /// The pool has as many users as it can have.
    #[error("The user pool has reached its limit of 100000 users.")]
    TooManyUsers,
    /// The password has fewer than eight characters.
    #[error("Password did not conform with policy: Password not long enough")]
    PasswordTooShort,
    /// The password has more than 256 characters.
    #[error(
        "1 validation error detected: Value at 'password' failed to satisfy constraint: Member \
         must have length less than or equal to 256"
    )]
    PasswordTooLong,
    /// A value is invalid.
    #[error("{0}")]
    InvalidParameter(&'static str),
    /// An attribute is invalid.
    #[error(transparent)]
    Attribute(#[from] AttributeError),
    /// The code is wrong.
    #[error("Invalid verification code provided, please try again.")]
    CodeMismatch,
    /// No code was sent, or it has expired.
    #[error("Invalid code provided, please request a code again.")]
    CodeExpired,
    /// Too many codes were sent or tried within an hour.
    #[error("Attempt limit exceeded, please try after some time.")]
    LimitExceeded,
    /// The sign-up was confirmed before.
    #[error("User cannot be confirmed. Current status is {0}")]
    CannotConfirm(&'static str),
    /// A new code was requested after the sign-up was confirmed.
    #[error("User is already confirmed.")]
    AlreadyConfirmed,
    /// The user has no verified address for a code.
    #[error(
        "Cannot reset password for the user as there is no registered/verified email or \
         phone_number"
    )]
    NoVerifiedEmail,
    /// The password of an invited or disabled user cannot be reset by code.
    #[error("User password cannot be reset in the current state.")]
    CannotReset,
    /// The user is disabled.
    #[error("User is disabled.")]
    Disabled,
    /// The present password is wrong.
    #[error("Incorrect username or password.")]
    WrongPassword,
    /// The user has a permanent password, so that an invitation cannot be sent again.
    #[error("Resend not possible. User status is not FORCE_CHANGE_PASSWORD.")]
    CannotInviteAgain,
    /// The account is being changed by others all the time.
    #[error("The user is being changed by another request. Please try again.")]
    Busy,
    /// The table or a cryptographic operation failed.
    #[error("Something went wrong")]
    Internal(#[from] InternalError),
}

impl From<DirectoryError> for AccountError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::UsernameExists => Self::UsernameExists,
            DirectoryError::EmailExists => Self::AliasExists,
            DirectoryError::UserNotFound => Self::UserNotFound,
            DirectoryError::GroupNotFound => Self::GroupNotFound,
            DirectoryError::InvalidParameter(message) => Self::InvalidParameter(message),
            DirectoryError::InvalidPassword => Self::PasswordTooShort,
            DirectoryError::UnsupportedState => Self::CannotInviteAgain,
            DirectoryError::Busy => Self::Busy,
            DirectoryError::Internal(error) => Self::Internal(error),
        }
    }
}

impl From<TableError> for AccountError {
    fn from(error: TableError) -> Self {
        Self::Internal(error.into())
    }
}
