//! Groups. The groups of a user are stored with the user; a group has a description of its own.

use std::collections::BTreeSet;

use gazette_table::{Item, Key, Order, Range, TableError, Write};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Directory, MAX_ATTEMPTS, PAGE_SIZE};
use crate::error::{AccountError, DirectoryError};
use crate::user::Account;
use crate::validation::checked_groups;

/// Maximum number of groups in a pool; Cognito's.
const MAX_GROUPS: usize = 10_000;

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) name: String,
    #[serde(flatten)]
    pub(crate) details: GroupDetails,
    pub(crate) created_at: Timestamp,
    pub(crate) modified_at: Timestamp,
    /// The pool made the group for its users or for the site, and no administrator has created it.
    #[serde(default)]
    is_implied: bool,
}

/// Properties of a group that an administrator sets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GroupDetails {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) precedence: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) role_arn: Option<String>,
}

/// A page of groups.
pub(crate) struct GroupPage {
    pub(crate) groups: Vec<Group>,
    /// Position after which the next page begins; `None` at the end.
    pub(crate) next: Option<String>,
}

impl Directory {
    /// Creates a group.
    ///
    /// A group that only the pool has made can be created once, as in a new pool of Cognito: the
    /// steps of a tutorial work, whatever users there are.
    pub(crate) async fn create_group(
        &self,
        name: &str,
        details: GroupDetails,
    ) -> Result<Group, AccountError> {
        checked_groups(vec![name.to_owned()])?;
        let present = self.table.get(&self.group_key(name)).await?;
        if let Some(item) = &present
            && !item.parse::<Group>()?.is_implied
        {
            return Err(AccountError::GroupExists);
        }
        if present.is_none() && self.groups(None, MAX_GROUPS).await?.groups.len() >= MAX_GROUPS {
            return Err(AccountError::TooManyGroups);
        }
        let group = self.new_group(name, details, false);
        let item = Item::new(self.group_key(name), &group)?;
        let write = match present {
            None => Write::create(item),
            Some(old) => Write::replace(item.version(old.version + 1), old.version),
        };
        match self.table.write(vec![write]).await {
            Ok(()) => Ok(group),
            Err(TableError::Conflict { .. }) => Err(AccountError::GroupExists),
            Err(error) => Err(error.into()),
        }
    }

    /// Creates the groups that do not exist.
    pub async fn ensure_groups(
        &self,
        names: impl IntoIterator<Item = String> + Send,
    ) -> Result<(), DirectoryError> {
        for name in checked_groups(names.into_iter().collect())? {
            if self.table.get(&self.group_key(&name)).await?.is_some() {
                continue;
            }
            let group = self.new_group(&name, GroupDetails::default(), true);
            let item = Item::new(self.group_key(&name), &group)?;
            match self.table.write(vec![Write::create(item)]).await {
                Ok(()) | Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Returns a group, if it exists.
    pub(crate) async fn group(&self, name: &str) -> Result<Option<Group>, AccountError> {
        if checked_groups(vec![name.to_owned()]).is_err() {
            return Ok(None);
        }
        let item = self.table.get(&self.group_key(name)).await?;
        Ok(item.map(|item| item.parse()).transpose()?)
    }

    /// Replaces the details that are given.
    pub(crate) async fn update_group(
        &self,
        name: &str,
        details: GroupDetails,
    ) -> Result<Group, AccountError> {
        for _ in 0..MAX_ATTEMPTS {
            let item = self.table.get(&self.group_key(name)).await?;
            let item = item.ok_or(AccountError::GroupNotFound)?;
            let mut group: Group = item.parse()?;
            let old = group.details;
            group.details = GroupDetails {
                description: details.description.clone().or(old.description),
                precedence: details.precedence.or(old.precedence),
                role_arn: details.role_arn.clone().or(old.role_arn),
            };
            group.modified_at = self.now();
            let new = Item::new(item.key, &group)?.version(item.version + 1);
            match self.table.write(vec![Write::replace(new, item.version)]).await {
                Ok(()) => return Ok(group),
                Err(TableError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(AccountError::Busy)
    }

    /// Deletes a group; its members leave it.
    pub(crate) async fn delete_group(&self, name: &str) -> Result<(), AccountError> {
        self.group(name).await?.ok_or(AccountError::GroupNotFound)?;
        self.table.write(vec![Write::delete(self.group_key(name))]).await?;
        let is_member = |account: &Account| account.user.groups.iter().any(|group| group == name);
        for account in self.accounts(None, usize::MAX, is_member).await?.accounts {
            match self.remove_from_group(&account.user.username, name).await {
                Ok(_) | Err(DirectoryError::UserNotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Lists groups, sorted by name, from after a position.
    pub(crate) async fn groups(
        &self,
        after: Option<String>,
        limit: usize,
    ) -> Result<GroupPage, AccountError> {
        let mut groups = Vec::new();
        let mut range = Range { after, before: None };
        loop {
            let wanted = limit.saturating_sub(groups.len()).min(PAGE_SIZE);
            let partition = &self.group_partition;
            let page = self.table.query(partition, &range, Order::Ascending, wanted.max(1)).await?;
            for item in &page.items {
                groups.push(item.parse()?);
            }
            let last = page.items.last().map(|item| item.key.sort.clone());
            if !page.more || groups.len() >= limit {
                let next = last.filter(|_| page.more);
                return Ok(GroupPage { groups, next });
            }
            range.after = last;
        }
    }

    /// Adds what earlier versions did not store: the groups, and the addresses of the users.
    pub(crate) async fn upgrade(&self) -> Result<(), DirectoryError> {
        let partition = &self.group_partition;
        let page = self.table.query(partition, &Range::all(), Order::Ascending, 1).await?;
        if !page.items.is_empty() {
            return Ok(());
        }
        let accounts = self.accounts(None, usize::MAX, |_| true).await?.accounts;
        let mut groups = BTreeSet::new();
        for account in accounts {
            self.add_alias(&account).await?;
            groups.extend(account.user.groups);
        }
        for group in groups {
            self.ensure_groups([group]).await?;
        }
        Ok(())
    }

    fn new_group(&self, name: &str, details: GroupDetails, is_implied: bool) -> Group {
        let now = self.now();
        Group { name: name.to_owned(), details, created_at: now, modified_at: now, is_implied }
    }

    fn group_key(&self, name: &str) -> Key {
        Key::new(&self.group_partition, name)
    }
}
