//! The answer to the challenge of a temporary password: a password, and attributes.

use std::collections::BTreeMap;

use super::error::ApiError;
use crate::attributes::{AttributeChanges, Author};
use crate::challenge::Step;
use crate::error::AccountError;
use crate::pool::UserPool;
use crate::user::Account;
use crate::validation::check_new_password;

/// Begins the names of attributes in the answer.
const PREFIX: &str = "userAttributes.";

/// Replaces a temporary password, and sets the attributes of the answer.
pub(super) async fn choose_password(
    pool: &UserPool,
    step: &Step<'_>,
    password: &str,
    responses: &BTreeMap<String, String>,
) -> Result<Account, ApiError> {
    check_new_password(password)?;
    let attributes = responses
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_owned(), value.clone())));
    let changes = AttributeChanges::parse(attributes, Author::User)?;
    let account = pool.account_of_step(step).await?;
    match (account.user.address(), &changes.email) {
        (Some(_), Some(_)) => {
            return Err(ApiError::not_authorized("Cannot modify an already provided email"));
        }
        (None, None) => {
            return Err(ApiError::invalid_parameter("Invalid attributes given, email is missing"));
        }
        (Some(_), None) | (None, Some(_)) => {}
    }
    let account = pool.choose_password(step, password).await?;
    if changes == AttributeChanges::default() {
        return Ok(account);
    }
    let change = |account: &mut Account| -> Result<(), AccountError> {
        Ok(changes.apply(&mut account.user)?)
    };
    Ok(pool.directory().try_update(&account.user.username, change).await?)
}
