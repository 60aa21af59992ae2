//! The directory: users and their groups, stored in the table.

mod list;
mod temporary_password;

use std::sync::Arc;

use gazette_table::{Clock, Item, Key, Table, TableError, Write};
use jiff::Timestamp;
use uuid::Uuid;

use crate::error::{DirectoryError, InternalError, SignInError};
use crate::grants::SignIn;
use crate::partitions::{USERS, partition};
use crate::password::PasswordHashes;
use crate::secret::{random_uuid, sha256};
use crate::user::{Account, NewUser, User};
use crate::validation::{check_password, check_username, checked_groups, normalize_username};

pub(crate) use list::AccountPage;

/// Maximum number of attempts for a change that conflicts with other changes of the user.
const MAX_ATTEMPTS: usize = 8;

/// The users of one pool.
///
/// Usernames are not case-sensitive, as in a new Cognito pool. A user is one item of the
/// partition `pool#<pool id>#users`, under the lower-case name.
#[derive(Clone)]
pub struct Directory {
    table: Arc<dyn Table>,
    partition: String,
    password_hashes: PasswordHashes,
    clock: Clock,
}

/// Result of [`Directory::ensure_user`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ensured {
    /// The user was missing and has been created.
    Created(User),
    /// The user existed and was not changed.
    Existing(User),
}

impl Directory {
    /// Opens the directory of a pool, without opening the pool: it needs no keys.
    pub fn new(pool_id: &str, table: Arc<dyn Table>, clock: Clock) -> Self {
        let partition = partition(pool_id, USERS);
        Self { table, partition, password_hashes: PasswordHashes::new(), clock }
    }

    /// Creates a user.
    ///
    /// # Errors
    /// [`DirectoryError::UsernameExists`] when the username is taken, or the error of the first
    /// invalid field.
    pub async fn add_user(&self, new: NewUser) -> Result<User, DirectoryError> {
        Ok(self.create(new, None).await?.user)
    }

    /// Creates a user unless the username exists; never changes an existing user.
    ///
    /// # Errors
    /// As [`Directory::add_user`], but never [`DirectoryError::UsernameExists`].
    pub async fn ensure_user(&self, new: NewUser) -> Result<Ensured, DirectoryError> {
        let name = new.username.clone();
        check_username(&name)?;
        if let Some(user) = self.find_user(&name).await? {
            return Ok(Ensured::Existing(user));
        }
        match self.add_user(new).await {
            Ok(user) => Ok(Ensured::Created(user)),
            Err(DirectoryError::UsernameExists) => {
                let user = self.find_user(&name).await?.ok_or(DirectoryError::Busy)?;
                Ok(Ensured::Existing(user))
            }
            Err(error) => Err(error),
        }
    }

    /// Returns the user with a username, if one exists.
    pub async fn find_user(&self, username: &str) -> Result<Option<User>, DirectoryError> {
        if check_username(username).is_err() {
            return Ok(None);
        }
        Ok(self.load(username).await?.map(|(_, account)| account.user))
    }

    /// Sets a new password, and ends every session and refresh token of the user.
    pub async fn set_password(&self, username: &str, password: &str) -> Result<(), DirectoryError> {
        check_password(password)?;
        let hash = self.password_hashes.hash(password.to_owned()).await?;
        self.update(username, |account| {
            account.password_hash.clone_from(&hash);
            account.epoch = account.epoch.saturating_add(1);
            account.temporary_until = None;
        })
        .await?;
        Ok(())
    }

    /// Sets the groups of a user; tokens carry them after the next refresh.
    pub async fn set_groups(
        &self,
        username: &str,
        groups: Vec<String>,
    ) -> Result<User, DirectoryError> {
        let groups = checked_groups(groups)?;
        self.update(username, |account| account.user.groups.clone_from(&groups)).await
    }

    /// Adds a user to a group; has no effect on a member.
    pub async fn add_to_group(&self, username: &str, group: &str) -> Result<User, DirectoryError> {
        let account = self.try_update(username, |account| {
            let mut groups = account.user.groups.clone();
            groups.push(group.to_owned());
            account.user.groups = checked_groups(groups)?;
            Ok(())
        });
        Ok(account.await?.user)
    }

    /// Removes a user from a group; has no effect on a non-member.
    pub async fn remove_from_group(
        &self,
        username: &str,
        group: &str,
    ) -> Result<User, DirectoryError> {
        self.update(username, |account| account.user.groups.retain(|name| name != group)).await
    }

    /// Ends every session and refresh token of a user; keeps the password.
    pub async fn sign_out_everywhere(&self, username: &str) -> Result<User, DirectoryError> {
        self.update(username, |account| account.epoch = account.epoch.saturating_add(1)).await
    }

    /// Allows or blocks sign-in and refresh for a user.
    pub async fn set_enabled(&self, username: &str, enabled: bool) -> Result<User, DirectoryError> {
        self.update(username, |account| account.disabled = !enabled).await
    }

    /// Checks a password; takes as long for an unknown user.
    pub(crate) async fn authenticate(
        &self,
        username: &str,
        password: &str,
    ) -> Result<Account, SignInError> {
        let account = self.load(username).await?.map(|(_, account)| account);
        let hash = account.as_ref().map(|account| account.password_hash.clone());
        let matches = self.password_hashes.verify(password.to_owned(), hash).await?;
        let Some(account) = account else {
            // The name stays out of the log: it may be a password in the wrong field.
            log_failure("unknown-user", None);
            return Err(SignInError::WrongCredentials);
        };
        if !matches {
            log_failure("wrong-password", Some(account.user.sub));
            return Err(SignInError::WrongCredentials);
        }
        if account.disabled {
            log_failure("disabled", Some(account.user.sub));
            return Err(SignInError::Disabled);
        }
        Ok(account)
    }

    /// Returns the current user of a sign-in; `None` when the sign-in has ended.
    pub(crate) async fn user_of(&self, sign_in: &SignIn) -> Result<Option<User>, InternalError> {
        let found = self.load(&sign_in.username).await?;
        Ok(found
            .map(|(_, account)| account)
            .filter(|account| account.user.sub == sign_in.sub && account.epoch == sign_in.epoch)
            .filter(|account| !account.disabled)
            .map(|account| account.user))
    }

    async fn update(
        &self,
        username: &str,
        change: impl Fn(&mut Account),
    ) -> Result<User, DirectoryError> {
        let account = self.try_update(username, |account| {
            change(account);
            Ok(())
        });
        Ok(account.await?.user)
    }

    /// Creates a user with a permanent password, or with one that expires.
    async fn create(
        &self,
        new: NewUser,
        temporary_until: Option<i64>,
    ) -> Result<Account, DirectoryError> {
        new.check()?;
        if self.load(&new.username).await?.is_some() {
            return Err(DirectoryError::UsernameExists);
        }
        let user = User {
            username: new.username,
            sub: random_uuid()?,
            email: new.email,
            groups: checked_groups(new.groups)?,
            created_at: self.now(),
        };
        let password_hash = self.password_hashes.hash(new.password).await?;
        let account = Account {
            modified_at: Some(user.created_at),
            user,
            password_hash,
            epoch: 0,
            disabled: false,
            temporary_until,
        };
        let item = Item::new(self.key(&account.user.username), &account)?;
        match self.table.write(vec![Write::create(item)]).await {
            Ok(()) => Ok(account),
            Err(TableError::Conflict { .. }) => Err(DirectoryError::UsernameExists),
            Err(error) => Err(error.into()),
        }
    }

    /// Changes an account; starts again when another change comes first.
    async fn try_update(
        &self,
        username: &str,
        change: impl Fn(&mut Account) -> Result<(), DirectoryError>,
    ) -> Result<Account, DirectoryError> {
        check_username(username).map_err(|_| DirectoryError::UserNotFound)?;
        for _ in 0..MAX_ATTEMPTS {
            let (version, mut account) =
                self.load(username).await?.ok_or(DirectoryError::UserNotFound)?;
            change(&mut account)?;
            account.modified_at = Some(self.now());
            let item = Item::new(self.key(username), &account)?.version(version + 1);
            match self.table.write(vec![Write::replace(item, version)]).await {
                Ok(()) => return Ok(account),
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(DirectoryError::Busy)
    }

    async fn load(&self, username: &str) -> Result<Option<(u64, Account)>, TableError> {
        let item = self.table.get(&self.key(username)).await?;
        item.map(|item| Ok((item.version, item.parse()?))).transpose()
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_second((self.clock)()).unwrap_or_default()
    }

    fn key(&self, username: &str) -> Key {
        Key::new(&self.partition, normalize_username(username))
    }
}

/// Logs a failed sign-in with the hash of the user's `sub`, as in the site's log.
fn log_failure(reason: &str, sub: Option<Uuid>) {
    tracing::info!(reason, sub_hash = sub.map(|sub| sha256(&sub.to_string())), "sign-in failed");
}
