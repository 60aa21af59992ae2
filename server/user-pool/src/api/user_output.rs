//! Users as operations return them.

use jiff::Timestamp;
use serde::Serialize;

use super::message::Attribute;
use crate::attributes::listed;
use crate::totp::SOFTWARE_TOKEN_MFA;
use crate::user::{Account, User};

/// Cognito's `UserType`, or the output of `AdminGetUser`, which names the attributes differently.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UserOutput {
    username: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Vec<Attribute>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_attributes: Option<Vec<Attribute>>,
    user_create_date: f64,
    user_last_modified_date: f64,
    enabled: bool,
    user_status: &'static str,
    #[serde(flatten)]
    mfa: MfaOutput,
}

/// The second factors of a user.
#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MfaOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_mfa_setting: Option<&'static str>,
    #[serde(rename = "UserMFASettingList", skip_serializing_if = "Vec::is_empty")]
    user_mfa_setting_list: Vec<&'static str>,
}

impl MfaOutput {
    pub(super) fn of(account: &Account) -> Self {
        let factor = &account.second_factor;
        Self {
            preferred_mfa_setting: factor.is_preferred.then_some(SOFTWARE_TOKEN_MFA),
            user_mfa_setting_list: factor
                .is_needed()
                .then_some(SOFTWARE_TOKEN_MFA)
                .into_iter()
                .collect(),
        }
    }
}

impl UserOutput {
    /// Returns a user as in a list.
    pub(super) fn listed(account: &Account) -> Self {
        let attributes = Some(attributes(&account.user));
        Self { attributes, ..Self::without_attributes(account) }
    }

    /// Returns a user as in a list, with some attributes only.
    pub(super) fn with(account: &Account, names: &[String]) -> Self {
        let attributes = attributes(&account.user).into_iter();
        let attributes = attributes.filter(|attribute| names.contains(&attribute.name));
        Self { attributes: Some(attributes.collect()), ..Self::without_attributes(account) }
    }

    /// Returns a user as `AdminGetUser` does.
    pub(super) fn single(account: &Account) -> Self {
        let user_attributes = Some(attributes(&account.user));
        let mfa = MfaOutput::of(account);
        Self { user_attributes, mfa, ..Self::without_attributes(account) }
    }

    fn without_attributes(account: &Account) -> Self {
        let created_at = account.user.created_at;
        Self {
            username: account.user.username.clone(),
            attributes: None,
            user_attributes: None,
            user_create_date: seconds(created_at),
            user_last_modified_date: seconds(account.modified_at.unwrap_or(created_at)),
            enabled: !account.disabled,
            user_status: account.status(),
            mfa: MfaOutput::default(),
        }
    }
}

/// Returns the attributes of a user.
pub(super) fn attributes(user: &User) -> Vec<Attribute> {
    let listed = listed(user).into_iter();
    listed.map(|(name, value)| Attribute { name: name.to_owned(), value }).collect()
}

/// Returns a time in seconds with a fraction, as AWS's JSON protocol writes it.
pub(super) fn seconds(at: Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}
