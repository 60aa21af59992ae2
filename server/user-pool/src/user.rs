//! The users of the directory.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::DirectoryError;
use crate::srp::Verifier;
use crate::totp::SecondFactor;
use crate::validation::{check_email, check_password, check_username, checked_groups};

/// A user, without secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Name to sign in with, as first written; not case-sensitive.
    pub username: String,
    /// Permanent id: a random UUID that is never reused.
    pub sub: Uuid,
    /// Email address; empty if an administrator created the user without one.
    pub email: String,
    /// The address belongs to the user, who can sign in with it.
    #[serde(default = "verified")]
    pub email_verified: bool,
    /// The other attributes, such as `name` or `custom:plan`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Names of the user's groups, sorted.
    pub groups: Vec<String>,
    /// Time of creation.
    pub created_at: Timestamp,
}

impl User {
    /// Returns the email address, if the user has one.
    pub(crate) fn address(&self) -> Option<&str> {
        Some(self.email.as_str()).filter(|email| !email.is_empty())
    }
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
    /// Proves the password without it, for clients that enable this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) srp: Option<Verifier>,
    /// The second factor.
    #[serde(default)]
    pub(crate) second_factor: SecondFactor,
    /// Increased to invalidate every earlier grant; see [`crate::grants::SignIn`].
    pub(crate) epoch: u64,
    /// Blocks sign-in and refresh.
    #[serde(default)]
    pub(crate) disabled: bool,
    /// Unix time at which a temporary password expires; `None` with a permanent password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) temporary_until: Option<i64>,
    /// The user has not confirmed the sign-up.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) unconfirmed: bool,
    /// An administrator has reset the password.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) reset_required: bool,
    /// Time of the last change; `None` for users that an earlier version wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) modified_at: Option<Timestamp>,
}

impl Account {
    pub(crate) fn new(user: User, password: StoredPassword, state: FirstState) -> Self {
        Self {
            modified_at: Some(user.created_at),
            user,
            password_hash: password.hash,
            srp: password.srp,
            second_factor: SecondFactor::default(),
            epoch: 0,
            disabled: false,
            temporary_until: match state {
                FirstState::TemporaryPassword(until) => Some(until),
                FirstState::Confirmed | FirstState::Unconfirmed => None,
            },
            unconfirmed: state == FirstState::Unconfirmed,
            reset_required: false,
        }
    }

    /// Returns Cognito's `UserStatus`.
    pub(crate) fn status(&self) -> &'static str {
        if self.unconfirmed {
            "UNCONFIRMED"
        } else if self.reset_required {
            "RESET_REQUIRED"
        } else if self.temporary_until.is_some() {
            "FORCE_CHANGE_PASSWORD"
        } else {
            "CONFIRMED"
        }
    }

    /// Returns the address that the user can sign in with, if it is verified.
    pub(crate) fn alias(&self) -> Option<&str> {
        let is_alias = self.user.email_verified && !self.unconfirmed;
        self.user.address().filter(|_| is_alias)
    }

    /// Sets a password, and ends every session and refresh token.
    pub(crate) fn set_password(&mut self, password: &StoredPassword, temporary_until: Option<i64>) {
        self.password_hash.clone_from(&password.hash);
        self.srp.clone_from(&password.srp);
        self.temporary_until = temporary_until;
        self.reset_required = false;
        self.end_sign_ins();
    }

    /// Ends every session and refresh token.
    pub(crate) fn end_sign_ins(&mut self) {
        self.epoch = self.epoch.saturating_add(1);
    }
}

/// A password as it is stored.
pub(crate) struct StoredPassword {
    /// PHC string of Argon2id.
    pub(crate) hash: String,
    pub(crate) srp: Option<Verifier>,
}

/// The state in which an account is created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstState {
    /// The user can sign in.
    Confirmed,
    /// The user must first confirm the sign-up.
    Unconfirmed,
    /// The password expires at this Unix time.
    TemporaryPassword(i64),
}

/// A user to create, with all attributes.
pub(crate) struct NewAccount {
    pub(crate) username: String,
    pub(crate) password: String,
    /// Only administrators create users without one.
    pub(crate) email: Option<String>,
    pub(crate) email_verified: bool,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) groups: Vec<String>,
    pub(crate) state: FirstState,
    /// Another user may have verified the same address, and keeps it.
    pub(crate) may_share_email: bool,
}

impl From<NewUser> for NewAccount {
    fn from(new: NewUser) -> Self {
        Self {
            username: new.username,
            password: new.password,
            email: Some(new.email),
            email_verified: true,
            attributes: BTreeMap::new(),
            groups: new.groups,
            state: FirstState::Confirmed,
            may_share_email: true,
        }
    }
}

fn verified() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde needs")]
fn is_false(value: &bool) -> bool {
    !*value
}
