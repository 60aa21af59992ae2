//! The rules for usernames, email addresses, groups and passwords.

use crate::error::{AccountError, DirectoryError};

const MAX_NAME_CHARS: usize = 128;
const MAX_EMAIL_BYTES: usize = 254;
const MAX_GROUPS: usize = 100;
const MIN_PASSWORD_CHARS: usize = 8;
const MAX_PASSWORD_CHARS: usize = 256;

/// Returns the form in which usernames are compared.
pub(crate) fn normalize_username(username: &str) -> String {
    username.to_lowercase()
}

pub(crate) fn check_username(username: &str) -> Result<(), DirectoryError> {
    check_name(username, "a username must have 1 to 128 visible characters")
}

pub(crate) fn check_email(email: &str) -> Result<(), DirectoryError> {
    let has_two_parts =
        email.rsplit_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty());
    if has_two_parts && email.len() <= MAX_EMAIL_BYTES && email.chars().all(is_visible) {
        return Ok(());
    }
    Err(DirectoryError::InvalidParameter("an email address must look like name@example.com"))
}

/// Checks the length only: composition rules weaken passwords (OWASP ASVS 5, V6.2).
pub(crate) fn check_password(password: &str) -> Result<(), DirectoryError> {
    let count = password.chars().take(MAX_PASSWORD_CHARS + 1).count();
    if (MIN_PASSWORD_CHARS..=MAX_PASSWORD_CHARS).contains(&count) {
        return Ok(());
    }
    Err(DirectoryError::InvalidPassword)
}

/// Checks the length of a new password, and says what is wrong with it.
pub(crate) fn check_new_password(password: &str) -> Result<(), AccountError> {
    match check_password(password) {
        Ok(()) => Ok(()),
        Err(_) if password.chars().nth(MIN_PASSWORD_CHARS).is_some() => {
            Err(AccountError::PasswordTooLong)
        }
        Err(_) => Err(AccountError::PasswordTooShort),
    }
}

/// Checks that a text is an email address.
pub(crate) fn is_email(text: &str) -> bool {
    check_email(text).is_ok()
}

/// Checks group names; returns them sorted and without duplicates.
pub(crate) fn checked_groups(mut groups: Vec<String>) -> Result<Vec<String>, DirectoryError> {
    for group in &groups {
        check_name(group, "a group name must have 1 to 128 visible characters")?;
    }
    groups.sort_unstable();
    groups.dedup();
    if groups.len() > MAX_GROUPS {
        return Err(DirectoryError::InvalidParameter("a user can be in at most 100 groups"));
    }
    Ok(groups)
}

/// Source: Cognito, `UsernameType` and `GroupNameType`: `[\p{L}\p{M}\p{S}\p{N}\p{P}]+`, 1 to 128.
fn check_name(name: &str, rule: &'static str) -> Result<(), DirectoryError> {
    let count = name.chars().take(MAX_NAME_CHARS + 1).count();
    if (1..=MAX_NAME_CHARS).contains(&count) && name.chars().all(is_visible) {
        return Ok(());
    }
    Err(DirectoryError::InvalidParameter(rule))
}

/// Checks that a character is a letter, mark, symbol, number or punctuation.
///
/// The standard library has no Unicode categories, so the other ones are listed: spaces,
/// controls, invisible format characters, private use and noncharacters.
fn is_visible(c: char) -> bool {
    let is_hidden = matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}' | '\u{ffff}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..
    );
    !(is_hidden || c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_visible_and_have_a_limit() {
        for valid in ["admin", "Ä", "名前", "a.b-c_d+e@f", "🗞", &"é".repeat(128)] {
            assert!(check_username(valid).is_ok(), "{valid:?}");
        }
        for invalid in ["", " ", "a b", "a\u{200b}b", "a\0", "\u{202e}nimda", &"a".repeat(129)] {
            assert!(check_username(invalid).is_err(), "{invalid:?}");
        }
    }

    #[test]
    fn pool_07_passwords_have_8_to_256_characters_of_any_kind() {
        for valid in ["12345678", "        ", &"p".repeat(256), "пароль__"] {
            assert!(check_password(valid).is_ok(), "{valid:?}");
        }
        for invalid in ["", "1234567", &"p".repeat(257)] {
            assert!(check_password(invalid).is_err(), "{invalid:?}");
        }
    }

    #[test]
    fn email_addresses_have_two_parts() {
        assert!(check_email("a@b").is_ok());
        for invalid in ["", "a", "@b", "a@", "a b@c", &format!("{}@b", "a".repeat(254))] {
            assert!(check_email(invalid).is_err(), "{invalid:?}");
        }
    }

    #[test]
    fn groups_are_sorted_and_have_a_limit() {
        let groups =
            |names: &[&str]| checked_groups(names.iter().map(ToString::to_string).collect());
        assert_eq!(groups(&["b", "a", "b"]).unwrap(), ["a", "b"]);
        assert!(groups(&["a b"]).is_err());
        assert!(checked_groups((0..101).map(|n| n.to_string()).collect()).is_err());
    }
}
