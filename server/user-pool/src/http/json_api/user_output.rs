//! Users as the Admin operations return them.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Serialize;

use crate::user::Account;

/// Cognito's `UserType`, or the output of `AdminGetUser`, which names the attributes differently.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UserOutput<'a> {
    username: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<Attribute<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    user_attributes: Vec<Attribute<'a>>,
    user_create_date: f64,
    user_last_modified_date: f64,
    enabled: bool,
    user_status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Attribute<'a> {
    name: &'static str,
    value: Cow<'a, str>,
}

impl<'a> UserOutput<'a> {
    /// Returns a user as in a list.
    pub(super) fn listed(account: &'a Account) -> Self {
        Self { attributes: attributes(account), ..Self::without_attributes(account) }
    }

    /// Returns a user as `AdminGetUser` does.
    pub(super) fn single(account: &'a Account) -> Self {
        Self { user_attributes: attributes(account), ..Self::without_attributes(account) }
    }

    fn without_attributes(account: &'a Account) -> Self {
        let created_at = account.user.created_at;
        Self {
            username: &account.user.username,
            attributes: Vec::new(),
            user_attributes: Vec::new(),
            user_create_date: seconds(created_at),
            user_last_modified_date: seconds(account.modified_at.unwrap_or(created_at)),
            enabled: !account.disabled,
            user_status: account.status(),
        }
    }
}

fn attributes(account: &Account) -> Vec<Attribute<'_>> {
    vec![
        Attribute { name: "email", value: account.user.email.as_str().into() },
        Attribute { name: "email_verified", value: "true".into() },
        Attribute { name: "sub", value: account.user.sub.to_string().into() },
    ]
}

/// Returns a time in seconds with a fraction, as AWS's JSON protocol writes it.
fn seconds(at: Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}
