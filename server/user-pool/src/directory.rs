//! The directory: users and their groups, kept in the table.

use std::sync::Arc;

use gazette_table::{Clock, Item, Key, Order, Range, Table, TableError, Write};
use jiff::Timestamp;

use crate::grant::SignIn;
use crate::password::Passwords;
use crate::secret::random_uuid;
use crate::user::{
    Account, NewUser, User, check_email, check_password, check_username, checked_groups, folded,
};
use crate::{DirectoryError, Failure};

/// How often a change is tried again when others change the same user.
const MAX_TRIES: usize = 8;
/// How many users are read at a time.
const PAGE: usize = 500;

/// The users of one pool.
///
/// Names are compared without regard to case, as in a new Cognito pool. A user
/// is one item of the partition `pool#<pool id>#users`, under the lower-case name.
#[derive(Clone)]
pub struct Directory {
    table: Arc<dyn Table>,
    partition: String,
    passwords: Passwords,
    clock: Clock,
}

/// What [`Directory::ensure_user`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ensured {
    /// The user was missing and has been made.
    Made(User),
    /// The user was there and is as before.
    Kept(User),
}

/// Why somebody was not signed in.
#[derive(Debug)]
pub(crate) enum SignInRefused {
    /// The name or the password is wrong; nobody learns which.
    Wrong,
    /// The name was tried too often.
    TooManyAttempts,
    /// The password is right, but the user may not sign in.
    Disabled,
    /// Something below failed.
    Failed(Failure),
}

impl From<Failure> for SignInRefused {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<TableError> for SignInRefused {
    fn from(error: TableError) -> Self {
        Self::Failed(error.into())
    }
}

impl Directory {
    /// The directory of a pool, without opening the pool: it needs no keys.
    pub fn new(pool_id: &str, table: Arc<dyn Table>, clock: Clock) -> Self {
        let partition = format!("pool#{pool_id}#users");
        Self { table, partition, passwords: Passwords::new(), clock }
    }

    /// Makes a user, confirmed at once.
    ///
    /// # Errors
    /// [`DirectoryError::UsernameExists`] when the name is taken; or the rule
    /// that a field breaks.
    pub async fn add_user(&self, new: NewUser) -> Result<User, DirectoryError> {
        check_username(&new.username)?;
        check_email(&new.email)?;
        check_password(&new.password)?;
        let groups = checked_groups(new.groups)?;
        if self.load(&new.username).await?.is_some() {
            return Err(DirectoryError::UsernameExists);
        }
        let user = User {
            username: new.username,
            sub: random_uuid()?,
            email: new.email,
            groups,
            created_at: Timestamp::from_second((self.clock)()).unwrap_or_default(),
        };
        let password_hash = self.passwords.hash(new.password).await?;
        let account = Account { user, password_hash, epoch: 0, disabled: false };
        let item = Item::new(self.key(&account.user.username), &account)?;
        match self.table.write(vec![Write::create(item)]).await {
            Ok(()) => Ok(account.user),
            Err(TableError::Conflict { .. }) => Err(DirectoryError::UsernameExists),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a user when there is none of the name, and changes nothing otherwise.
    ///
    /// # Errors
    /// As [`Directory::add_user`], but never [`DirectoryError::UsernameExists`].
    pub async fn ensure_user(&self, new: NewUser) -> Result<Ensured, DirectoryError> {
        let name = new.username.clone();
        check_username(&name)?;
        if let Some(user) = self.find_user(&name).await? {
            return Ok(Ensured::Kept(user));
        }
        match self.add_user(new).await {
            Ok(user) => Ok(Ensured::Made(user)),
            Err(DirectoryError::UsernameExists) => {
                let user = self.find_user(&name).await?.ok_or(DirectoryError::Busy)?;
                Ok(Ensured::Kept(user))
            }
            Err(error) => Err(error),
        }
    }

    /// The user of a name, if there is one.
    pub async fn find_user(&self, username: &str) -> Result<Option<User>, DirectoryError> {
        if check_username(username).is_err() {
            return Ok(None);
        }
        Ok(self.load(username).await?.map(|(_, account)| account.user))
    }

    /// All users, in order of their names.
    pub async fn list_users(&self) -> Result<Vec<User>, DirectoryError> {
        let mut users = Vec::new();
        let mut range = Range::all();
        loop {
            let page = self.table.query(&self.partition, &range, Order::Ascending, PAGE).await?;
            for item in &page.items {
                users.push(item.parse::<Account>()?.user);
            }
            match page.items.last() {
                Some(last) if page.more => range.after = Some(last.key.sort.clone()),
                _ => return Ok(users),
            }
        }
    }

    /// Whether there is no user at all.
    pub async fn is_empty(&self) -> Result<bool, DirectoryError> {
        let page = self.table.query(&self.partition, &Range::all(), Order::Ascending, 1).await?;
        Ok(page.items.is_empty())
    }

    /// Sets a new password, and ends every sign-in and refresh token of the user.
    pub async fn set_password(&self, username: &str, password: &str) -> Result<(), DirectoryError> {
        check_password(password)?;
        let hash = self.passwords.hash(password.to_owned()).await?;
        self.change(username, |account| {
            account.password_hash.clone_from(&hash);
            account.epoch = account.epoch.saturating_add(1);
            Ok(())
        })
        .await?;
        Ok(())
    }

    /// Sets the groups a user is in; tokens show them from the next refresh on.
    pub async fn set_groups(
        &self,
        username: &str,
        groups: Vec<String>,
    ) -> Result<User, DirectoryError> {
        let groups = checked_groups(groups)?;
        self.change(username, |account| {
            account.user.groups.clone_from(&groups);
            Ok(())
        })
        .await
    }

    /// Adds a user to a group; nothing happens when they are in it.
    pub async fn add_to_group(&self, username: &str, group: &str) -> Result<User, DirectoryError> {
        self.change(username, |account| {
            let mut groups = account.user.groups.clone();
            groups.push(group.to_owned());
            account.user.groups = checked_groups(groups)?;
            Ok(())
        })
        .await
    }

    /// Takes a user out of a group; nothing happens when they are not in it.
    pub async fn remove_from_group(
        &self,
        username: &str,
        group: &str,
    ) -> Result<User, DirectoryError> {
        self.change(username, |account| {
            account.user.groups.retain(|one| one != group);
            Ok(())
        })
        .await
    }

    /// Ends every sign-in and refresh token of a user; the password stays.
    pub async fn end_sign_ins(&self, username: &str) -> Result<User, DirectoryError> {
        self.change(username, |account| {
            account.epoch = account.epoch.saturating_add(1);
            Ok(())
        })
        .await
    }

    /// Lets a user sign in and refresh tokens, or not.
    pub async fn set_enabled(&self, username: &str, on: bool) -> Result<User, DirectoryError> {
        self.change(username, |account| {
            account.disabled = !on;
            Ok(())
        })
        .await
    }

    /// Compares a password; it takes as long for a user who does not exist.
    pub(crate) async fn authenticate(
        &self,
        username: &str,
        password: &str,
    ) -> Result<Account, SignInRefused> {
        let account = self.load(username).await?.map(|(_, account)| account);
        let hash = account.as_ref().map(|account| account.password_hash.clone());
        let fits = self.passwords.verify(password.to_owned(), hash).await?;
        let account = account.filter(|_| fits).ok_or(SignInRefused::Wrong)?;
        if account.disabled { Err(SignInRefused::Disabled) } else { Ok(account) }
    }

    /// The user of a sign-in as they are now; `None` when it has been ended since.
    pub(crate) async fn user_of(&self, sign_in: &SignIn) -> Result<Option<User>, Failure> {
        let found = self.load(&sign_in.username).await?;
        Ok(found
            .map(|(_, account)| account)
            .filter(|account| account.user.sub == sign_in.sub && account.epoch == sign_in.epoch)
            .filter(|account| !account.disabled)
            .map(|account| account.user))
    }

    /// Changes an account, again from the start when somebody else was faster.
    async fn change(
        &self,
        username: &str,
        change: impl Fn(&mut Account) -> Result<(), DirectoryError>,
    ) -> Result<User, DirectoryError> {
        check_username(username).map_err(|_| DirectoryError::UserNotFound)?;
        for _ in 0..MAX_TRIES {
            let (version, mut account) =
                self.load(username).await?.ok_or(DirectoryError::UserNotFound)?;
            change(&mut account)?;
            let item = Item::new(self.key(username), &account)?.version(version + 1);
            match self.table.write(vec![Write::replace(item, version)]).await {
                Ok(()) => return Ok(account.user),
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

    fn key(&self, username: &str) -> Key {
        Key::new(&self.partition, folded(username))
    }
}
