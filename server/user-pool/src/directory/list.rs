//! Lists of users.

use gazette_table::{Order, Range};

use super::Directory;
use crate::error::DirectoryError;
use crate::user::{Account, User};
use crate::validation::check_username;

/// Number of users read at a time.
const PAGE_SIZE: usize = 500;

/// A page of accounts.
pub(crate) struct AccountPage {
    pub(crate) accounts: Vec<Account>,
    /// Position after which the next page begins; `None` at the end.
    pub(crate) next: Option<String>,
}

impl Directory {
    /// Lists all users, sorted by username.
    pub async fn list_users(&self) -> Result<Vec<User>, DirectoryError> {
        let page = self.accounts(None, usize::MAX, |_| true).await?;
        Ok(page.accounts.into_iter().map(|account| account.user).collect())
    }

    /// Checks that the directory has no users.
    pub async fn is_empty(&self) -> Result<bool, DirectoryError> {
        let page = self.table.query(&self.partition, &Range::all(), Order::Ascending, 1).await?;
        Ok(page.items.is_empty())
    }

    /// Returns the account with a username, if one exists.
    pub(crate) async fn account(&self, username: &str) -> Result<Option<Account>, DirectoryError> {
        if check_username(username).is_err() {
            return Ok(None);
        }
        Ok(self.load(username).await?.map(|(_, account)| account))
    }

    /// Lists the accounts that match, sorted by username, from after a position.
    ///
    /// Reads as far as it must: the pool is for one machine.
    pub(crate) async fn accounts(
        &self,
        after: Option<String>,
        limit: usize,
        matches: impl Fn(&Account) -> bool,
    ) -> Result<AccountPage, DirectoryError> {
        let (mut accounts, mut position) = (Vec::new(), None);
        let mut range = Range { after, before: None };
        loop {
            let page =
                self.table.query(&self.partition, &range, Order::Ascending, PAGE_SIZE).await?;
            for item in &page.items {
                let account: Account = item.parse()?;
                if !matches(&account) {
                    continue;
                }
                if accounts.len() == limit {
                    return Ok(AccountPage { accounts, next: position });
                }
                accounts.push(account);
                position = Some(item.key.sort.clone());
            }
            match page.items.last() {
                Some(last) if page.more => range.after = Some(last.key.sort.clone()),
                _ => return Ok(AccountPage { accounts, next: None }),
            }
        }
    }
}
