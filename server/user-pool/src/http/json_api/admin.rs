//! The Admin operations: group membership, disabled users and global sign-out.
//!
//! The caller has already checked the signature of the request.

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::message::{encode_output, parse_input};
use crate::pool::UserPool;

/// An Admin operation.
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
    /// Returns the operation with a name in `X-Amz-Target`.
    pub(super) fn from_name(name: &str) -> Option<Self> {
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
    let input: Input = parse_input(body)?;
    if input.user_pool_id != pool.state.settings.pool_id {
        let message = format!("User pool {} does not exist.", input.user_pool_id);
        return Err(ApiError::ResourceNotFound(message));
    }
    let (directory, name) = (pool.directory(), input.username.as_str());
    match operation {
        Operation::AddUserToGroup => directory.add_to_group(name, input.required_group()?).await?,
        Operation::RemoveUserFromGroup => {
            directory.remove_from_group(name, input.required_group()?).await?
        }
        Operation::ListGroupsForUser => return list_groups(pool, name).await,
        Operation::DisableUser => directory.set_enabled(name, false).await?,
        Operation::EnableUser => directory.set_enabled(name, true).await?,
        Operation::UserGlobalSignOut => directory.sign_out_everywhere(name).await?,
    };
    tracing::info!(?operation, "an administrator changed a user");
    encode_output(&json!({}))
}

async fn list_groups(pool: &UserPool, name: &str) -> Result<Value, ApiError> {
    let user = pool.directory().find_user(name).await?.ok_or(ApiError::UserNotFound)?;
    let id = &pool.state.settings.pool_id;
    let groups = user.groups.iter().map(|group| json!({ "GroupName": group, "UserPoolId": id }));
    encode_output(&json!({ "Groups": groups.collect::<Vec<_>>() }))
}

impl Input {
    fn required_group(&self) -> Result<&str, ApiError> {
        let missing = || ApiError::InvalidParameter("GroupName is missing.".to_owned());
        self.group_name.as_deref().ok_or_else(missing)
    }
}
