//! The operations of administrators: groups, and who may sign in.
//!
//! Their requests are signed; that was checked before anything here is reached.

use serde::Deserialize;
use serde_json::{Value, json};

use super::json_api::{ApiError, input, output};
use crate::UserPool;

/// What an administrator can have done to a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    AddUserToGroup,
    RemoveUserFromGroup,
    ListGroupsForUser,
    DisableUser,
    EnableUser,
    UserGlobalSignOut,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Input {
    user_pool_id: String,
    username: String,
    group_name: Option<String>,
}

impl Operation {
    /// The operation of a name in `X-Amz-Target`.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "AdminAddUserToGroup" => Self::AddUserToGroup,
            "AdminRemoveUserFromGroup" => Self::RemoveUserFromGroup,
            "AdminListGroupsForUser" => Self::ListGroupsForUser,
            "AdminDisableUser" => Self::DisableUser,
            "AdminEnableUser" => Self::EnableUser,
            "AdminUserGlobalSignOut" => Self::UserGlobalSignOut,
            _ => return None,
        })
    }
}

pub(super) async fn run(
    pool: &UserPool,
    operation: Operation,
    body: &[u8],
) -> Result<Value, ApiError> {
    let input: Input = input(body)?;
    if input.user_pool_id != pool.0.settings.pool_id {
        let message = format!("User pool {} does not exist.", input.user_pool_id);
        return Err(ApiError::ResourceNotFound(message));
    }
    let (directory, name) = (pool.directory(), input.username.as_str());
    match operation {
        Operation::AddUserToGroup => directory.add_to_group(name, input.group()?).await?,
        Operation::RemoveUserFromGroup => directory.remove_from_group(name, input.group()?).await?,
        Operation::ListGroupsForUser => return groups(pool, name).await,
        Operation::DisableUser => directory.set_enabled(name, false).await?,
        Operation::EnableUser => directory.set_enabled(name, true).await?,
        Operation::UserGlobalSignOut => directory.end_sign_ins(name).await?,
    };
    tracing::info!(?operation, "an administrator changed a user");
    output(&json!({}))
}

async fn groups(pool: &UserPool, name: &str) -> Result<Value, ApiError> {
    let user = pool.directory().find_user(name).await?.ok_or(ApiError::UserNotFound)?;
    let id = &pool.0.settings.pool_id;
    let groups = user.groups.iter().map(|group| json!({ "GroupName": group, "UserPoolId": id }));
    output(&json!({ "Groups": groups.collect::<Vec<_>>() }))
}

impl Input {
    fn group(&self) -> Result<&str, ApiError> {
        let missing = || ApiError::InvalidParameter("GroupName is missing.".to_owned());
        self.group_name.as_deref().ok_or_else(missing)
    }
}
