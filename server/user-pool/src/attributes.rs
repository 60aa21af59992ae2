//! Attributes of users: the standard ones of OpenID Connect and custom ones.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::error::AttributeError;
use crate::scope::Scopes;
use crate::user::User;
use crate::validation::check_email;

/// Attributes besides `sub`, `email` and `email_verified`, which are fields of the user.
pub(crate) type Attributes = BTreeMap<String, String>;

/// The standard attributes that can be written. Source: Cognito, "User pool attributes".
pub(crate) const STANDARD: [&str; 18] = [
    "address",
    "birthdate",
    "email",
    "email_verified",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "website",
    "zoneinfo",
];
/// Standard, too, and a number.
const UPDATED_AT: &str = "updated_at";
/// Begins the names of custom attributes.
pub(crate) const CUSTOM_PREFIX: &str = "custom:";
const MAX_CUSTOM_NAME_CHARS: usize = 20;
const MAX_CUSTOM: usize = 50;
const MAX_VALUE_BYTES: usize = 2_048;

/// The author of a change of attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Author {
    /// The user, through a client.
    User,
    /// An administrator, who may also say what is verified.
    Administrator,
}

/// Checked changes of attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AttributeChanges {
    pub(crate) email: Option<String>,
    pub(crate) email_verified: Option<bool>,
    /// The other attributes; an empty value removes one.
    pub(crate) others: Attributes,
}

impl AttributeChanges {
    /// Checks names and values.
    pub(crate) fn parse(
        pairs: impl IntoIterator<Item = (String, String)>,
        author: Author,
    ) -> Result<Self, AttributeError> {
        let mut changes = Self::default();
        for (index, (name, value)) in pairs.into_iter().enumerate() {
            check_name(&name)?;
            if value.len() > MAX_VALUE_BYTES {
                return Err(AttributeError::TooLong(index + 1));
            }
            match name.as_str() {
                "email_verified" | "phone_number_verified" if author == Author::User => {
                    return Err(AttributeError::Unauthorized);
                }
                "email_verified" => changes.email_verified = Some(is_true(&value)),
                "email" => {
                    check_email(&value).map_err(|_| AttributeError::Email)?;
                    changes.email = Some(value);
                }
                "phone_number" if !value.is_empty() && !is_phone_number(&value) => {
                    return Err(AttributeError::PhoneNumber);
                }
                "phone_number_verified" => {
                    changes.others.insert(name, is_true(&value).to_string());
                }
                _ => {
                    changes.others.insert(name, value);
                }
            }
        }
        Ok(changes)
    }

    /// Changes a user. A new address is not verified, unless an administrator says so.
    pub(crate) fn apply(&self, user: &mut User) -> Result<(), AttributeError> {
        if let Some(email) = &self.email {
            user.email_verified &= *email == user.email;
            user.email.clone_from(email);
        }
        user.email_verified = self.email_verified.unwrap_or(user.email_verified);
        user.email_verified &= user.address().is_some();
        for (name, value) in &self.others {
            if name == "phone_number" && user.attributes.get(name) != Some(value) {
                user.attributes.insert("phone_number_verified".to_owned(), false.to_string());
            }
            if value.is_empty() {
                user.attributes.remove(name);
            } else {
                user.attributes.insert(name.clone(), value.clone());
            }
        }
        if !user.attributes.contains_key("phone_number") {
            user.attributes.remove("phone_number_verified");
        }
        // The map is sorted, so the number may have come after what says that it is verified.
        if let Some(verified) = self.others.get("phone_number_verified")
            && user.attributes.contains_key("phone_number")
        {
            user.attributes.insert("phone_number_verified".to_owned(), verified.clone());
        }
        let custom = user.attributes.keys().filter(|name| name.starts_with(CUSTOM_PREFIX));
        if custom.count() > MAX_CUSTOM { Err(AttributeError::TooMany) } else { Ok(()) }
    }
}

/// Returns every attribute of a user, as Cognito lists them.
pub(crate) fn listed(user: &User) -> Vec<(&str, String)> {
    let mut listed = Vec::new();
    if let Some(email) = user.address() {
        listed.push(("email", email.to_owned()));
        listed.push(("email_verified", user.email_verified.to_string()));
    }
    listed.extend(user.attributes.iter().map(|(name, value)| (name.as_str(), value.clone())));
    listed.push(("sub", user.sub.to_string()));
    listed
}

/// Returns the attributes of an id token besides the address: `phone` selects the number,
/// `profile` the others. Custom attributes need `profile`, too.
pub(crate) fn claims(user: &User, scopes: &Scopes) -> Map<String, Value> {
    let attributes = user.attributes.iter().filter(|(name, _)| match name.as_str() {
        "phone_number" | "phone_number_verified" => scopes.includes("phone"),
        _ => scopes.includes("profile"),
    });
    let claims = attributes.map(|(name, value)| {
        let claim = match name.as_str() {
            "phone_number_verified" => Value::Bool(is_true(value)),
            "address" => json!({ "formatted": value }),
            UPDATED_AT => value.parse::<i64>().map_or_else(|_| value.as_str().into(), Value::from),
            _ => value.as_str().into(),
        };
        (name.clone(), claim)
    });
    claims.collect()
}

/// Checks that a user can have the attribute.
pub(crate) fn check_name(name: &str) -> Result<(), AttributeError> {
    if name == "sub" {
        return Err(AttributeError::Immutable(name.to_owned()));
    }
    let is_custom = name.strip_prefix(CUSTOM_PREFIX).is_some_and(|name| {
        (1..=MAX_CUSTOM_NAME_CHARS).contains(&name.chars().count())
            && name.chars().all(|c| !c.is_whitespace() && !c.is_control())
    });
    if is_custom || name == UPDATED_AT || STANDARD.contains(&name) {
        return Ok(());
    }
    Err(AttributeError::Unknown(name.to_owned()))
}

fn is_true(value: &str) -> bool {
    value.eq_ignore_ascii_case("true")
}

fn is_phone_number(value: &str) -> bool {
    value.strip_prefix('+').is_some_and(|digits| {
        (2..=15).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &str)], author: Author) -> Result<AttributeChanges, AttributeError> {
        let owned = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        AttributeChanges::parse(owned, author)
    }

    #[test]
    fn only_known_attributes_with_valid_values_are_accepted() {
        for valid in [("email", "a@b"), ("custom:plan", "x"), ("phone_number", "+4930123456")] {
            assert!(parse(&[valid], Author::User).is_ok(), "{valid:?}");
        }
        for (name, value, error) in [
            ("email", "a", AttributeError::Email),
            ("phone_number", "030", AttributeError::PhoneNumber),
            ("sub", "1", AttributeError::Immutable("sub".to_owned())),
            ("shoe_size", "1", AttributeError::Unknown("shoe_size".to_owned())),
            ("email_verified", "true", AttributeError::Unauthorized),
            ("name", &"a".repeat(2_049), AttributeError::TooLong(1)),
        ] {
            assert_eq!(parse(&[(name, value)], Author::User), Err(error), "{name}");
        }
        let longest = format!("custom:{}", "a".repeat(20));
        assert!(check_name(&longest).is_ok() && check_name(&format!("{longest}a")).is_err());
    }
}
