//! The Admin operations: users, group membership, disabled users and global sign-out.
//!
//! The caller has already checked the signature of the request.

use serde::Deserialize;
use serde_json::{Value, json};

use super::create_user::create_user;
use super::error::ApiError;
use super::message::{check_pool, encode_output, parse_input};
use super::user_output::UserOutput;
use super::users::{list_groups, list_users, list_users_in_group};
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
    GetUser,
    CreateUser,
    ListUsers,
    ListUsersInGroup,
    ListGroups,
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
            "AdminGetUser" => Self::GetUser,
            "AdminCreateUser" => Self::CreateUser,
            "ListUsers" => Self::ListUsers,
            "ListUsersInGroup" => Self::ListUsersInGroup,
            "ListGroups" => Self::ListGroups,
            _ => return None,
        })
    }
}

pub(super) async fn run(
    pool: &UserPool,
    operation: Operation,
    body: &[u8],
) -> Result<Value, ApiError> {
    match operation {
        Operation::CreateUser => create_user(pool, body).await,
        Operation::ListUsers => list_users(pool, body).await,
        Operation::ListUsersInGroup => list_users_in_group(pool, body).await,
        Operation::ListGroups => list_groups(pool, body).await,
        Operation::AddUserToGroup
        | Operation::RemoveUserFromGroup
        | Operation::ListGroupsForUser
        | Operation::DisableUser
        | Operation::EnableUser
        | Operation::UserGlobalSignOut
        | Operation::GetUser => run_on_user(pool, operation, &parse_input(body)?).await,
    }
}

/// Runs an operation on one user.
async fn run_on_user(
    pool: &UserPool,
    operation: Operation,
    input: &Input,
) -> Result<Value, ApiError> {
    check_pool(&pool.state.settings, &input.user_pool_id)?;
    let (directory, name) = (pool.directory(), input.username.as_str());
    match operation {
        Operation::AddUserToGroup => directory.add_to_group(name, input.required_group()?).await?,
        Operation::RemoveUserFromGroup => {
            directory.remove_from_group(name, input.required_group()?).await?
        }
        Operation::DisableUser => directory.set_enabled(name, false).await?,
        Operation::EnableUser => directory.set_enabled(name, true).await?,
        Operation::UserGlobalSignOut => directory.sign_out_everywhere(name).await?,
        Operation::ListGroupsForUser => return groups_of(pool, name).await,
        Operation::GetUser => {
            let account = directory.account(name).await?.ok_or(ApiError::UserNotFound)?;
            return encode_output(&UserOutput::single(&account));
        }
        Operation::CreateUser
        | Operation::ListUsers
        | Operation::ListUsersInGroup
        | Operation::ListGroups => return Err(ApiError::UnknownOperation),
    };
    tracing::info!(?operation, "an administrator changed a user");
    encode_output(&json!({}))
}

async fn groups_of(pool: &UserPool, name: &str) -> Result<Value, ApiError> {
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
