//! The users of the directory.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::DirectoryError;
use crate::validation::{check_email, check_password, check_username, checked_groups};

/// A user, without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Name to sign in with, as first written; not case-sensitive.
    pub username: String,
    /// Permanent id: a random UUID that is never reused.
    pub sub: Uuid,
    /// Email address; treated as verified.
    pub email: String,
    /// Names of the user's groups, sorted.
    pub groups: Vec<String>,
    /// Time of creation.
    pub created_at: Timestamp,
}

/// Input to create a user, who needs no confirmation: the pool sends no mail.
#[derive(Clone)]
pub struct NewUser {
    /// 1 to 128 visible characters.
    pub username: String,
    /// Email address of at most 254 bytes.
    pub email: String,
    /// 8 to 256 characters, of any composition.
    pub password: String,
    /// At most 100 group names of 1 to 128 visible characters.
    pub groups: Vec<String>,
}

impl NewUser {
    /// Checks every rule that does not depend on the existing users.
    ///
    /// # Errors
    /// [`DirectoryError::InvalidParameter`] or [`DirectoryError::InvalidPassword`].
    pub fn check(&self) -> Result<(), DirectoryError> {
        check_username(&self.username)?;
        check_email(&self.email)?;
        check_password(&self.password)?;
        checked_groups(self.groups.clone()).map(drop)
    }
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser")
            .field("username", &self.username)
            .field("email", &self.email)
            .field("groups", &self.groups)
            .finish_non_exhaustive()
    }
}

/// A user as stored.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Account {
    #[serde(flatten)]
    pub(crate) user: User,
    /// PHC string of Argon2id.
    pub(crate) password_hash: String,
    /// Increased to invalidate every earlier grant; see [`crate::grants::SignIn`].
    pub(crate) epoch: u64,
    /// Blocks sign-in and refresh.
    #[serde(default)]
    pub(crate) disabled: bool,
    /// Unix time at which a temporary password expires; `None` with a permanent password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) temporary_until: Option<i64>,
    /// Time of the last change; `None` for users that an earlier version wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) modified_at: Option<Timestamp>,
}

impl Account {
    /// Returns Cognito's `UserStatus`.
    pub(crate) fn status(&self) -> &'static str {
        if self.temporary_until.is_some() { "FORCE_CHANGE_PASSWORD" } else { "CONFIRMED" }
    }
}
