//! Groups and their members.

use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::message::{Empty, check_pool, find_account, page_token, position};
use super::operation::{Operation, operation};
use super::rules::{
    DESCRIPTION, GROUP_NAME, LIMIT, PAGE_TOKEN, POOL_ID, PRECEDENCE, ROLE_ARN, USERNAME, optional,
    required,
};
use super::user_list::page_size;
use super::user_output::seconds;
use crate::directory::{Group, GroupDetails};
use crate::error::AccountError;
use crate::pool::UserPool;

pub(super) const OPERATIONS: &[Operation] = &[
    operation!(
        "CreateGroup",
        Administrator,
        create_group,
        [
            required("GroupName", GROUP_NAME),
            required("UserPoolId", POOL_ID),
            optional("Description", DESCRIPTION),
            optional("RoleArn", ROLE_ARN),
            optional("Precedence", PRECEDENCE),
        ]
    ),
    operation!(
        "GetGroup",
        Administrator,
        get_group,
        [required("GroupName", GROUP_NAME), required("UserPoolId", POOL_ID),]
    ),
    operation!(
        "UpdateGroup",
        Administrator,
        update_group,
        [
            required("GroupName", GROUP_NAME),
            required("UserPoolId", POOL_ID),
            optional("Description", DESCRIPTION),
            optional("RoleArn", ROLE_ARN),
            optional("Precedence", PRECEDENCE),
        ]
    ),
    operation!(
        "DeleteGroup",
        Administrator,
        delete_group,
        [required("GroupName", GROUP_NAME), required("UserPoolId", POOL_ID),]
    ),
    operation!(
        "ListGroups",
        Administrator,
        list_groups,
        [
            required("UserPoolId", POOL_ID),
            optional("Limit", LIMIT),
            optional("NextToken", PAGE_TOKEN),
        ]
    ),
    operation!(
        "AdminAddUserToGroup",
        Administrator,
        add_user,
        [
            required("UserPoolId", POOL_ID),
            required("Username", USERNAME),
            required("GroupName", GROUP_NAME),
        ]
    ),
    operation!(
        "AdminRemoveUserFromGroup",
        Administrator,
        remove_user,
        [
            required("UserPoolId", POOL_ID),
            required("Username", USERNAME),
            required("GroupName", GROUP_NAME),
        ]
    ),
    operation!(
        "AdminListGroupsForUser",
        Administrator,
        groups_of_user,
        [
            required("Username", USERNAME),
            required("UserPoolId", POOL_ID),
            optional("Limit", LIMIT),
            optional("NextToken", PAGE_TOKEN),
        ]
    ),
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GroupInput {
    user_pool_id: String,
    group_name: String,
    description: Option<String>,
    role_arn: Option<String>,
    precedence: Option<i32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MemberInput {
    user_pool_id: String,
    username: String,
    group_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListInput {
    user_pool_id: String,
    username: Option<String>,
    limit: Option<usize>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GroupOutput {
    group_name: String,
    user_pool_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    precedence: Option<i32>,
    last_modified_date: f64,
    creation_date: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SingleOutput {
    group: GroupOutput,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListOutput {
    groups: Vec<GroupOutput>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

impl GroupInput {
    fn details(self) -> GroupDetails {
        let Self { description, role_arn, precedence, .. } = self;
        GroupDetails { description, precedence, role_arn }
    }
}

fn output(pool: &UserPool, group: Group) -> GroupOutput {
    GroupOutput {
        group_name: group.name,
        user_pool_id: pool.state.settings.pool_id.clone(),
        description: group.details.description,
        role_arn: group.details.role_arn,
        precedence: group.details.precedence,
        last_modified_date: seconds(group.modified_at),
        creation_date: seconds(group.created_at),
    }
}

async fn create_group(pool: &UserPool, input: GroupInput) -> Result<SingleOutput, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let name = input.group_name.clone();
    let group = pool.directory().create_group(&name, input.details()).await?;
    Ok(SingleOutput { group: output(pool, group) })
}

async fn get_group(pool: &UserPool, input: GroupInput) -> Result<SingleOutput, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let group = pool.directory().group(&input.group_name).await?;
    Ok(SingleOutput { group: output(pool, group.ok_or(AccountError::GroupNotFound)?) })
}

async fn update_group(pool: &UserPool, input: GroupInput) -> Result<SingleOutput, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let name = input.group_name.clone();
    let group = pool.directory().update_group(&name, input.details()).await?;
    Ok(SingleOutput { group: output(pool, group) })
}

async fn delete_group(pool: &UserPool, input: GroupInput) -> Result<Empty, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    pool.directory().delete_group(&input.group_name).await?;
    Ok(Empty {})
}

async fn list_groups(pool: &UserPool, input: ListInput) -> Result<ListOutput, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let after = position(input.next_token.as_deref())?;
    let page = pool.directory().groups(after, page_size(input.limit)).await?;
    let groups = page.groups.into_iter().map(|group| output(pool, group)).collect();
    Ok(ListOutput { groups, next_token: page.next.as_deref().map(page_token) })
}

async fn add_user(pool: &UserPool, input: MemberInput) -> Result<Empty, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let account = find_account(pool, &input.username).await?;
    pool.directory().add_to_group(&account.user.username, &input.group_name).await?;
    Ok(Empty {})
}

async fn remove_user(pool: &UserPool, input: MemberInput) -> Result<Empty, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let account = find_account(pool, &input.username).await?;
    let group = pool.directory().group(&input.group_name).await?;
    let group = group.ok_or(AccountError::GroupNotFound)?;
    pool.directory().remove_from_group(&account.user.username, &group.name).await?;
    Ok(Empty {})
}

async fn groups_of_user(pool: &UserPool, input: ListInput) -> Result<ListOutput, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let account = find_account(pool, input.username.as_deref().unwrap_or_default()).await?;
    let after = position(input.next_token.as_deref())?;
    let size = page_size(input.limit);
    let mut names = account.user.groups;
    names.retain(|name| after.as_ref().is_none_or(|after| name > after));
    let has_more = names.len() > size;
    names.truncate(size);
    let next_token = names.last().filter(|_| has_more).map(|name| page_token(name));
    let mut groups = Vec::new();
    for name in names {
        groups.extend(pool.directory().group(&name).await?.map(|group| output(pool, group)));
    }
    Ok(ListOutput { groups, next_token })
}
