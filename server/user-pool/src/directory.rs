//! The directory: users and their groups, stored in the table.

mod aliases;
mod changes;
mod groups;
mod list;
mod passwords;
mod temporary_password;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use gazette_table::{Clock, Key, Table, TableError};
use jiff::Timestamp;
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::error::{DirectoryError, InternalError, SignInError};
use crate::grants::SignIn;
use crate::partitions::{ALIASES, GROUPS, USERS, partition};
use crate::password::PasswordHashes;
use crate::secret::sha256;
use crate::user::{Account, NewUser, User};
use crate::validation::{check_username, checked_groups, normalize_username};

pub(crate) use groups::{Group, GroupDetails};

/// Maximum number of attempts for a change that conflicts with other changes of the user.
const MAX_ATTEMPTS: usize = 8;
/// Number of items read at a time.
const PAGE_SIZE: usize = 500;

/// The users of one pool.
///
/// Usernames are not case-sensitive, as in a new Cognito pool. A user is one item of the
/// partition `pool#<pool id>#users`, under the lower-case name.
#[derive(Clone)]
pub struct Directory {
    table: Arc<dyn Table>,
    partition: String,
    group_partition: String,
    alias_partition: String,
    password_hashes: PasswordHashes,
    count: Arc<OnceCell<AtomicUsize>>,
    pool_id: String,
    /// A client needs verifiers.
    has_srp: Arc<AtomicBool>,
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
        let [users, groups, aliases] = [USERS, GROUPS, ALIASES].map(|end| partition(pool_id, end));
        Self {
            table,
            partition: users,
            group_partition: groups,
            alias_partition: aliases,
            password_hashes: PasswordHashes::new(),
            count: Arc::default(),
            pool_id: pool_id.to_owned(),
            has_srp: Arc::default(),
            clock,
        }
    }

    /// Creates a user.
    ///
    /// # Errors
    /// [`DirectoryError::UsernameExists`] when the username is taken, or the error of the first
    /// invalid field.
    pub async fn add_user(&self, new: NewUser) -> Result<User, DirectoryError> {
        Ok(self.create(new.into()).await?.user)
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

    /// Sets a new password, and ends every session and refresh token of the user. A sign-up that
    /// waits for its confirmation is confirmed.
    pub async fn set_password(&self, username: &str, password: &str) -> Result<(), DirectoryError> {
        let stored = self.store_password_of(username, password).await?;
        let set = self.update(username, |account| {
            account.set_password(&stored, None);
            account.unconfirmed = false;
        });
        set.await.map(drop)
    }

    /// Replaces a password, and ends every session and refresh token of the user.
    pub(crate) async fn replace_permanent_password(
        &self,
        username: &str,
        password: &str,
    ) -> Result<Account, DirectoryError> {
        let stored = self.store_password_of(username, password).await?;
        self.try_update(username, |account| {
            account.set_password(&stored, None);
            Ok(())
        })
        .await
    }

    /// Sets the groups of a user, and creates those that do not exist. Tokens carry them after the
    /// next refresh.
    pub async fn set_groups(
        &self,
        username: &str,
        groups: Vec<String>,
    ) -> Result<User, DirectoryError> {
        let groups = checked_groups(groups)?;
        self.ensure_groups(groups.clone()).await?;
        self.update(username, |account| account.user.groups.clone_from(&groups)).await
    }

    /// Adds a user to a group that exists; has no effect on a member.
    pub async fn add_to_group(&self, username: &str, group: &str) -> Result<User, DirectoryError> {
        checked_groups(vec![group.to_owned()])?;
        if self.find_user(username).await?.is_none() {
            return Err(DirectoryError::UserNotFound);
        }
        if self.table.get(&Key::new(&self.group_partition, group)).await?.is_none() {
            return Err(DirectoryError::GroupNotFound);
        }
        let account = self.try_update(username, |account| {
            let mut groups = account.user.groups.clone();
            groups.push(group.to_owned());
            account.user.groups = checked_groups(groups)?;
            Ok::<(), DirectoryError>(())
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
        self.update(username, Account::end_sign_ins).await
    }

    /// Allows or blocks sign-in and refresh for a user. Blocking ends every session and refresh
    /// token for good.
    pub async fn set_enabled(&self, username: &str, enabled: bool) -> Result<User, DirectoryError> {
        let set = self.update(username, |account| {
            account.disabled = !enabled;
            if !enabled {
                account.end_sign_ins();
            }
        });
        set.await
    }

    /// Checks a password; takes as long for an unknown user.
    ///
    /// The name may be a verified email address.
    pub(crate) async fn authenticate(
        &self,
        username: &str,
        password: &str,
    ) -> Result<Account, SignInError> {
        let account = self.resolve(username).await?;
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
        Ok(self.add_verifier(account, password).await?)
    }

    /// Returns the current user of a sign-in; `None` when the sign-in has ended.
    pub(crate) async fn user_of(&self, sign_in: &SignIn) -> Result<Option<User>, InternalError> {
        Ok(self.account_of(sign_in).await?.map(|account| account.user))
    }

    /// Returns the account of a sign-in; `None` when the sign-in has ended.
    pub(crate) async fn account_of(
        &self,
        sign_in: &SignIn,
    ) -> Result<Option<Account>, InternalError> {
        let found = self.load(&sign_in.username).await?;
        Ok(found
            .map(|(_, account)| account)
            .filter(|account| account.user.sub == sign_in.sub && account.epoch == sign_in.epoch)
            .filter(|account| !account.disabled))
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
