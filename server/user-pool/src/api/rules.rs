//! The rules for the members of inputs, with the messages of AWS's own validation.
//!
//! Source: the service model of Cognito in botocore.

use serde_json::{Map, Value};

use super::error::ApiError;

/// A member of an input.
pub(super) struct Member {
    name: &'static str,
    is_required: bool,
    rule: Rule,
}

/// Rule for a value.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    Text(Text),
    Number { min: i64, max: i64 },
    OneOf(&'static [&'static str]),
    List,
    Map,
}

/// The rule for a text.
#[derive(Clone, Copy)]
pub(super) struct Text {
    min: usize,
    max: usize,
    pattern: Option<Pattern>,
    /// The value is not repeated in messages.
    is_secret: bool,
}

/// A regular expression, and a function that means the same.
type Pattern = (&'static str, fn(&str) -> bool);

const WORD: Pattern = (r"[\w+]+", |text| all(text, |c| is_word(c) || c == '+'));
const VISIBLE: Pattern = (r"[\S]+", |text| all(text, |c| !c.is_whitespace()));
const NAME: Pattern =
    (r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", |text| all(text, |c| !c.is_whitespace() && !c.is_control()));
const TOKEN_CHARS: Pattern =
    ("[A-Za-z0-9-_=.]+", |text| all(text, |c| c.is_ascii_alphanumeric() || "-_=.".contains(c)));
const HASH_CHARS: Pattern = (r"[\w+=/]+", |text| all(text, |c| is_word(c) || "+=/".contains(c)));
const POOL_ID_FORM: Pattern = (r"[\w-]+_[0-9a-zA-Z]+", |text| {
    text.rsplit_once('_').is_some_and(|(name, suffix)| {
        all(name, |c| is_word(c) || c == '-') && all(suffix, |c| c.is_ascii_alphanumeric())
    })
});

const DIGITS: Pattern = ("[0-9]+", |text| all(text, |c| c.is_ascii_digit()));
/// Passwords of this pool may have spaces, unlike Cognito's.
const PASSWORD_FORM: Pattern = (r"[\S]+", |text| !text.is_empty());

pub(super) const CLIENT_ID: Rule = secret(1, 128, WORD);
pub(super) const CLIENT_NAME: Rule = text(1, 128, None);
pub(super) const LIFETIME_AMOUNT: Rule = Rule::Number { min: 0, max: 315_360_000 };
pub(super) const AUTH_SESSION_MINUTES: Rule = Rule::Number { min: 3, max: 15 };
pub(super) const RESOURCE_SERVER_ID: Rule = text(1, 256, Some(VISIBLE));
pub(super) const RESOURCE_SERVER_NAME: Rule = text(1, 256, None);
pub(super) const CLIENT_SECRET: Rule = secret(24, 64, WORD);
pub(super) const SECRET_HASH: Rule = secret(1, 128, HASH_CHARS);
pub(super) const USERNAME: Rule = secret(1, 128, NAME);
pub(super) const CODE: Rule = text(1, 2_048, Some(VISIBLE));
pub(super) const TOKEN: Rule = secret(1, usize::MAX, TOKEN_CHARS);
pub(super) const SESSION: Rule =
    Rule::Text(Text { min: 20, max: 2_048, pattern: None, is_secret: true });
pub(super) const PASSWORD: Rule = secret(0, 256, PASSWORD_FORM);
pub(super) const POOL_ID: Rule = text(1, 55, Some(POOL_ID_FORM));
pub(super) const GROUP_NAME: Rule = text(1, 128, Some(NAME));
pub(super) const ATTRIBUTE_NAME: Rule = text(1, 32, None);
pub(super) const DESCRIPTION: Rule = text(0, 2_048, None);
pub(super) const ROLE_ARN: Rule = text(20, 2_048, None);
pub(super) const PAGE_TOKEN: Rule = text(1, 131_072, Some(VISIBLE));
pub(super) const FILTER: Rule = text(0, 256, None);
pub(super) const DEVICE_NAME: Rule = text(0, 131_072, None);
pub(super) const USER_CODE: Rule = secret(6, 6, DIGITS);
pub(super) const USER_EXISTENCE_ERRORS: Rule = Rule::OneOf(&["LEGACY", "ENABLED"]);
pub(super) const MFA_CONFIGURATION: Rule = Rule::OneOf(&["OFF", "OPTIONAL", "ON"]);
pub(super) const LIMIT: Rule = Rule::Number { min: 0, max: 60 };
pub(super) const MAX_RESULTS: Rule = Rule::Number { min: 1, max: 60 };
pub(super) const PRECEDENCE: Rule = Rule::Number { min: 0, max: i32::MAX as i64 };
pub(super) const MESSAGE_ACTION: Rule = Rule::OneOf(&["RESEND", "SUPPRESS"]);
pub(super) const AUTH_FLOW: Rule = Rule::OneOf(&[
    "USER_SRP_AUTH",
    "REFRESH_TOKEN_AUTH",
    "REFRESH_TOKEN",
    "CUSTOM_AUTH",
    "ADMIN_NO_SRP_AUTH",
    "USER_PASSWORD_AUTH",
    "ADMIN_USER_PASSWORD_AUTH",
    "USER_AUTH",
]);
pub(super) const CHALLENGE_NAME: Rule = Rule::OneOf(&[
    "SMS_MFA",
    "EMAIL_OTP",
    "SOFTWARE_TOKEN_MFA",
    "SELECT_MFA_TYPE",
    "MFA_SETUP",
    "PASSWORD_VERIFIER",
    "CUSTOM_CHALLENGE",
    "SELECT_CHALLENGE",
    "DEVICE_SRP_AUTH",
    "DEVICE_PASSWORD_VERIFIER",
    "ADMIN_NO_SRP_AUTH",
    "NEW_PASSWORD_REQUIRED",
    "SMS_OTP",
    "PASSWORD",
    "WEB_AUTHN",
    "PASSWORD_SRP",
]);

const fn text(min: usize, max: usize, pattern: Option<Pattern>) -> Rule {
    Rule::Text(Text { min, max, pattern, is_secret: false })
}

const fn secret(min: usize, max: usize, pattern: Pattern) -> Rule {
    Rule::Text(Text { min, max, pattern: Some(pattern), is_secret: true })
}

/// A member that every input must have.
pub(super) const fn required(name: &'static str, rule: Rule) -> Member {
    Member { name, is_required: true, rule }
}

/// A member that an input may have.
pub(super) const fn optional(name: &'static str, rule: Rule) -> Member {
    Member { name, is_required: false, rule }
}

/// Checks the members of an input; the message names everything that is wrong.
pub(super) fn check(members: &[Member], input: &Map<String, Value>) -> Result<(), ApiError> {
    let mut faults = Vec::new();
    for member in members {
        let name = lower_camel(member.name);
        let fault = match input.get(member.name).filter(|value| !value.is_null()) {
            None if member.is_required => {
                Some(format!("Value null at '{name}' {FAILED} Member must not be null"))
            }
            None => None,
            Some(value) => member.rule.fault(&name, value)?,
        };
        faults.extend(fault);
    }
    if faults.is_empty() {
        return Ok(());
    }
    let (number, errors) = (faults.len(), if faults.len() == 1 { "error" } else { "errors" });
    let message = format!("{number} validation {errors} detected: {}", faults.join("; "));
    Err(ApiError::invalid_parameter(message))
}

const FAILED: &str = "failed to satisfy constraint:";

impl Rule {
    /// Returns what is wrong with a value; a value of another type cannot be read at all.
    fn fault(&self, name: &str, value: &Value) -> Result<Option<String>, ApiError> {
        Ok(match self {
            Self::Text(rule) => rule.fault(name, text_of(value)?),
            Self::Number { min, max } => {
                let number = value.as_i64().ok_or_else(|| mismatch(value, "an Integer"))?;
                let bound = if number < *min {
                    Some(("greater", min))
                } else if number > *max {
                    Some(("less", max))
                } else {
                    None
                };
                bound.map(|(word, bound)| {
                    format!(
                        "Value '{number}' at '{name}' {FAILED} Member must have value {word} than \
                         or equal to {bound}"
                    )
                })
            }
            Self::OneOf(values) => {
                let text = text_of(value)?;
                (!values.contains(&text)).then(|| {
                    format!(
                        "Value '{}' at '{name}' {FAILED} Member must satisfy enum value set: [{}]",
                        shortened(text),
                        values.join(", ")
                    )
                })
            }
            Self::List if value.is_array() => None,
            Self::Map if value.is_object() => None,
            Self::List => return Err(mismatch(value, "a List")),
            Self::Map => return Err(mismatch(value, "a Map")),
        })
    }
}

impl Text {
    fn fault(&self, name: &str, text: &str) -> Option<String> {
        let length = text.chars().count();
        let constraint = if length < self.min {
            format!("Member must have length greater than or equal to {}", self.min)
        } else if length > self.max {
            format!("Member must have length less than or equal to {}", self.max)
        } else {
            let (pattern, matches) = self.pattern?;
            if matches(text) {
                return None;
            }
            format!("Member must satisfy regular expression pattern: {pattern}")
        };
        let shown = if self.is_secret { String::new() } else { format!(" '{}'", shortened(text)) };
        Some(format!("Value{shown} at '{name}' {FAILED} {constraint}"))
    }
}

fn text_of(value: &Value) -> Result<&str, ApiError> {
    value.as_str().ok_or_else(|| mismatch(value, "a String"))
}

fn mismatch(value: &Value, wanted: &str) -> ApiError {
    let kind = match value {
        Value::Null => "NULL_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(number) if number.is_f64() => "DECIMAL_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Array(_) => "START_ARRAY",
        Value::Object(_) => "START_OBJECT",
    };
    ApiError::serialization(format!("{kind} can not be converted to {wanted}"))
}

/// Limits what a message repeats.
fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}

/// Returns the name of a member as messages write it.
fn lower_camel(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

fn all(text: &str, is_allowed: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(is_allowed)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn message(input: &Value) -> String {
        let members = [
            required("ClientId", CLIENT_ID),
            required("Username", USERNAME),
            optional("Limit", LIMIT),
        ];
        let input = input.as_object().unwrap().clone();
        check(&members, &input).map_or_else(|error| error.parts().1.to_owned(), |()| String::new())
    }

    #[test]
    fn messages_are_those_of_aws() {
        assert_eq!(message(&json!({ "ClientId": "a", "Username": "b", "Limit": 60 })), "");
        assert_eq!(
            message(&json!({ "Username": "b" })),
            "1 validation error detected: Value null at 'clientId' failed to satisfy constraint: \
             Member must not be null"
        );
        assert_eq!(
            message(&json!({ "ClientId": "?", "Username": "", "Limit": 61 })),
            "3 validation errors detected: Value at 'clientId' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: [\\w+]+; Value at 'username' failed \
             to satisfy constraint: Member must have length greater than or equal to 1; Value \
             '61' at 'limit' failed to satisfy constraint: Member must have value less than or \
             equal to 60"
        );
        let mismatch = "NUMBER_VALUE can not be converted to a String";
        assert_eq!(message(&json!({ "ClientId": 1, "Username": "b" })), mismatch);
    }
}
