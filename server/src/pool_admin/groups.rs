//! Groups of users.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::client::PoolAdmin;
use super::error::PoolAdminError;
use super::operation::Operation;
use super::users::{PoolUser, UserSearch};

/// Maximum number of groups in an answer; the maximum of Cognito.
const MAX_LISTED: usize = 60;
/// Pages that are read, of groups or of members.
const MAX_PAGES: usize = 5;
/// Requests at the same time.
const MAX_CONCURRENT: usize = 8;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GroupsOutput {
    #[serde(default)]
    groups: Vec<GroupOutput>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GroupOutput {
    group_name: String,
}

impl PoolAdmin {
    /// Returns the groups of a user.
    pub(crate) async fn groups_of(&self, username: &str) -> Result<Vec<String>, PoolAdminError> {
        let (mut groups, mut token) = (Vec::new(), None);
        for _ in 0..MAX_PAGES {
            let mut input = json!({
                "UserPoolId": self.pool_id, "Username": username, "Limit": MAX_LISTED,
            });
            if let (Some(token), Some(input)) = (token.take(), input.as_object_mut()) {
                input.insert("NextToken".to_owned(), Value::String(token));
            }
            let output: GroupsOutput = self.call(Operation::AdminListGroupsForUser, &input).await?;
            groups.extend(output.groups.into_iter().map(|group| group.group_name));
            token = output.next_token;
            if token.is_none() {
                break;
            }
        }
        Ok(groups)
    }

    /// Returns the groups of each of some users.
    pub(crate) async fn groups_of_each(
        &self,
        users: &[PoolUser],
    ) -> Result<Vec<Vec<String>>, PoolAdminError> {
        let names: Vec<String> = users.iter().map(|user| user.username.clone()).collect();
        let requests = names.into_iter().map(async |name| self.groups_of(&name).await);
        stream::iter(requests).buffered(MAX_CONCURRENT).try_collect().await
    }

    /// Adds a user to a group.
    pub(crate) async fn add_to_group(
        &self,
        username: &str,
        group: &str,
    ) -> Result<(), PoolAdminError> {
        self.change_group(Operation::AdminAddUserToGroup, username, group).await
    }

    /// Removes a user from a group.
    pub(crate) async fn remove_from_group(
        &self,
        username: &str,
        group: &str,
    ) -> Result<(), PoolAdminError> {
        self.change_group(Operation::AdminRemoveUserFromGroup, username, group).await
    }

    /// Checks whether a group has a member, besides one, who can sign in.
    pub(crate) async fn has_other_member(
        &self,
        group: &str,
        sub: &str,
    ) -> Result<bool, PoolAdminError> {
        let search = UserSearch::Group(group.to_owned());
        let mut after = None;
        for _ in 0..MAX_PAGES {
            let page = self.users(&search, MAX_LISTED, after.as_deref()).await?;
            if page.users.iter().any(|user| user.is_enabled && !user.is_invited && user.sub != sub)
            {
                return Ok(true);
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        Ok(false)
    }

    async fn change_group(
        &self,
        operation: Operation,
        username: &str,
        group: &str,
    ) -> Result<(), PoolAdminError> {
        let input = json!({ "UserPoolId": self.pool_id, "Username": username, "GroupName": group });
        self.call::<Map<String, Value>>(operation, &input).await.map(drop)
    }
}
