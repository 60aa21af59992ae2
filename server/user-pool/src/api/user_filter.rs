//! `Filter` of `ListUsers`: an attribute, `=` or `^=`, and a value in quotation marks.

use super::error::ApiError;
use crate::user::Account;

const MAX_BYTES: usize = 256;

/// Source: Cognito API, `ListUsers`.
const SEARCHABLE: [&str; 10] = [
    "username",
    "email",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "cognito:user_status",
    "status",
    "sub",
];

/// A parsed filter.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UserFilter {
    attribute: String,
    is_prefix: bool,
    value: String,
}

impl UserFilter {
    /// Parses a filter; an empty one matches every user.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, ApiError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let filter = Some(text).filter(|text| text.len() <= MAX_BYTES).and_then(parse);
        let invalid = || ApiError::invalid_parameter("Error while parsing filter.");
        filter.map(Some).ok_or_else(invalid)
    }

    /// Checks whether a user has the attribute with this value, or with this beginning.
    pub(super) fn matches(&self, account: &Account) -> bool {
        let user = &account.user;
        let (value, wanted) = match self.attribute.as_str() {
            // Names and addresses are not case-sensitive.
            "username" => (user.username.to_lowercase(), self.value.to_lowercase()),
            "email" => match user.address() {
                Some(email) => (email.to_lowercase(), self.value.to_lowercase()),
                None => return false,
            },
            "sub" => (user.sub.to_string(), self.value.clone()),
            "cognito:user_status" => (account.status().to_owned(), self.value.clone()),
            "status" if account.disabled => ("Disabled".to_owned(), self.value.clone()),
            "status" => ("Enabled".to_owned(), self.value.clone()),
            name => match user.attributes.get(name) {
                Some(value) => (value.clone(), self.value.clone()),
                None => return false,
            },
        };
        if self.is_prefix { value.starts_with(&wanted) } else { value == wanted }
    }
}

fn parse(text: &str) -> Option<UserFilter> {
    let (attribute, rest) = text.split_once('=')?;
    let is_prefix = attribute.ends_with('^');
    let attribute = attribute.trim_end_matches('^').trim();
    if !SEARCHABLE.contains(&attribute) {
        return None;
    }
    let mut chars = rest.trim().strip_prefix('"')?.chars();
    let mut value = String::new();
    loop {
        match chars.next()? {
            '\\' => value.push(chars.next()?),
            '"' => break,
            c => value.push(c),
        }
    }
    let filter = UserFilter { attribute: attribute.to_owned(), is_prefix, value };
    chars.next().is_none().then_some(filter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_has_an_attribute_an_operator_and_a_quoted_value() {
        for (text, attribute, is_prefix, value) in [
            (r#"email = "a@b""#, "email", false, "a@b"),
            (r#"username^="ad""#, "username", true, "ad"),
            (r#" sub = "a\"b\\" "#, "sub", false, r#"a"b\"#),
            (r#"name = """#, "name", false, ""),
        ] {
            let parsed = UserFilter::parse(text).unwrap().unwrap();
            let (attribute, value) = (attribute.to_owned(), value.to_owned());
            assert_eq!(parsed, UserFilter { attribute, is_prefix, value }, "{text}");
        }
        assert!(UserFilter::parse(" ").unwrap().is_none());
        for invalid in [
            "email",
            "email = a",
            r#"email = "a"b""#,
            r#"email = "a\""#,
            r#"custom:x = "a""#,
            r#"email ~ "a""#,
            &format!("email = \"{}\"", "a".repeat(256)),
        ] {
            assert!(UserFilter::parse(invalid).is_err(), "{invalid}");
        }
    }
}
