//! `ListUsers` and `ListUsersInGroup`.

use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::message::{check_pool, page_token, position};
use super::operation::{Operation, operation};
use super::rules::{FILTER, GROUP_NAME, LIMIT, PAGE_TOKEN, POOL_ID, Rule, optional, required};
use super::user_filter::UserFilter;
use super::user_output::UserOutput;
use crate::attributes::check_name;
use crate::error::AccountError;
use crate::pool::UserPool;
use crate::user::Account;

/// Maximum and default number of users or groups in a list.
pub(super) const MAX_LISTED: usize = 60;

pub(super) const OPERATIONS: &[Operation] = &[
    operation!(
        "ListUsers",
        Administrator,
        list_users,
        [
            required("UserPoolId", POOL_ID),
            optional("AttributesToGet", Rule::List),
            optional("Limit", LIMIT),
            optional("PaginationToken", PAGE_TOKEN),
            optional("Filter", FILTER),
        ]
    ),
    operation!(
        "ListUsersInGroup",
        Administrator,
        list_users_in_group,
        [
            required("UserPoolId", POOL_ID),
            required("GroupName", GROUP_NAME),
            optional("Limit", LIMIT),
            optional("NextToken", PAGE_TOKEN),
        ]
    ),
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListInput {
    user_pool_id: String,
    attributes_to_get: Option<Vec<String>>,
    filter: Option<String>,
    limit: Option<usize>,
    pagination_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListInGroupInput {
    user_pool_id: String,
    group_name: String,
    limit: Option<usize>,
    next_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListOutput {
    users: Vec<UserOutput>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pagination_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// Returns the number of items of a page; zero means the default, as with Cognito.
pub(super) fn page_size(limit: Option<usize>) -> usize {
    limit.filter(|limit| *limit > 0).unwrap_or(MAX_LISTED)
}

async fn list_users(pool: &UserPool, input: ListInput) -> Result<ListOutput, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    check_names(input.attributes_to_get.as_deref().unwrap_or_default())?;
    let filter = UserFilter::parse(input.filter.as_deref().unwrap_or_default())?;
    let after = position(input.pagination_token.as_deref())?;
    let matches = |account: &Account| filter.as_ref().is_none_or(|it| it.matches(account));
    let page = pool.directory().accounts(after, page_size(input.limit), matches).await?;
    let output = |account| match &input.attributes_to_get {
        Some(names) if !names.is_empty() => UserOutput::with(account, names),
        Some(_) | None => UserOutput::listed(account),
    };
    Ok(ListOutput {
        users: page.accounts.iter().map(output).collect(),
        pagination_token: page.next.as_deref().map(page_token),
        next_token: None,
    })
}

/// Checks that users can have the attributes that a list is to show.
fn check_names(names: &[String]) -> Result<(), ApiError> {
    if names.iter().all(|name| name == "sub" || check_name(name).is_ok()) {
        return Ok(());
    }
    let message = "One or more requested attributes do not exist in user pool.";
    Err(ApiError::invalid_parameter(message))
}

async fn list_users_in_group(
    pool: &UserPool,
    input: ListInGroupInput,
) -> Result<ListOutput, ApiError> {
    check_pool(pool, &input.user_pool_id)?;
    let group = pool.directory().group(&input.group_name).await?;
    let group = group.ok_or(AccountError::GroupNotFound)?.name;
    let after = position(input.next_token.as_deref())?;
    let matches = |account: &Account| account.user.groups.contains(&group);
    let page = pool.directory().accounts(after, page_size(input.limit), matches).await?;
    Ok(ListOutput {
        users: page.accounts.iter().map(UserOutput::listed).collect(),
        pagination_token: None,
        next_token: page.next.as_deref().map(page_token),
    })
}
