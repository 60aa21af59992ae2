//! Verified email addresses, which users can sign in with instead of their names.
//!
//! An item of the partition says which user has an address. It counts only while that user's
//! account says the same, so an outdated item does no harm.

use gazette_table::{Condition, Item, Key, TableError, Write};

use super::Directory;
use crate::error::{DirectoryError, InternalError};
use crate::user::Account;
use crate::validation::{check_username, normalize_username};

impl Directory {
    /// Returns the account with a username or with a verified email address.
    pub(crate) async fn resolve(&self, name: &str) -> Result<Option<Account>, InternalError> {
        if check_username(name).is_err() {
            return Ok(None);
        }
        if let Some((_, account)) = self.load(name).await? {
            return Ok(Some(account));
        }
        if name.contains('@') { self.owner_of(name).await } else { Ok(None) }
    }

    /// Returns the account that has verified an address.
    pub(crate) async fn owner_of(&self, email: &str) -> Result<Option<Account>, InternalError> {
        let Some(item) = self.table.get(&self.alias_key(email)).await? else { return Ok(None) };
        let username: String = item.parse()?;
        let account = self.load(&username).await?.map(|(_, account)| account);
        let email = normalize_username(email);
        Ok(account.filter(|it| it.alias().map(normalize_username) == Some(email)))
    }

    /// Returns the writes that let a changed account sign in with its address, if `may_take`
    /// allows to take it from its owner.
    pub(super) async fn alias_writes(
        &self,
        before: Option<&Account>,
        after: &Account,
        may_take: bool,
    ) -> Result<Option<Vec<Write>>, InternalError> {
        let old = before.and_then(|account| account.alias()).map(normalize_username);
        let new = after.alias().map(normalize_username);
        let mut writes = Vec::new();
        if old == new {
            return Ok(Some(writes));
        }
        if let Some(old) = old {
            writes.extend(self.alias_delete(&old, after).await?);
        }
        let Some(new) = new else { return Ok(Some(writes)) };
        let owner = self.owner_of(&new).await?;
        let is_free = owner.is_none_or(|owner| owner.user.sub == after.user.sub);
        if !is_free && !may_take {
            return Ok(None);
        }
        let present = self.table.get(&self.alias_key(&new)).await?;
        let item = Item::new(self.alias_key(&new), &after.user.username)?;
        writes.push(match present {
            None => Write::create(item),
            Some(old) => Write::replace(item.version(old.version + 1), old.version),
        });
        Ok(Some(writes))
    }

    /// Returns the write that deletes the item of an account's former address.
    pub(super) async fn alias_delete(
        &self,
        email: &str,
        account: &Account,
    ) -> Result<Option<Write>, InternalError> {
        let Some(item) = self.table.get(&self.alias_key(email)).await? else { return Ok(None) };
        let is_own = item.parse::<String>()? == account.user.username;
        let condition = Condition::Version(item.version);
        Ok(is_own.then_some(Write::Delete { key: item.key, condition }))
    }

    /// Lets an account sign in with its address, unless another has it.
    pub(super) async fn add_alias(&self, account: &Account) -> Result<(), DirectoryError> {
        let writes = self.alias_writes(None, account, false).await?.unwrap_or_default();
        if writes.is_empty() {
            return Ok(());
        }
        match self.table.write(writes).await {
            Ok(()) | Err(TableError::Conflict { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn alias_key(&self, email: &str) -> Key {
        Key::new(&self.alias_partition, normalize_username(email))
    }
}
