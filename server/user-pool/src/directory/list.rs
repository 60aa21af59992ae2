//! Lists of users.

use std::sync::atomic::{AtomicUsize, Ordering};

use gazette_table::Range;

use super::{Directory, PAGE_SIZE};
use crate::error::DirectoryError;
use crate::user::{Account, User};

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
        let page = self
            .table
            .query(&self.partition, &Range::all(), gazette_table::Order::Ascending, 1)
            .await?;
        Ok(page.items.is_empty())
    }

    /// Counts the users: reads them once, and follows the changes of this process.
    pub(crate) async fn user_count(&self) -> Result<usize, DirectoryError> {
        let count = self.count.get_or_try_init(async || {
            let page = self.accounts(None, usize::MAX, |_| true).await?;
            Ok::<_, DirectoryError>(AtomicUsize::new(page.accounts.len()))
        });
        Ok(count.await?.load(Ordering::Relaxed))
    }

    pub(super) fn count_created(&self) {
        if let Some(count) = self.count.get() {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn count_deleted(&self) {
        if let Some(count) = self.count.get() {
            let _ = count.try_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1));
        }
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
            let page = self
                .table
                .query(&self.partition, &range, gazette_table::Order::Ascending, PAGE_SIZE)
                .await?;
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
