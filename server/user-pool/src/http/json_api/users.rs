//! Lists of users and groups.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::message::{check_pool, encode_output, parse_input};
use super::user_filter::UserFilter;
use super::user_output::UserOutput;
use crate::directory::AccountPage;
use crate::pool::UserPool;
use crate::user::Account;

/// Maximum and default number of users or groups in a list.
const MAX_LISTED: usize = 60;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListInput {
    user_pool_id: String,
    group_name: Option<String>,
    filter: Option<String>,
    limit: Option<i64>,
    pagination_token: Option<String>,
    next_token: Option<String>,
}

/// `ListUsers`.
pub(super) async fn list_users(pool: &UserPool, body: &[u8]) -> Result<Value, ApiError> {
    let input = ListInput::parse(pool, body)?;
    let filter = UserFilter::parse(input.filter.as_deref().unwrap_or_default())?;
    let matches = |account: &Account| filter.as_ref().is_none_or(|it| it.matches(account));
    let page = page(pool, &input, input.pagination_token.as_deref(), matches).await?;
    output(&page, "PaginationToken")
}

/// `ListUsersInGroup`. A group without members is not an error: here a group is only a name.
pub(super) async fn list_users_in_group(pool: &UserPool, body: &[u8]) -> Result<Value, ApiError> {
    let input = ListInput::parse(pool, body)?;
    let missing = || ApiError::InvalidParameter("GroupName is missing.".to_owned());
    let group = input.group_name.clone().ok_or_else(missing)?;
    let matches = |account: &Account| account.user.groups.contains(&group);
    let page = page(pool, &input, input.next_token.as_deref(), matches).await?;
    output(&page, "NextToken")
}

/// `ListGroups`: the groups that have members.
pub(super) async fn list_groups(pool: &UserPool, body: &[u8]) -> Result<Value, ApiError> {
    let input = ListInput::parse(pool, body)?;
    let users = pool.directory().list_users().await?;
    let names: BTreeSet<String> = users.into_iter().flat_map(|user| user.groups).collect();
    let id = &input.user_pool_id;
    let groups = names.iter().map(|name| json!({ "GroupName": name, "UserPoolId": id }));
    encode_output(&json!({ "Groups": groups.take(input.limit()?).collect::<Vec<_>>() }))
}

async fn page(
    pool: &UserPool,
    input: &ListInput,
    token: Option<&str>,
    matches: impl Fn(&Account) -> bool,
) -> Result<AccountPage, ApiError> {
    let after = token.map(position).transpose()?;
    Ok(pool.directory().accounts(after, input.limit()?, matches).await?)
}

fn output(page: &AccountPage, token: &str) -> Result<Value, ApiError> {
    let users: Vec<_> = page.accounts.iter().map(UserOutput::listed).collect();
    let mut output = json!({ "Users": encode_output(&users)? });
    if let (Some(next), Some(fields)) = (&page.next, output.as_object_mut()) {
        fields.insert(token.to_owned(), URL_SAFE_NO_PAD.encode(next).into());
    }
    Ok(output)
}

/// Returns the position that a token stands for.
fn position(token: &str) -> Result<String, ApiError> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok();
    let position = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    position.ok_or_else(|| ApiError::InvalidParameter("Invalid pagination token.".to_owned()))
}

impl ListInput {
    fn parse(pool: &UserPool, body: &[u8]) -> Result<Self, ApiError> {
        let input: Self = parse_input(body)?;
        check_pool(&pool.state.settings, &input.user_pool_id)?;
        Ok(input)
    }

    fn limit(&self) -> Result<usize, ApiError> {
        let limit = self.limit.map_or(Some(MAX_LISTED), |limit| usize::try_from(limit).ok());
        limit.filter(|limit| (1..=MAX_LISTED).contains(limit)).ok_or_else(|| {
            ApiError::InvalidParameter(format!(
                "1 validation error detected: Value at 'limit' failed to satisfy constraint: \
                 Member must have value between 1 and {MAX_LISTED}"
            ))
        })
    }
}
