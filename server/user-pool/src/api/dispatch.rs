//! Finds and runs operations.

use axum::http::HeaderMap;
use axum::http::header::ORIGIN;
use serde_json::Value;

use super::error::ApiError;
use super::message::parse_object;
use super::operation::{Access, Operation};
use super::request_signature::check_signature;
use super::rules::check;
use super::{
    account, clients, groups, mfa, pool, refresh, resource_servers, sign_in, sign_up, user_list,
    users,
};
use crate::pool::UserPool;

/// One table for each family.
const FAMILIES: [&[Operation]; 11] = [
    sign_up::OPERATIONS,
    sign_in::OPERATIONS,
    refresh::OPERATIONS,
    account::OPERATIONS,
    users::OPERATIONS,
    user_list::OPERATIONS,
    groups::OPERATIONS,
    pool::OPERATIONS,
    mfa::OPERATIONS,
    clients::OPERATIONS,
    resource_servers::OPERATIONS,
];

/// Runs the operation with a name.
pub(crate) async fn run(
    pool: &UserPool,
    name: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Value, ApiError> {
    let operation = find(name).ok_or_else(|| ApiError::unknown_operation(Some(name)))?;
    if operation.access == Access::Administrator {
        check_administrator(pool, headers, body)?;
    }
    let input = parse_object(body)?;
    check(operation.members, &input)?;
    let output = (operation.run)(pool, Value::Object(input)).await?;
    if operation.access == Access::Administrator {
        tracing::info!(operation = operation.name, "an administrator called the user pool");
    }
    Ok(output)
}

fn find(name: &str) -> Option<&'static Operation> {
    FAMILIES.into_iter().flatten().find(|operation| operation.name == name)
}

/// Checks the signature of an administrator.
///
/// A web page must never use the leniency that programs on this machine have: any site could make
/// itself an administrator through the developer's browser.
fn check_administrator(pool: &UserPool, headers: &HeaderMap, body: &[u8]) -> Result<(), ApiError> {
    let settings = &pool.state.settings;
    let is_from_page = headers.contains_key(ORIGIN) || headers.contains_key("sec-fetch-site");
    let accepts_any = settings.accepts_any_signature && !is_from_page;
    let key = settings.administrator.as_ref();
    Ok(check_signature(key, accepts_any, headers, body, pool.now())?)
}
