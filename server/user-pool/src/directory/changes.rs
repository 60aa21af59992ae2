//! Changes of accounts: each is one batch, which includes the address to sign in with.

use gazette_table::{Condition, Item, TableError, Write};

use super::{Directory, MAX_ATTEMPTS};
use crate::error::{DirectoryError, InternalError};
use crate::secret::random_uuid;
use crate::user::{Account, NewAccount, User};
use crate::validation::{check_email, check_password, check_username, checked_groups};

impl Directory {
    pub(super) async fn update(
        &self,
        username: &str,
        change: impl Fn(&mut Account),
    ) -> Result<User, DirectoryError> {
        let account = self.try_update(username, |account| {
            change(account);
            Ok::<(), DirectoryError>(())
        });
        Ok(account.await?.user)
    }

    /// Creates an account in a state.
    pub(crate) async fn create(&self, new: NewAccount) -> Result<Account, DirectoryError> {
        check_username(&new.username)?;
        new.email.as_deref().map_or(Ok(()), check_email)?;
        check_password(&new.password)?;
        let groups = checked_groups(new.groups)?;
        if self.load(&new.username).await?.is_some() {
            return Err(DirectoryError::UsernameExists);
        }
        self.ensure_groups(groups.clone()).await?;
        let user = User {
            username: new.username,
            sub: random_uuid()?,
            email_verified: new.email_verified && new.email.is_some(),
            email: new.email.unwrap_or_default(),
            attributes: new.attributes,
            groups,
            created_at: self.now(),
        };
        let password = self.store_password(&user.username, &new.password).await?;
        let account = Account::new(user, password, new.state);
        self.write_new(&account, new.may_share_email).await?;
        self.count_created();
        Ok(account)
    }

    /// Writes a new account, with its address unless another user has verified the same.
    async fn write_new(
        &self,
        account: &Account,
        may_share_email: bool,
    ) -> Result<(), DirectoryError> {
        let key = self.key(&account.user.username);
        for _ in 0..MAX_ATTEMPTS {
            let alias = self.alias_writes(None, account, false).await?;
            if alias.is_none() && !may_share_email {
                return Err(DirectoryError::EmailExists);
            }
            let mut batch = vec![Write::create(Item::new(key.clone(), account)?)];
            batch.extend(alias.unwrap_or_default());
            match self.table.write(batch).await {
                Ok(()) => return Ok(()),
                Err(TableError::Conflict { key: taken }) if taken == key => {
                    return Err(DirectoryError::UsernameExists);
                }
                // Another user took the address at the same time.
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(DirectoryError::Busy)
    }

    /// Deletes a user.
    pub(crate) async fn delete(&self, username: &str) -> Result<(), DirectoryError> {
        check_username(username).map_err(|_| DirectoryError::UserNotFound)?;
        for _ in 0..MAX_ATTEMPTS {
            let found = self.load(username).await?;
            let (version, account) = found.ok_or(DirectoryError::UserNotFound)?;
            let key = self.key(username);
            let mut batch = vec![Write::Delete { key, condition: Condition::Version(version) }];
            if let Some(email) = account.alias() {
                batch.extend(self.alias_delete(email, &account).await?);
            }
            match self.table.write(batch).await {
                Ok(()) => {
                    self.count_deleted();
                    return Ok(());
                }
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(DirectoryError::Busy)
    }

    /// Changes an account; starts again when another change comes first.
    pub(crate) async fn try_update<E: From<DirectoryError>>(
        &self,
        username: &str,
        change: impl Fn(&mut Account) -> Result<(), E>,
    ) -> Result<Account, E> {
        self.change(username, false, change).await
    }

    /// Changes an account, which may take its address from another one.
    pub(crate) async fn change<E: From<DirectoryError>>(
        &self,
        username: &str,
        may_take_alias: bool,
        change: impl Fn(&mut Account) -> Result<(), E>,
    ) -> Result<Account, E> {
        check_username(username).map_err(|_| DirectoryError::UserNotFound)?;
        for _ in 0..MAX_ATTEMPTS {
            let found = self.load(username).await.map_err(DirectoryError::from)?;
            let (version, before) = found.ok_or(DirectoryError::UserNotFound)?;
            let mut account = before.clone();
            change(&mut account)?;
            account.modified_at = Some(self.now());
            match self.replace(version, &before, &account, may_take_alias).await {
                Ok(()) => return Ok(account),
                Err(DirectoryError::Internal(InternalError::Table(TableError::Conflict {
                    ..
                }))) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(DirectoryError::Busy.into())
    }

    async fn replace(
        &self,
        version: u64,
        before: &Account,
        account: &Account,
        may_take_alias: bool,
    ) -> Result<(), DirectoryError> {
        let item = Item::new(self.key(&account.user.username), account)?.version(version + 1);
        let mut batch = vec![Write::replace(item, version)];
        let alias = self.alias_writes(Some(before), account, may_take_alias).await?;
        batch.extend(alias.ok_or(DirectoryError::EmailExists)?);
        Ok(self.table.write(batch).await?)
    }
}
