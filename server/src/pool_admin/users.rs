//! Users: lists, searches and what may be done to one.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::client::PoolAdmin;
use super::error::PoolAdminError;
use super::operation::Operation;

/// Attributes in which a search looks, in this order.
const SEARCHED: [&str; 4] = ["username", "email", "name", "preferred_username"];
/// The longest permanent id, as in Cognito.
const MAX_SUB_BYTES: usize = 255;
/// Maximum length of a search.
const MAX_SEARCH_CHARS: usize = 100;
/// Maximum length of a token that a page carries.
const MAX_CURSOR_BYTES: usize = 2048;

/// A user of the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PoolUser {
    pub(crate) username: String,
    /// Permanent id; also in tokens.
    pub(crate) sub: String,
    pub(crate) email: Option<String>,
    /// Full name, if the pool has one.
    pub(crate) name: Option<String>,
    pub(crate) is_enabled: bool,
    /// The user was invited and has not signed in yet.
    pub(crate) is_invited: bool,
    pub(crate) created_at: Option<Timestamp>,
}

/// A page of users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserPage {
    pub(crate) users: Vec<PoolUser>,
    /// Position at which the next page begins; `None` at the end.
    pub(crate) next: Option<String>,
}

/// Which users a list has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UserSearch {
    /// All of them, in the pool's order.
    All,
    /// Members of a group.
    Group(String),
    /// Users whose name or address begins with a text.
    Text(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListOutput {
    #[serde(default)]
    users: Vec<UserOutput>,
    #[serde(alias = "NextToken")]
    pagination_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UserOutput {
    username: String,
    #[serde(default)]
    attributes: Vec<AttributeOutput>,
    user_create_date: Option<f64>,
    enabled: Option<bool>,
    user_status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AttributeOutput {
    name: String,
    #[serde(default)]
    value: String,
}

impl PoolAdmin {
    /// Lists users. A search has one page.
    pub(crate) async fn users(
        &self,
        search: &UserSearch,
        limit: usize,
        after: Option<&str>,
    ) -> Result<UserPage, PoolAdminError> {
        let after = after.filter(|token| token.len() <= MAX_CURSOR_BYTES);
        let mut input = Map::new();
        input.insert("UserPoolId".to_owned(), json!(self.pool_id));
        input.insert("Limit".to_owned(), json!(limit));
        match search {
            UserSearch::All => {
                input.extend(after.map(|it| ("PaginationToken".to_owned(), json!(it))));
                self.page(Operation::ListUsers, &input).await
            }
            UserSearch::Group(group) => {
                input.insert("GroupName".to_owned(), json!(group));
                input.extend(after.map(|it| ("NextToken".to_owned(), json!(it))));
                self.page(Operation::ListUsersInGroup, &input).await
            }
            UserSearch::Text(text) => self.found(&input, text, limit).await,
        }
    }

    /// Returns the user with a permanent id.
    pub(crate) async fn user(&self, sub: &str) -> Result<Option<PoolUser>, PoolAdminError> {
        if !(1..=MAX_SUB_BYTES).contains(&sub.len()) {
            return Ok(None);
        }
        let filter = format!("sub = {}", quoted(sub));
        let input = json!({ "UserPoolId": self.pool_id, "Limit": 1, "Filter": filter });
        let page = self.page(Operation::ListUsers, &input).await?;
        Ok(page.users.into_iter().find(|user| user.sub == sub))
    }

    /// Allows or blocks sign-in.
    pub(crate) async fn set_enabled(
        &self,
        username: &str,
        is_enabled: bool,
    ) -> Result<(), PoolAdminError> {
        let operation =
            if is_enabled { Operation::AdminEnableUser } else { Operation::AdminDisableUser };
        self.act(operation, username).await
    }

    /// Ends every session and refresh token of a user at the pool.
    pub(crate) async fn sign_out(&self, username: &str) -> Result<(), PoolAdminError> {
        self.act(Operation::AdminUserGlobalSignOut, username).await
    }

    async fn act(&self, operation: Operation, username: &str) -> Result<(), PoolAdminError> {
        let input = json!({ "UserPoolId": self.pool_id, "Username": username });
        self.call::<Map<String, Value>>(operation, &input).await.map(drop)
    }

    /// Searches in each attribute, because a filter has one only.
    async fn found(
        &self,
        input: &Map<String, Value>,
        text: &str,
        limit: usize,
    ) -> Result<UserPage, PoolAdminError> {
        let text: String = text.chars().take(MAX_SEARCH_CHARS).collect();
        let mut users: Vec<PoolUser> = Vec::new();
        for attribute in SEARCHED {
            let mut input = input.clone();
            let filter = format!("{attribute} ^= {}", quoted(&text));
            input.insert("Filter".to_owned(), json!(filter));
            let page = self.page(Operation::ListUsers, &input).await?;
            for user in page.users {
                if !users.iter().any(|known| known.sub == user.sub) {
                    users.push(user);
                }
            }
        }
        users.truncate(limit);
        Ok(UserPage { users, next: None })
    }

    async fn page(
        &self,
        operation: Operation,
        input: &impl serde::Serialize,
    ) -> Result<UserPage, PoolAdminError> {
        let output: ListOutput = self.call(operation, input).await?;
        let users = output.users.into_iter().filter_map(UserOutput::into_user).collect();
        let next = output.pagination_token.filter(|token| token.len() <= MAX_CURSOR_BYTES);
        Ok(UserPage { users, next })
    }
}

impl UserOutput {
    /// Returns the user; `None` without a permanent id, which every user has.
    pub(super) fn into_user(self) -> Option<PoolUser> {
        let mut attributes = self.attributes.into_iter();
        let (mut sub, mut email, mut name, mut preferred) = (None, None, None, None);
        for AttributeOutput { name: attribute, value } in attributes.by_ref() {
            match attribute.as_str() {
                "sub" => sub = Some(value),
                "email" => email = Some(value),
                "name" => name = Some(value),
                "preferred_username" => preferred = Some(value),
                _ => {}
            }
        }
        Some(PoolUser {
            username: self.username,
            sub: sub?,
            email: email.filter(|it| !it.is_empty()),
            name: name.or(preferred).filter(|it| !it.trim().is_empty()),
            is_enabled: self.enabled.unwrap_or(true),
            is_invited: self.user_status.as_deref() == Some("FORCE_CHANGE_PASSWORD"),
            created_at: self.user_create_date.and_then(time),
        })
    }
}

impl PoolUser {
    /// Returns the name to show. The username may be an id, in pools that sign in by address.
    pub(crate) fn display_name(&self) -> &str {
        let is_id = self.username == self.sub;
        let shown = if is_id { self.email.as_deref() } else { Some(self.username.as_str()) };
        self.name.as_deref().or(shown).unwrap_or(&self.username)
    }
}

/// Returns the time of seconds with a fraction.
#[expect(clippy::cast_possible_truncation, reason = "no date of a user is that far away")]
fn time(seconds: f64) -> Option<Timestamp> {
    Timestamp::from_second(seconds as i64).ok()
}

/// Returns a text as the value of a filter.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_leave_its_quotation_marks() {
        assert_eq!(quoted(r#"a" or sub = "b\"#), r#""a\" or sub = \"b\\""#);
    }

    #[test]
    fn a_user_is_read_from_an_answer_of_cognito() {
        let output = json!({
            "Username": "9f0c", "Enabled": true, "UserStatus": "CONFIRMED",
            "UserCreateDate": 1_700_000_000.123, "UserLastModifiedDate": 1_700_000_001.0,
            "Attributes": [
                { "Name": "sub", "Value": "9f0c" },
                { "Name": "email", "Value": "ana@example.com" },
                { "Name": "custom:x", "Value": "1" },
            ],
        });
        let output: UserOutput = serde_json::from_value(output).expect("readable");
        let user = output.into_user().expect("a user");
        assert_eq!(user.display_name(), "ana@example.com");
        assert_eq!(user.created_at.map(Timestamp::as_second), Some(1_700_000_000));
        assert!(user.is_enabled && !user.is_invited);
    }
}
